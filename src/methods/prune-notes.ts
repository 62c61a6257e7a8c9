/** What a pruning card tells that its sliders do not say. */
import { channels, kernelName } from '../models/build';
import type { WeightLayer } from '../models/types';
import type { Chosen } from './choose';
import { executable } from './select-nm';
import type { Note } from './types';

export type Shape = 'weights' | '4x1' | 'block' | 'nm';
/** Layers that were ranked together, and what became of them. */
export type Group = Chosen & { readonly layers: readonly WeightLayer[] };

/** New masks by kernel name. */
export const masksOf = ({ layers, kept }: Group): [name: string, mask: Uint8Array][] =>
  kept.map((mask, i) => [kernelName(layers[i]), mask]);

/** How many blocks went, what a floor changed, and where no kernel leaves out what the shape leaves out. */
export function notesOf(groups: readonly Group[], shape: Shape): Note[] {
  return [...blocks(groups, shape), ...floors(groups), ...idle(groups, shape)];
}

function blocks(groups: readonly Group[], shape: Shape): Note[] {
  const removed = groups.reduce((sum, group) => sum + group.removed, 0);
  const of = groups.reduce((sum, group) => sum + group.of, 0);
  const counts = removed > 0 && (shape === '4x1' || shape === 'block');
  return counts ? [{ code: 'blocks', values: { removed, of } }] : [];
}

function floors(groups: readonly Group[]): Note[] {
  return groups.flatMap(({ floored }) => {
    if (!floored) return [];
    const { layers, saved, share, wantedShare } = floored;
    const floor: Note = { code: 'floor', values: { layers: layers.join(', '), weights: saved } };
    return share > wantedShare ? [floor, { code: 'floorShort', values: { share, wantedShare } }] : [floor];
  });
}

function idle(groups: readonly Group[], shape: Shape): Note[] {
  const names = groups.flatMap(({ layers, kept }) =>
    layers.filter((layer, i) => kept[i] && !runs(shape, layer, kept[i])).map(({ name }) => name),
  );
  return names.length > 0 ? [{ code: 'shapeForm', values: { layers: names.join(', ') } }] : [];
}

/** Free blocks and single weights promise no kernel. */
function runs(shape: Shape, layer: WeightLayer, mask: Uint8Array): boolean {
  if (shape !== '4x1' && shape !== 'nm') return true;
  return layer.kind !== 'depthwise' && (shape === '4x1' || executable(mask, channels(layer)));
}
