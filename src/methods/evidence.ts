/**
 * What a method may want to know from data before it acts: gradients, activations, curvature. It is measured in
 * double or single precision on the CPU, always on the first images of the training split, always with the
 * effective (masked, fake-quantized) weights, and with batch norms as in evaluation, so that every image counts for
 * itself. One measurement serves every position of a slider.
 */
import type { Tensors } from '../models/types';

/** Fractions and mean sizes by output unit of a dense layer or convolution. */
export interface UnitActivity {
  /** Fraction of images and positions at which the unit's activation is zero or below (APoZ of Hu et al. 2016). */
  readonly zeros: Float32Array;
  /** Mean over images of |sum over positions of a * dL/da| (Molchanov et al. 2017). */
  readonly taylor: Float32Array;
}
export interface InputMoments {
  /** Length of a row: rows of the kernel [rows, outputs], and one more that is always 1 (for the bias). */
  readonly size: number;
  /** 1: all outputs read the same inputs. Of a depthwise layer as many as channels, each with inputs of its own. */
  readonly groups: number;
  /**
   * Mean over images and output positions of x xᵀ, [groups, size, size]. Where a convolution has very many
   * positions, over a regular part of them that covers all positions evenly.
   */
  readonly matrix: Float64Array;
}
export interface Curvature {
  /** Order of the weights: kernels in layer order, each from its first entry to its last. */
  readonly kernels: readonly string[];
  readonly size: number;
  /** Gauss-Newton matrix of the loss, mean over images, [size, size]. */
  readonly matrix: Float64Array;
}
export interface EvidenceOf {
  /** Mean over the images of dL_i/dw of the effective weights, by kernel name: pruned weights have theirs too. */
  gradient: Tensors;
  /** Mean over the images of |dL_i/dw|. */
  gradientSize: Tensors;
  /** Mean over the images of (dL_i/dw)²: per image, not of the mean. */
  gradientSquare: Tensors;
  /** By name of the dense layer or convolution. */
  units: Readonly<Record<string, UnitActivity>>;
  /** By name of the dense layer or convolution. */
  inputs: Readonly<Record<string, InputMoments>>;
  /** Of toy networks only: it has as many entries as weights squared. */
  curvature: Curvature;
}
export type EvidenceKind = keyof EvidenceOf;
export interface EvidenceWish {
  readonly kind: EvidenceKind;
  /** How many training images, from the first. */
  readonly images: number;
}
