/** The plan on WebAssembly SIMD: the fastest path without a GPU. */
import type { Machine } from '../../kernels/machine';
import { relaxedSimdSupported, simdSupported } from '../../kernels/simd/detect';
import type { Flavour } from '../../kernels/simd/load';
import { simdMachine } from '../../kernels/simd/machine';
import type { Arch } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { Backend } from '../types';
import { deployer } from './deployed';
import type { PackedLayers } from './layout';
import { PlanNetwork } from './network';

export { simdSupported };

/** Idle instances kept for the next network: a sweep over ranks opens and disposes of many. */
const SPARE = 2;

/**
 * Picks the build with fused multiply-add where the engine has it, unless told which.
 * @throws WinnowError `backend.unavailable` without WASM SIMD, `kernels.load` when the module cannot be fetched.
 */
export async function openSimd(flavour?: Flavour): Promise<Backend> {
  if (!simdSupported()) {
    throw new WinnowError({
      code: 'backend.unavailable',
      path: 'backend',
      message: 'simd is not available: this browser has no WebAssembly SIMD',
      values: { id: 'simd' },
    });
  }
  const chosen = flavour ?? (relaxedSimdSupported() ? 'relaxed' : 'simd');
  const spare: Machine[] = [await simdMachine(chosen)];
  const { device } = spare[0];
  const open = async (arch: Arch, forms?: PackedLayers) => {
    const machine = spare.pop() ?? (await simdMachine(chosen));
    const release = () => {
      if (spare.length < SPARE) spare.push(machine);
    };
    return new PlanNetwork(arch, machine, release, forms);
  };
  return {
    id: 'simd',
    device,
    open: (arch) => open(arch),
    deploy: deployer(open),
    gates: true,
    dispose() {
      spare.length = 0;
    },
  };
}
