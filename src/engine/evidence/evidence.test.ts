/** Evidence of every kind against plain loops, on networks of every kind of layer at odd sizes. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../kernels/machine';
import { referenceMachine } from '../../kernels/reference/machine';
import { simdMachine } from '../../kernels/simd/machine';
import type { EvidenceKind, EvidenceOf } from '../../methods/evidence';
import { graphArch, randomTensors, trainedState } from '../../methods/fixtures';
import { methodById } from '../../methods/registry';
import type { LiveMethod } from '../../methods/types';
import {
  add,
  avgpool,
  batchnorm,
  channels,
  conv,
  dense,
  depthwise,
  from,
  globalpool,
  isWeightLayer,
  kernelNames,
  maxpool,
  network,
} from '../../models/build';
import { modelById } from '../../models/registry';
import type { Arch, NetState, Tensors } from '../../models/types';
import { compilePlan } from '../backends/plan';
import { effective, methodContext } from '../state';
import { gather } from './gather';
import { meanOver, type Traced, trace } from './reference';
import { dataOf, hashedImages, imageOf } from './testing/images';
import { unitValue } from './units';
import { chunkSize } from './walk';

const IMAGES = 11;
/** Chunks of 4, the last one of 3. */
const SIZE = 4;

/** Stride and padding on odd sizes, pools over a relu, two readers of one value, a projected residual. */
const oddArch = network(
  [9, 9, 3],
  [
    conv('conv1', { filters: 5, kernel: 3, stride: 2, padding: 'same' }),
    depthwise('dw', { kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
    batchnorm('bn1'),
    conv('conv2', { filters: 7, kernel: 3, padding: 'same', activation: 'linear' }),
    batchnorm('bn2', 'linear'),
    from('bn1', conv('skip', { filters: 7, kernel: 1, bias: false, activation: 'linear' })),
    add('sum', 'bn2'),
    maxpool('pool', 2),
    conv('conv3', { filters: 3, kernel: 2 }),
    dense('fc', 5),
    dense('out', 3, 'linear'),
  ],
);
const poolArch = network(
  [7, 5, 2],
  [
    conv('conv1', { filters: 3, kernel: 2 }),
    maxpool('pool1', 2),
    conv('conv2', { filters: 5, kernel: 1 }),
    avgpool('pool2', 2),
    globalpool('pool3'),
    dense('out', 4, 'linear'),
  ],
);
const mlp = modelById('mlp-9-7').build([5, 3, 1], 4);

const archs: [string, Arch][] = [
  ['perceptron', mlp],
  ['graph', graphArch],
  ['stride, padding, residual', oddArch],
  ['pools', poolArch],
];
const pruned = (state: NetState): NetState => {
  const run = (id: string, values: object) => {
    const method = methodById(id) as LiveMethod;
    const defaults = Object.fromEntries(Object.entries(method.params).map(([n, p]) => [n, p.default]));
    const context = methodContext(state.arch, { init: 1, order: 1, method: 1 }, 0);
    return method.apply(state, { ...defaults, ...values } as never, context);
  };
  state = run('prune', { sparsity: 0.5 });
  return run('quantize', { bits: 4 });
};

function tracesOf(state: NetState, classes: number): Traced[] {
  const examples = hashedImages(state.arch.input, classes, IMAGES);
  const tensors = effective(state.arch, state);
  return Array.from({ length: IMAGES }, (_, i) =>
    trace(state.arch, tensors, imageOf(examples, i), examples.labels[i]),
  );
}
const classesOf = (arch: Arch) => compilePlan(arch).classes;
async function measure<K extends EvidenceKind>(state: NetState, kind: K, machine: Machine) {
  const examples = hashedImages(state.arch.input, classesOf(state.arch), IMAGES);
  const [found] = await gather(state, [kind], IMAGES, dataOf(examples), async () => {}, machine, SIZE);
  return found as EvidenceOf[K];
}
/** Within `rel` of the largest of the tensor: rounding of sums is not relative to their small results. */
function expectClose(found: Tensors, wanted: Tensors, rel = 2e-5): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, values] of Object.entries(wanted)) {
    const most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    expect(most, name).toBeGreaterThan(0);
    values.forEach((v, i) => {
      if (!(Math.abs(found[name][i] - v) <= rel * most)) expect(found[name][i], `${name}[${i}]`).toBe(v);
    });
  }
}

describe.each(['reference', 'simd'] as const)('on %s', (executor) => {
  const open = async () => (executor === 'simd' ? simdMachine('simd') : referenceMachine());
  describe.each(archs)('%s', (_, arch) => {
    const states: [string, NetState][] = [
      ['trained', trainedState(arch)],
      ['pruned and quantized', pruned(trainedState(arch))],
    ];
    it.each(states)('gradients of a %s network', async (_, state) => {
      const traces = tracesOf(state, classesOf(arch));
      const kinds: [EvidenceKind, (g: number) => number][] = [
        ['gradient', (g) => g],
        ['gradientSize', Math.abs],
        ['gradientSquare', (g) => g * g],
      ];
      for (const [kind, f] of kinds) {
        const found = (await measure(state, kind, await open())) as Tensors;
        expect(Object.keys(found).sort()).toEqual(kernelNames(arch).sort());
        expectClose(found, meanOver(traces, f));
      }
    });

    it('activity of units', async () => {
      const state = trainedState(arch);
      const traces = tracesOf(state, classesOf(arch));
      const found = await measure(state, 'units', await open());
      const plan = compilePlan(arch);
      expect(Object.keys(found)).toEqual(arch.layers.filter(isWeightLayer).map((l) => l.name));
      arch.layers.forEach((layer, i) => {
        if (!isWeightLayer(layer)) return;
        const at = arch.layers[unitValue(plan, i) - 1].name;
        const n = channels(layer);
        const { zeros, taylor } = found[layer.name];
        for (let u = 0; u < n; u++) {
          const own = (_: number, j: number) => j % n === u;
          const values = traces.flatMap((t) => Array.from(t.values[at]).filter(own));
          expect(zeros[u]).toBeCloseTo(values.filter((v) => v <= 0).length / values.length, 6);
          const sums = traces.map((t) =>
            Array.from(t.values[at].map((a, j) => a * t.gradients[at][j]))
              .filter(own)
              .reduce((a, b) => a + b, 0),
          );
          expect(taylor[u]).toBeCloseTo(sums.reduce((a, s) => a + Math.abs(s), 0) / IMAGES, 4);
        }
      });
    });
  });
});

it('the reference: gradients are differences of the loss', () => {
  for (const [, arch] of archs) {
    const tensors = randomTensors(arch, 3);
    const examples = hashedImages(arch.input, classesOf(arch), 2);
    const at = (over: Readonly<Record<string, ArrayLike<number>>>) =>
      trace(arch, { ...tensors, ...over }, imageOf(examples, 1), examples.labels[1]);
    const { kernels } = at({});
    for (const name of kernelNames(arch)) {
      const step = 1e-6;
      const moved = (i: number, by: number) => {
        const kernel = Float64Array.from(tensors[name]);
        kernel[i] += by;
        return at({ [name]: kernel }).loss;
      };
      for (let i = 0; i < tensors[name].length; i += 7) {
        const slope = (moved(i, step) - moved(i, -step)) / (2 * step);
        expect(kernels[name][i]).toBeCloseTo(slope, 5);
      }
    }
  }
});

it('where units show: behind their batch norm and relu, before pooling and addition', () => {
  const plan = compilePlan(oddArch);
  const shown = plan.stages.flatMap(({ layer }, i) =>
    isWeightLayer(layer) ? [[layer.name, plan.stages[unitValue(plan, i) - 1].layer.name]] : [],
  );
  expect(Object.fromEntries(shown)).toEqual({
    ...{ conv1: 'conv1', dw: 'bn1', conv2: 'bn2', skip: 'skip', conv3: 'conv3', fc: 'fc', out: 'out' },
  });
});

it('the size of chunks changes only the rounding, and follows the size of the network', async () => {
  const state = trainedState(mlp);
  const data = dataOf(hashedImages(mlp.input, 4, IMAGES));
  const at = async (size?: number) =>
    (await gather(state, ['gradient'], 999, data, async () => {}, undefined, size))[0] as Tensors;
  expectClose(await at(1), await at());
  const sizes = ['lenet-300-100', 'resnet-20', 'conv-6'].map((id) =>
    chunkSize(compilePlan(modelById(id).build([32, 32, 3], 10))),
  );
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(sizes.at(-1)).toBeGreaterThanOrEqual(1);
});
