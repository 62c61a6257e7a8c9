/** TensorFlow.js in the browser on a network with every kind of layer, against SIMD. */
import { openBackend } from '../../src/engine/device';
import {
  relativeDistance,
  tinyExamples,
  tinyGraph,
  tinyMasks,
  tinyWeights,
  trainTiny,
} from '../../src/engine/device/trial';
import { tinyMoves, tinySoft } from '../../src/engine/device/zoo';
import type { BackendId, OptimizerSpec } from '../../src/engine/types';

const ADAMW: OptimizerSpec = {
  kind: 'adamw',
  lr: 2e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
};
const NESTEROV: OptimizerSpec = { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 };

export const tfjsHarness = {
  /** Three steps by each optimizer, masked, cropped, flipped and taught, then an evaluation. */
  async tfjsGraph(id: BackendId) {
    const arch = tinyGraph();
    const weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.4), quant: {} };
    const [backend, simd] = [await openBackend(id), await openBackend('simd')];
    const results = [];
    for (const optimizer of [ADAMW, NESTEROV]) {
      const more = { moves: tinyMoves(), soft: tinySoft() };
      const got = await trainTiny(backend, arch, weights, optimizer, 3, 8, more);
      const want = await trainTiny(simd, arch, weights, optimizer, 3, 8, more);
      results.push({
        off: relativeDistance(got.tensors, want.tensors),
        moved: relativeDistance(want.tensors, weights.tensors),
        lossOff: relativeDistance({ x: got.losses }, { x: want.losses }),
        correct: [got.evaluation.correct, want.evaluation.correct],
        evalOff: Math.abs(got.evaluation.loss / want.evaluation.loss - 1),
      });
    }
    backend.dispose();
    simd.dispose();
    return { id: backend.id, device: backend.device, results };
  },
  /** Tensors and bytes that TensorFlow.js holds after 5 and after 20 steps, and when all is disposed of. */
  async tfjsHeld(id: BackendId) {
    const backend = (await openBackend(id)) as Awaited<ReturnType<typeof openBackend>> & {
      memory(): { tensors: number; bytes: number };
    };
    const net = await backend.open(tinyGraph());
    await net.load({ tensors: tinyWeights(net.arch), masks: tinyMasks(net.arch, 0.4), quant: {} });
    const examples = tinyExamples(net.arch.input, 64);
    const indices = (t: number) => Uint32Array.from({ length: 8 }, (_, i) => (t * 8 + i) % 64);
    const training = net.train({ examples, batch: 8, optimizer: ADAMW, indices, moves: tinyMoves() });
    const held = [];
    for (const steps of [5, 15]) {
      await training.run(steps);
      held.push(backend.memory());
    }
    net.dispose();
    held.push(backend.memory());
    backend.dispose();
    return held;
  },
};
