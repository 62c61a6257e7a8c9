/** The layers as they are at a card: they are called and shaped otherwise after a rebuild, a factorization, an opened file. */
import { useMemo } from 'react';
import { originalName, weightLayers } from '../../models/build';
import type { Arch } from '../../models/types';
import type { Experiment } from '../../spec/types';
import { useLab } from '../../store/lab';
import type { CardArchs } from '../../worker/api';
import { archBefore, layersOf } from './cards';

/** Previews come with every move of a slider, and the networks in them are new objects that say the same. */
const known = new WeakMap<CardArchs, string>();
function textOf(archs: CardArchs | undefined): string | undefined {
  if (!archs) return undefined;
  const text = known.get(archs) ?? JSON.stringify(archs);
  known.set(archs, text);
  return text;
}

/**
 * From the worker where it has got that far, else as far as the recipe tells. The same object while nothing changes.
 * @param experiment its structure is what counts
 */
export function useArchs(experiment: Experiment, at: string): Partial<CardArchs> {
  const text = useLab((s) => textOf(s.preview?.archs[at]));
  return useMemo(() => {
    const told: CardArchs | undefined = text && JSON.parse(text);
    if (told && belongs(told.before, experiment)) return told;
    return { before: archBefore(experiment, at) };
  }, [text, experiment, at]);
}
/** What is told of another network is from a moment before; a recipe that opens a file has whatever layers that has. */
function belongs(arch: Arch, experiment: Experiment): boolean {
  const [first] = experiment.recipe;
  if (first && 'do' in first && first.do === 'open' && !first.off) return true;
  const names = new Set(layersOf(experiment).map(({ name }) => name));
  return weightLayers(arch).every(({ name }) => names.has(originalName(name)));
}
