/**
 * Executable forms: other ways to hold the kernel w [in, out] of a layer and to multiply by it than as a full matrix.
 * Every form computes y [rows, out] = relu?(x [rows, in] * w + bias), as denseForward does. A convolution is the same
 * product: its rows are the patches of the image (kernels/patches), in = k * k * c, w in HWIO order as it lies.
 */
import type { DenseShape } from '../dense/contract';
import type { Machine } from '../machine';
import type { Ptr } from '../memory';
import type { Values } from '../testing/suite';
import type { Kernel } from '../webgpu/kernel';

export type FormId =
  | 'csr'
  | 'bitmap'
  | 'block4'
  | 'nm'
  | 'int8'
  | 'int8-weights'
  | 'int4'
  | 'codebook'
  | 'xnor';

/** Codes of a quantized kernel, as methods/fake-quant.ts makes them: w = scale * (code - zero); 1 bit: ±scale. */
export interface Coded {
  /** 1..8 */
  readonly bits: number;
  /** One per weight, [in, out]; at pruned weights the code of 0 (1 bit: 0). */
  readonly codes: Uint8Array;
  /** One per column of w, or one for all. */
  readonly scales: Float32Array;
  readonly zeros: Uint8Array;
}
export interface PackSource {
  readonly shape: DenseShape;
  /** Effective weights [in, out], row-major: masked, then quantized. */
  readonly values: Float32Array;
  readonly codes?: Coded;
}
/** A packed kernel: arrays by name, each starting at a multiple of 16 bytes wherever it is put. */
export type Buffers = Readonly<Record<string, Values>>;
/** Where they are. */
export type Places = Readonly<Record<string, Ptr>>;

/** One dispatch: a kernel and what its bindings are: `x`, `y`, `bias`, a buffer of the packed kernel or of `scratch`. */
export interface GpuStep {
  readonly kernel: Kernel;
  readonly names: readonly string[];
}
/** One way to run a form on the GPU; where there are several, the fastest on the device is taken. */
export interface GpuVariant {
  readonly label: string;
  /** Buffers to be made, by name: length in 32-bit words. */
  readonly scratch: Readonly<Record<string, number>>;
  readonly steps: readonly GpuStep[];
}
export interface GpuCall {
  /** x and y have room for so many images, each of `perImage` rows. */
  readonly images: number;
  readonly perImage: number;
  readonly biased: boolean;
  readonly relu: boolean;
  readonly features: { readonly f16: boolean; readonly packedDot: boolean };
}

export interface Form {
  readonly id: FormId;
  /** False: rows of x are rounded too, so results differ from those of the effective weights. */
  readonly exact: boolean;
  /** The kernel in this form; undefined where it cannot be held (no such pattern, no codes, too large). */
  pack(source: PackSource): Buffers | undefined;
  /** Multiply-accumulates per row of x that are executed. */
  macs(s: DenseShape, packed: Buffers): number;
  /** Bytes of scratch memory for so many rows; `machine.setScratch` comes before `forward`. */
  scratch(machine: Machine, s: DenseShape, rows: number): number;
  /** @param bias 0 for none */
  forward(
    machine: Machine,
    s: DenseShape,
    x: Ptr,
    packed: Places,
    bias: Ptr,
    y: Ptr,
    rows: number,
    relu: boolean,
  ): void;
  /** Images given to `kernel.groups` at run time may be fewer than `call.images`. */
  gpu(s: DenseShape, packed: Buffers, call: GpuCall): readonly GpuVariant[];
}
