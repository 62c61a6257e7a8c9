/** Weights that are executed and never trained (Weights.held). */
import { WinnowError } from '../spec/problem';
import type { Masks, NetState, Weights } from './types';

/** 1 = trained: masks in which what is held counts as pruned. The masks themselves where nothing is held. */
export function trainedMasks({ masks, held }: Pick<Weights, 'masks' | 'held'>): Masks {
  if (!held) return masks;
  const free = (name: string) => held[name].map((h, i) => (h === 1 || masks[name]?.[i] === 0 ? 0 : 1));
  return { ...masks, ...Object.fromEntries(Object.keys(held).map((name) => [name, free(name)])) };
}

/** The same state with nothing held: as its masks were before weights that they prune were held at a value. */
export function unheld(state: NetState): NetState {
  if (!state.held) return state;
  const { held: _, ...rest } = state;
  return { ...rest, masks: trainedMasks(state) };
}

/** The other way round: masks of what is trained, chosen anew, in which what is held counts as kept. */
export function keepingHeld(trained: Masks, held: Masks | undefined): Masks {
  if (!held) return trained;
  const kept = (name: string) => trained[name].map((m, i) => m | (held[name]?.[i] ?? 0));
  return Object.fromEntries(
    Object.keys(trained).map((name) => [name, held[name] ? kept(name) : trained[name]]),
  );
}

/** @throws WinnowError `held.moved` that names the first of these kernels in which weights are held */
export function refuseHeld({ held }: Pick<Weights, 'held'>, kernels: readonly string[], path: string): void {
  const found = kernels.find((name) => held?.[name]?.includes(1))?.split('/')[0];
  if (found === undefined) return;
  throw new WinnowError({
    code: 'held.moved',
    path,
    message: `weights of ${found} are held at their values, which this would change; put rewind or reinit before it`,
    values: { found },
  });
}
