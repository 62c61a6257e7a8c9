/** Networks of a machine with kernels in other forms than dense: the plan's, loaded once and for all. */
import type { Arch } from '../../models/types';
import { formsOf, packLayers } from '../deploy/pack';
import type { Deployer, Inference, Network } from '../types';
import type { PackedLayers } from './layout';

/** @param open a network that executes these layers in these forms */
export const deployer = (open: (arch: Arch, forms: PackedLayers) => Promise<Network>): Deployer => ({
  formsOf,
  async open(arch, weights, forms): Promise<Inference> {
    const network = await open(arch, packLayers(arch, weights, forms));
    try {
      await network.load(weights);
    } catch (error) {
      network.dispose();
      throw error;
    }
    return network;
  },
});
