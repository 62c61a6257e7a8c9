/** The memory that ops work in. Kernels know nothing of networks; a plan (src/engine/backends) places tensors here. */

/** Byte offset into the machine's memory, a multiple of 16. 0 stands for "none" where an operand may be left out. */
export type Ptr = number;

export interface Memory {
  readonly device: string;
  /** First byte that callers may use. */
  readonly base: Ptr;
  /** Makes [0, bytes) usable; views taken before are stale, content stays. Never shrinks. */
  reserve(bytes: number): void;
  readonly bytes: Uint8Array;
  readonly floats: Float32Array;
  /** Where ops may scribble, at least as large as the `scratch*` functions ask for. */
  setScratch(at: Ptr): void;
}
