import type { Arch, Citation, NetState, Weights } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import type { EvidenceKind, EvidenceOf, EvidenceWish } from './evidence';
import type { Regime } from './regime';

/**
 * What a method tells beside its result: what it did that the sliders do not say. `code` is a key of the i18n namespace
 * `notes`, whose sentence names `values`. Counts are numbers, shares are numbers in [0, 1] under names that end in
 * `share`, names of layers are joined by commas.
 */
export interface Note {
  readonly code: string;
  readonly values?: Readonly<Record<string, number | string>>;
}
/** What a method may ask of the interpreter. */
export interface MethodContext {
  /**
   * A fresh draw of all tensors from the init distribution, different for every `draw`.
   * @param arch absent: the network as it is
   */
  redraw(draw: number, arch?: Arch): NetState['start'];
  /**
   * The network in a file, and where it began if the file says so.
   * @throws WinnowError `open.missing` where the file is not in this browser
   */
  file(id: string): Weights & { readonly arch: Arch; readonly start?: NetState['start'] };
  /** Numbers in [0, 1) that depend on the method seed, the replicate and these names only. */
  uniform(n: number, ...names: (string | number)[]): Float32Array;
  /** What `needs` asked for, measured on the very state that `apply` is given. */
  evidence<K extends EvidenceKind>(kind: K, images: number): EvidenceOf[K];
  /** Shown on the card. */
  note(note: Note): void;
}
/**
 * Work that takes long, in pieces of a few milliseconds: whoever drives it may give way, or give up, between two.
 * What it gives does not depend on how it is driven.
 */
export type Work<T> = Generator<void, T>;
/** Drives it to its end at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
export interface MethodInfo<T extends ParamTable = ParamTable> {
  id: string;
  /** What it acts on: a score per weight, the weights' form, who is alive, where weights begin, or training itself. */
  kind: 'criterion' | 'transform' | 'topology' | 'start' | 'training';
  params: T;
  /** The parameter under the big slider, swept in the background; absent if there is none. */
  slider?: keyof T & string;
  /** Values at which it changes nothing at all, beside the defaults; every method of kind `criterion` has some. */
  neutral?: Partial<ValuesOf<T>>;
  /** KaTeX source. */
  formula: string;
  citations: readonly Citation[];
}
/** A method that needs no training: a pure function of the state. */
export interface LiveMethod<T extends ParamTable = ParamTable> extends MethodInfo<T> {
  live: true;
  /** True where what comes out is a network of its own, trained elsewhere: the measure of all that follows. */
  brings?(values: ValuesOf<T>): boolean;
  /** What becomes of the layers, as far as the network and the values tell; absent: nothing, or only their sizes change. */
  reshape?(arch: Arch, values: ValuesOf<T>): Arch;
  /** Weights that were pruned may be there again behind it, for a reason; absent: masks only ever shrink. */
  revives?: true;
  /** What must be measured before `apply` may be called with these values; absent or empty: nothing. */
  needs?(state: NetState, values: ValuesOf<T>): readonly EvidenceWish[];
  /** Throws WinnowError (path relative to the step) when the state does not allow it. */
  apply(state: NetState, values: ValuesOf<T>, context: MethodContext): NetState;
  /** The same in pieces, where it may take long. */
  pieces?(state: NetState, values: ValuesOf<T>, context: MethodContext): Work<NetState>;
}
/** Executed by the interpreter on a backend. Its table holds those of `train`'s parameters (trainParams in train.ts) that mean something for it. */
export interface TrainingMethod<T extends ParamTable = ParamTable> extends MethodInfo<T> {
  live: false;
  /** What it does beside minimizing the loss; absent: nothing. */
  regime?(values: ValuesOf<T>): Regime;
  /** Trained on the CPU whatever the backend: its kernels exist nowhere else. */
  cpuOnly?: true;
}
// biome-ignore lint/suspicious/noExplicitAny: the registry holds methods of every table.
export type Method = LiveMethod<any> | TrainingMethod<any>;

/** Keeps the table's literal type for `regime`. */
export const defineTraining = <T extends ParamTable>(m: TrainingMethod<T>): TrainingMethod<T> => m;
/** Keeps the table's literal type for `apply`. */
export const defineMethod = <T extends ParamTable>(m: LiveMethod<T>): LiveMethod<T> => m;
