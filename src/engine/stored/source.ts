/** What is to be stored of each tensor: its values, and what is known of where they come from. */
import { type Codes, executed } from '../../methods/fake-quant';
import { kernelName, weightLayers } from '../../models/build';
import type { Arch, Weights } from '../../models/types';
import { hashedValues } from './hashed';

export type TensorSource =
  | { readonly kind: 'values'; readonly values: Float32Array }
  /** Values that are scale * (code - zero), or ±scale for 1 bit; codes as methods/fake-quant.ts makes them. */
  | { readonly kind: 'coded'; readonly values: Float32Array; readonly codes: Codes; readonly bits: number }
  /** See hashed.ts. */
  | {
      readonly kind: 'hashed';
      readonly length: number;
      readonly seed: number;
      readonly buckets: Float32Array;
    };
/** By tensor name, biases and norms included. */
export type Sources = Readonly<Record<string, TensorSource>>;

/** Kernels as executed, everything else as it is. No method hashes weights yet. */
export function sourcesOf(state: Weights & { readonly arch: Arch }): Sources {
  const sources: Record<string, TensorSource> = {};
  for (const [name, values] of Object.entries(state.tensors)) sources[name] = { kind: 'values', values };
  for (const layer of weightLayers(state.arch)) {
    const name = kernelName(layer);
    const { values, codes } = executed(state, layer);
    const { bits } = state.quant[name] ?? {};
    sources[name] = codes && bits ? { kind: 'coded', values, codes, bits } : { kind: 'values', values };
  }
  return sources;
}

export const valuesOf = (source: TensorSource): Float32Array =>
  source.kind === 'hashed' ? hashedValues(source.length, source.seed, source.buckets) : source.values;

/** Bit patterns of a tensor: 0 is +0 and nothing else. */
export const patternsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);
