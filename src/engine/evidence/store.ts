/** What has been measured for methods, kept so that a moved slider measures nothing again. */
import type { EvidenceKind, EvidenceOf, EvidenceWish } from '../../methods/evidence';
import type { MethodContext } from '../../methods/types';
import { Bounded } from '../bounded';

/** What was measured of one state, for `MethodContext`. */
export type Evidence = MethodContext['evidence'];
type Found = EvidenceOf[EvidenceKind];

/** A dozen measurements of a large network, or hundreds of a small one. */
const LIMIT = 192 * 2 ** 20;

/** By lineage key of the state it was measured on, kind, and number of images. */
export class EvidenceStore {
  readonly #kept: Bounded<Found>;
  /** @param limit bytes of all pieces together */
  constructor(limit = LIMIT) {
    this.#kept = new Bounded<Found>(limit, bytesOf);
  }

  get<K extends EvidenceKind>(key: string, { kind, images }: { kind: K; images: number }) {
    return this.#kept.get(name(key, kind, images)) as EvidenceOf[K] | undefined;
  }
  set(key: string, { kind, images }: EvidenceWish, found: Found): void {
    this.#kept.set(name(key, kind, images), found);
  }
}

/** Holds the pieces themselves: they may leave the store meanwhile. */
export function evidenceOf(wishes: readonly EvidenceWish[], found: readonly Found[]): Evidence {
  const pieces = new Map(wishes.map(({ kind, images }, i) => [name('', kind, images), found[i]]));
  return <K extends EvidenceKind>(kind: K, images: number) => {
    const piece = pieces.get(name('', kind, images));
    if (!piece) throw new Error(`${kind} of ${images} images was not asked for`);
    return piece as EvidenceOf[K];
  };
}
const name = (key: string, kind: EvidenceKind, images: number) => `${key} ${kind} ${images}`;

/** Of all arrays in it, however deep. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 0);
}
