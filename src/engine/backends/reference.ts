/** The plan in plain loops: the oracle for every other backend, and slow. */
import { referenceMachine } from '../../kernels/reference/machine';
import type { Backend } from '../types';
import { PlanNetwork } from './network';

export async function openReference(): Promise<Backend> {
  return {
    id: 'reference',
    device: referenceMachine().device,
    open: async (arch) => new PlanNetwork(arch, referenceMachine(), () => {}),
    dispose() {},
  };
}
