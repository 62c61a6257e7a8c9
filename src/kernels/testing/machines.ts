/** Every executor that the tests hold against the plain reference. */
import { setFlagsFromString } from 'node:v8';
import type { Machine } from '../machine';
import type { Flavour } from '../simd/load';
import { simdMachine } from '../simd/machine';

/** Node 20 has relaxed SIMD behind a flag; later ones ignore that the flag is gone. */
export function enableRelaxedSimd(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
export const FLAVOURS: readonly Flavour[] = ['simd', 'relaxed'];

export async function openMachine(flavour: Flavour): Promise<Machine> {
  if (flavour === 'relaxed') enableRelaxedSimd();
  return simdMachine(flavour);
}
