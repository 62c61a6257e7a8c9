import { catalog } from '../../catalog';
import { hashExperiment } from '../../spec/canonical';
import { useLab } from '../../store/lab';

/** Hash of the experiment on screen, for file names. */
export const currentHash = (): string => hashExperiment(useLab.getState().experiment, catalog);
