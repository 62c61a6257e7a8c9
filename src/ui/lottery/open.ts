import { problemOf } from '../../spec/problem';
import { useLab } from '../../store/lab';
import { useView } from '../../store/view';
import { partsOf } from '../../studies';
import type { Study } from '../../studies/types';

/** The first part of a study becomes the experiment of the Lab. What the study has trained is not trained again there. */
export function openInLab(study: Study): void {
  const lab = useLab.getState();
  try {
    const [main] = partsOf(study);
    if (!main) return;
    lab.open(main.experiment);
    useView.getState().go('lab');
  } catch (error) {
    lab.report(problemOf(error));
    useView.getState().go('lab');
  }
}
