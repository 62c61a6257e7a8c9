/** The bytes of a file by what they belong to and what they are for; every byte is in exactly one cell. */
import { PARTS, type Part, type PartBytes, sumBytes } from '../../models/files/parts';
import type { Facts, StoredTensor } from '../../worker/api';

export interface FileRow {
  kind: 'layer' | 'norms' | 'header' | 'shared';
  /** Name of the layer; of the other kinds, the kind. */
  name: string;
  /** How the layer's kernel is stored; two for a low-rank pair. */
  stored: readonly StoredTensor[];
  parts: PartBytes;
  bytes: number;
}
const only = (parts: PartBytes, wanted: (part: Part) => boolean): PartBytes =>
  Object.fromEntries(PARTS.map((part) => [part, wanted(part) ? parts[part] : 0])) as Record<Part, number>;

/** Layers, then what belongs to no layer: batch norms, what layers share, the header. Empty rows are left out. */
export function fileRows({ layers, parts }: Facts): FileRow[] {
  const rest = Object.fromEntries(
    PARTS.map((part) => [part, layers.reduce((left, layer) => left - layer.parts[part], parts[part])]),
  ) as Record<Part, number>;
  const other = (kind: 'norms' | 'shared' | 'header', of: (part: Part) => boolean): FileRow => {
    const own = only(rest, of);
    return { kind, name: kind, stored: [], parts: own, bytes: sumBytes(own) };
  };
  return [
    ...layers.map((layer): FileRow => {
      return {
        kind: 'layer',
        name: layer.name,
        stored: layer.stored,
        parts: layer.parts,
        bytes: sumBytes(layer.parts),
      };
    }),
    other('norms', (part) => part === 'norms'),
    other('shared', (part) => part !== 'norms' && part !== 'header'),
    other('header', (part) => part === 'header'),
  ].filter(({ kind, bytes }) => kind === 'layer' || bytes !== 0);
}
/** Parts that the file has at all. */
export const partsIn = ({ parts }: Facts): Part[] => PARTS.filter((part) => parts[part] > 0);
