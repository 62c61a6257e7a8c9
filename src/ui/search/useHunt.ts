/** The search that belongs to the card whose slider is drawn. */
import { methodOf } from '../../catalog';
import type { NumberParam, Param } from '../../spec/params';
import { cardAt } from '../../spec/path';
import { type Experiment, isMethod } from '../../spec/types';
import { useLab } from '../../store/lab';
import { type Hunt, type SearchState, useSearch } from '../../store/search';
import { huntLine, perLayerOf } from '../../store/search-lines';

export interface Card {
  at: string;
  /** The parameter that values per layer override. */
  param: NumberParam;
}
export interface Found {
  hunt: Hunt | undefined;
  line: string;
  card: Card;
}

/** The latest search of this card on what is on screen; searches of other layers are others. */
function lineOf(experiment: Experiment, at: string, { hunts }: SearchState): string | undefined {
  const step = cardAt(experiment, at);
  const param = step && isMethod(step) ? perLayerOf(step.do) : undefined;
  if (param === undefined) return undefined;
  return Object.keys(hunts).findLast((line) => {
    const { subject } = hunts[line];
    return subject.at === at && subject.param === param && huntLine({ ...subject, experiment }) === line;
  });
}

export function useHunt(): Found | undefined {
  const at = useLab((s) => s.active);
  const experiment = useLab((s) => s.experiment);
  const line = useSearch((s) => lineOf(experiment, at, s));
  const hunt = useSearch((s) => (line === undefined ? undefined : s.hunts[line]));
  const step = cardAt(experiment, at);
  if (line === undefined || !hunt || !step || !isMethod(step)) return undefined;
  const params = methodOf(step.do)?.params ?? {};
  const varied: Param | undefined = params[hunt.subject.param];
  return varied?.kind === 'perLayer' ? { hunt, line, card: { at, param: params[varied.of] } } : undefined;
}
