/** What Optimal Brain Surgeon asks for: second moments of inputs, and the Gauss-Newton matrix. */
import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../../kernels/reference/machine';
import { simdMachine } from '../../kernels/simd/machine';
import { graphArch, smallArch, trainedState } from '../../methods/fixtures';
import {
  biasName,
  channels,
  conv,
  dense,
  kernelName,
  kernelNames,
  kernelSize,
  network,
  sourcesOf,
  weightLayers,
} from '../../models/build';
import { modelById } from '../../models/registry';
import type { Arch, NetState, WeightLayer } from '../../models/types';
import { compilePlan } from '../backends/plan';
import { effective } from '../state';
import { gather } from './gather';
import { POSITIONS, positionsOf } from './inputs';
import { trace } from './reference';
import { dataOf, hashedImages, imageOf } from './testing/images';

const IMAGES = 7;
const mlp = modelById('mlp-5-4').build([3, 3, 1], 3);
/** Stride and padding; few enough weights for the whole matrix. */
const convArch = network(
  [5, 5, 2],
  [conv('conv1', { filters: 3, kernel: 3, stride: 2, padding: 'same' }), dense('out', 4, 'linear')],
);
const half = (state: NetState): NetState => ({
  ...state,
  masks: Object.fromEntries(
    kernelNames(state.arch).map((name) => [
      name,
      Uint8Array.from(state.tensors[name], (_, i) => (i % 3 ? 1 : 0)),
    ]),
  ),
});
function setting(state: NetState) {
  const { classes } = compilePlan(state.arch);
  const examples = hashedImages(state.arch.input, classes, IMAGES);
  const tensors = effective(state.arch, state);
  const images = Array.from({ length: IMAGES }, (_, i) => imageOf(examples, i));
  return { classes, examples, tensors, images };
}
const machines = { reference: async () => referenceMachine(), simd: async () => simdMachine('simd') };

describe.each(['reference', 'simd'] as const)('inputs on %s', (executor) => {
  it.each([
    ['perceptron', mlp],
    ['convolution', convArch],
    ['pool', smallArch],
    ['graph', graphArch],
  ] as const)('%s: mean of x xᵀ over what every output reads', async (_, arch) => {
    for (const state of [trainedState(arch), half(trainedState(arch))]) {
      const { examples, tensors, images } = setting(state);
      const machine = await machines[executor]();
      const [found] = await gather(state, ['inputs'], IMAGES, dataOf(examples), async () => {}, machine, 3);
      const moments = found as Awaited<ReturnType<typeof plainMoments>>;
      const wanted = plainMoments(arch, tensors, images);
      expect(Object.keys(moments)).toEqual(Object.keys(wanted));
      for (const [name, { size, groups, matrix }] of Object.entries(wanted)) {
        expect([moments[name].size, moments[name].groups]).toEqual([size, groups]);
        const most = Math.max(...matrix);
        matrix.forEach((x, i) => {
          expect(Math.abs(moments[name].matrix[i] - x)).toBeLessThan(1e-5 * most);
        });
      }
    }
  });
});

/** By asking every weight in turn which input it multiplies. */
function plainMoments(arch: Arch, tensors: NetState['tensors'], images: number[][]) {
  const layers = weightLayers(arch);
  const made = layers.map((layer) => {
    const size = kernelSize(layer) / channels(layer) + 1;
    const groups = layer.kind === 'depthwise' ? channels(layer) : 1;
    return [layer.name, { size, groups, matrix: new Float64Array(groups * size * size) }] as const;
  });
  for (const [n, image] of images.entries()) {
    const { values } = trace(arch, tensors, image, 0);
    for (const [l, layer] of layers.entries()) {
      const { size, groups, matrix } = made[l][1];
      const x = values[sourcesOf(arch, arch.layers.indexOf(layer))[0]];
      const positions = positionsOf(layer, n);
      // Images look at equally many positions here, so that the mean is one over all.
      const weight = 1 / (positions.length * images.length);
      for (const position of positions) {
        for (let g = 0; g < groups; g++) {
          const row = Array.from({ length: size }, (_, r) =>
            r === size - 1 ? 1 : inputOf(layer, x, position, r, g),
          );
          row.forEach((a, i) => {
            row.forEach((b, j) => {
              matrix[(g * size + i) * size + j] += a * b * weight;
            });
          });
        }
      }
    }
  }
  return Object.fromEntries(made);
}
function inputOf(layer: WeightLayer, x: Float64Array, position: number, r: number, group: number): number {
  if (layer.kind === 'dense') return x[r];
  const depth = layer.kind === 'depthwise' ? 1 : layer.in[2];
  const [ky, kx, c] = [Math.floor(r / depth / layer.kernel), Math.floor(r / depth) % layer.kernel, r % depth];
  const y = Math.floor(position / layer.out[1]) * layer.stride + ky - layer.pad;
  const column = (position % layer.out[1]) * layer.stride + kx - layer.pad;
  if (y < 0 || y >= layer.in[0] || column < 0 || column >= layer.in[1]) return 0;
  return x[(y * layer.in[1] + column) * layer.in[2] + (layer.kind === 'depthwise' ? group : c)];
}

it('of many positions a part is looked at, and over the images every one equally often', () => {
  const [layer] = weightLayers(modelById('conv-2').build([32, 32, 3], 10));
  const seen = new Array(32 * 32).fill(0);
  for (let image = 0; image < 128; image++) {
    const positions = positionsOf(layer, image);
    expect(positions.length).toBe(POSITIONS);
    for (const p of positions) seen[p]++;
  }
  expect(new Set(seen)).toEqual(new Set([2]));
});

describe.each(['reference', 'simd'] as const)('curvature on %s', (executor) => {
  const measured = async (state: NetState) => {
    const { examples } = setting(state);
    const machine = await machines[executor]();
    const [found] = await gather(state, ['curvature'], IMAGES, dataOf(examples), async () => {}, machine, 3);
    return found as { kernels: string[]; size: number; matrix: Float64Array };
  };
  it.each([
    ['perceptron', mlp],
    ['convolution', convArch],
  ] as const)('%s: Jᵀ (diag p - p pᵀ) J, with J from differences of the logits', async (_, arch) => {
    for (const state of [trainedState(arch), half(trainedState(arch))]) {
      const { tensors, images } = setting(state);
      const { kernels, size, matrix } = await measured(state);
      expect(kernels).toEqual(kernelNames(arch));
      const last = arch.layers[arch.layers.length - 1].name;
      const wanted = new Float64Array(size * size);
      for (const image of images) {
        const logits = (over: Readonly<Record<string, ArrayLike<number>>>) =>
          trace(arch, { ...tensors, ...over }, image, 0).values[last];
        const z = logits({});
        const powers = z.map(Math.exp);
        const p = powers.map((x) => x / powers.reduce((a, b) => a + b));
        const columns = kernels.flatMap((name) =>
          Array.from(tensors[name], (_, i) => {
            const moved = (by: number) => {
              const kernel = Float64Array.from(tensors[name]);
              kernel[i] += by;
              return logits({ [name]: kernel });
            };
            const [up, down] = [moved(1e-5), moved(-1e-5)];
            return z.map((_, c) => (up[c] - down[c]) / 2e-5);
          }),
        );
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, c) => sum + x * b[c], 0);
        columns.forEach((a, i) => {
          columns.forEach((b, j) => {
            const mixed = a.reduce((sum, x, c) => sum + x * p[c] * b[c], 0);
            wanted[i * size + j] += (mixed - dot(a, p) * dot(b, p)) / images.length;
          });
        });
      }
      const most = Math.max(...wanted);
      expect(most).toBeGreaterThan(0);
      wanted.forEach((x, i) => {
        if (!(Math.abs(matrix[i] - x) < 1e-4 * most)) expect(matrix[i], `${i}`).toBe(x);
      });
    }
  });
  it('where logits are linear in the weights it is the second difference of the loss', async () => {
    const arch = network([2, 3, 1], [dense('out', 4, 'linear')]);
    const state = trainedState(arch);
    const { tensors, images, examples } = setting(state);
    const { size, matrix } = await measured(state);
    const name = kernelName(arch.layers[0]);
    const loss = (direction: number[], by: number) => {
      const kernel = Float64Array.from(tensors[name], (w, i) => w + by * direction[i]);
      const all = { [name]: kernel, [biasName(arch.layers[0])]: tensors[biasName(arch.layers[0])] };
      const sum = images.reduce((s, image, i) => s + trace(arch, all, image, examples.labels[i]).loss, 0);
      return sum / images.length;
    };
    for (let trial = 0; trial < 5; trial++) {
      const d = Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + trial * 2.3));
      const step = 1e-3;
      const second = (loss(d, step) + loss(d, -step) - 2 * loss(d, 0)) / step ** 2;
      let form = 0;
      d.forEach((a, i) => {
        d.forEach((b, j) => {
          form += a * b * matrix[i * size + j];
        });
      });
      expect(second).toBeCloseTo(form, 3);
    }
  });
});
