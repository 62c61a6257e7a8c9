/** Which curves and which search belong to what is on screen: all of the experiment but the values that are varied. */
import { effective, hashOf, methodOf } from '../catalog';
import type { Param, ParamTable } from '../spec/params';
import { cardAt, replaceCard } from '../spec/path';
import { type Experiment, isMethod } from '../spec/types';
import type { SearchSubject } from '../worker/api-search';

type Place = Pick<SearchSubject, 'experiment' | 'at' | 'param' | 'layers'>;

/** The parameter with values per layer of a method that needs no training; undefined where there is none. */
export function perLayerOf(method: string): string | undefined {
  const found = methodOf(method);
  if (!found?.live) return undefined;
  const table: ParamTable = found.params;
  return Object.keys(table).find((name) => table[name].kind === 'perLayer');
}
/** Cards inside rounds or arms would have to train anew for every value. */
export const isTop = (at: string): boolean => /^recipe\.\d+$/.test(at);

const known = new WeakMap<Experiment, Map<string, string>>();
function remembered(experiment: Experiment, name: string, make: () => string): string {
  const lines = known.get(experiment) ?? new Map<string, string>();
  known.set(experiment, lines);
  const line = lines.get(name) ?? make();
  lines.set(name, line);
  return line;
}

/** The card switched on, without its values per layer and the value that they override. */
function blank({ experiment, at, param }: Place): Experiment {
  const step = cardAt(experiment, at);
  if (!step || !isMethod(step)) return experiment;
  const varied: Param | undefined = methodOf(step.do)?.params[param];
  const { [param]: _, ...rest } = step.with ?? {};
  if (varied?.kind === 'perLayer') delete rest[varied.of];
  return replaceCard(experiment, at, { do: step.do, with: rest });
}
/** Of a scan: what follows the card does not matter. */
export const scanLine = (place: Place): string => {
  const { experiment, at, param, layers } = place;
  return remembered(experiment, `scan ${at} ${param} ${layers}`, () => {
    const all = blank(place);
    const front = { ...all, recipe: all.recipe.slice(0, Number(at.split('.')[1]) + 1) };
    return hashOf({ at, param, layers: [...layers], all: effective(front) });
  });
};
/** Of a search: what follows the card decides, too. */
export const huntLine = (place: Place): string => {
  const { experiment, at, param, layers } = place;
  return remembered(experiment, `hunt ${at} ${param} ${layers}`, () =>
    hashOf({ at, param, layers: [...layers], all: effective(blank(place)) }),
  );
};
