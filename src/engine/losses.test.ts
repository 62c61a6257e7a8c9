/** The first 20 losses of whole trainings against PyTorch's from the same weights and batches; see goldens/losses.py. */
import { afterAll, describe, expect, it } from 'vitest';
import type { TrainExamples } from '../datasets/types';
import { enableRelaxedSimd } from '../kernels/testing/machines';
import { channels } from '../models/build';
import { type TensorInfo, tensorsOf } from '../models/tensors';
import type { Arch, Size, Tensors } from '../models/types';
import { openReference } from './backends/reference';
import { openSimd } from './backends/simd';
import { openTfjs } from './backends/tfjs';
import { uniform } from './device/trial';
import golden from './goldens/losses.json';
import type { Backend, OptimizerSpec } from './types';

/** Number k of a seed's generator there is the k-th call. */
const draws = (seed: number) => uniform(Math.imul(seed, 2654435761));

function startOf(arch: Arch): Tensors {
  let seed = 0;
  const draw = ({ role, length, layer }: TensorInfo) => {
    const filled = (width: number, centre = 0) => {
      const next = draws(++seed);
      return Float32Array.from({ length }, () => centre + (next() * 2 - 1) * width);
    };
    switch (role) {
      case 'kernel':
        return filled(Math.sqrt(6 / (length / channels(layer) + channels(layer))));
      case 'gamma':
        return filled(0.3, 1);
      case 'mean':
        return new Float32Array(length);
      case 'variance':
        return new Float32Array(length).fill(1);
      default:
        return filled(0.05);
    }
  };
  return Object.fromEntries(tensorsOf(arch).map((tensor) => [tensor.name, draw(tensor)]));
}

function examplesOf(shape: Size, count: number): TrainExamples {
  const size = shape[0] * shape[1] * shape[2];
  const [dark, any] = [draws(1001), draws(1002)];
  const pixels = Uint8Array.from({ length: count * size }, () => Math.floor(dark() * 128));
  const labels = Uint8Array.from({ length: count }, () => Math.floor(any() * 10));
  labels.forEach((label, i) => {
    for (let k = 0; k < 9; k++) pixels[i * size + ((label * 37 + k * 5) % size)] += 120;
  });
  return { split: 'train', count, total: count, pixels, labels, shape, scale: 1 / 64, shift: -0.5 };
}

enableRelaxedSimd();
const cases = Object.entries(golden.networks).flatMap(([name, net]) =>
  Object.entries(net.trainings).map(([kind, want]) => ({
    what: `${name}, ${kind}`,
    arch: net.arch as unknown as Arch,
    batch: net.batch,
    count: net.count,
    optimizer: golden.optimizers[kind as keyof typeof golden.optimizers] as OptimizerSpec,
    want,
  })),
);
/** A fifth of what is promised; the worst seen is 4e-6, of LeNet-300-100 with momentum. */
const WITHIN = 2e-5;
const ratio = (got: number, want: number) => Math.abs(got / want - 1);

/** The slow ones have the decays of weights proven against the fast ones elsewhere. */
const brief = cases.filter(({ what }) => /adam$|momentum$/.test(what));

describe.each([
  ['reference', openReference, brief],
  ['simd', () => openSimd('simd'), cases],
  ['relaxed', () => openSimd('relaxed'), cases],
  ['tfjs wasm', () => openTfjs('wasm'), brief],
] as [string, () => Promise<Backend>, typeof cases][])(
  '%s against PyTorch',
  { timeout: 300_000 },
  async (_name, open, cases) => {
    const backend = await open();
    afterAll(() => backend.dispose());

    it.each(cases)('$what: the first 20 losses', async ({ arch, batch, count, optimizer, want }) => {
      const net = await backend.open(arch);
      await net.load({ tensors: startOf(arch), masks: {}, quant: {} });
      const examples = examplesOf(arch.input, count);
      const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t * batch + i) % count);
      const training = net.train({ examples, batch, optimizer, indices });
      const losses = await training.run(20);
      training.dispose();
      const off = want.losses.map((loss, t) => ratio(losses[t], loss));
      expect(Math.max(...off), `relative differences ${off.map((d) => d.toExponential(1))}`).toBeLessThan(
        WITHIN,
      );
      const { loss } = await net.evaluate(examples, 0, count);
      expect(ratio(loss / count, want.evaluation)).toBeLessThan(WITHIN);
      net.dispose();
    });
  },
);
