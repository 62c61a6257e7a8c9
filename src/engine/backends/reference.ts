/** The plan in plain loops: the oracle for every other backend, and slow. */
import { referenceMachine } from '../../kernels/reference/machine';
import type { Arch } from '../../models/types';
import type { Backend } from '../types';
import { deployer } from './deployed';
import type { PackedLayers } from './layout';
import { PlanNetwork } from './network';

export async function openReference(): Promise<Backend> {
  const open = async (arch: Arch, forms?: PackedLayers) =>
    new PlanNetwork(arch, referenceMachine(), () => {}, forms);
  return {
    id: 'reference',
    device: referenceMachine().device,
    open: (arch) => open(arch),
    deploy: deployer(open),
    gates: true,
    dispose() {},
  };
}
