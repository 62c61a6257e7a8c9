/** The engine's backends in a real worker of a real browser, without the lab around them. */
import { expose } from 'comlink';
import { chooseBackend, openBackend, probe } from '../../src/engine/device';
import { distance, tinyCnn, tinyMasks, tinyMlp, tinyWeights, trainTiny } from '../../src/engine/device/trial';
import type { Backend, BackendId, OptimizerSpec } from '../../src/engine/types';
import type { QuantSpec } from '../../src/models/types';
import { deployHarness } from './deploy';
import { gpuHarness, openTfjsWebgpu } from './gpu';
import { graphHarness } from './graphs';
import { tfjsHarness } from './tfjs';

const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const NESTEROV: OptimizerSpec = { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true };

/** A backend of the lab, or TensorFlow.js on the GPU, which only serves to check ours. */
export type Path = BackendId | 'tfjs-webgpu';
const open = (path: Path): Promise<Backend> =>
  path === 'tfjs-webgpu' ? openTfjsWebgpu() : openBackend(path);

export interface Comparison {
  device: string;
  /** Largest difference of a weight after three steps, and how far the weights went at most. */
  off: number;
  moved: number;
  losses: [got: number[], want: number[]];
  correct: [got: number, want: number];
  evalLoss: [got: number, want: number];
  /** What TensorFlow.js holds after each of two trainings, where it is the backend. */
  tensors: number[];
}

const harness = {
  ...deployHarness,
  ...gpuHarness,
  ...graphHarness,
  ...tfjsHarness,
  probe,
  /** Three steps on both backends from the same weights and batches, then an evaluation. */
  async compare(net: 'mlp' | 'cnn', id: Path, other: Path, quant?: QuantSpec): Promise<Comparison> {
    const arch = net === 'mlp' ? tinyMlp() : tinyCnn();
    const masks = tinyMasks(arch, 0.5);
    const weights = {
      tensors: tinyWeights(arch),
      masks,
      quant: quant ? Object.fromEntries(Object.keys(masks).map((name) => [name, quant])) : {},
    };
    const optimizer = net === 'mlp' ? ADAM : NESTEROV;
    const [backend, oracle] = [await open(id), await open(other)];
    const want = await trainTiny(oracle, arch, weights, optimizer);
    const tensors: number[] = [];
    const train = async () => {
      const outcome = await trainTiny(backend, arch, weights, optimizer);
      if ('memory' in backend) tensors.push((backend as { memory(): { tensors: number } }).memory().tensors);
      return outcome;
    };
    await train();
    const got = await train();
    backend.dispose();
    oracle.dispose();
    return {
      device: backend.device,
      off: distance(got.tensors, want.tensors),
      moved: distance(want.tensors, weights.tensors),
      losses: [[...got.losses], [...want.losses]],
      correct: [got.evaluation.correct, want.evaluation.correct],
      evalLoss: [got.evaluation.loss, want.evaluation.loss],
      tensors,
    };
  },
  /** What the lab would compute on, and whether TensorFlow.js had to be loaded to find out. */
  async choose(want: BackendId | 'auto') {
    const { backend, report, problem } = await chooseBackend(want);
    backend.dispose();
    return { report, problem, tensorflow: '_tfGlobals' in globalThis };
  },
};
export type Harness = typeof harness;
expose(harness);
