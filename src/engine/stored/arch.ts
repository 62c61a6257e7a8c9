/**
 * Networks in the header: each layer as what it was built from, without what follows from its input. Reading builds
 * them again (models/build.ts), so that no file can claim shapes that do not fit together.
 */
import { z } from 'zod';
import * as build from '../../models/build';
import type { Arch, ConvLayer, DepthwiseLayer, Layer } from '../../models/types';
import { LAYER_NAME } from '../../spec/limits';
import { WinnowError } from '../../spec/problem';

const size = z.int().min(1).max(65_536);
const name = z.string().regex(LAYER_NAME);
const wired = { name, from: name.optional() };
const activation = z.literal('linear').optional();
const windowed = {
  ...wired,
  kernel: size,
  stride: size.optional(),
  padding: z.literal('same').optional(),
  bias: z.literal(false).optional(),
  activation,
};
const pooled = { ...wired, size, stride: size };
const written = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dense'),
    ...wired,
    units: size,
    bias: z.literal(false).optional(),
    activation,
  }),
  z.strictObject({ kind: z.literal('conv'), ...windowed, filters: size }),
  z.strictObject({ kind: z.literal('depthwise'), ...windowed }),
  z.strictObject({ kind: z.literal('maxpool'), ...pooled }),
  z.strictObject({ kind: z.literal('avgpool'), ...pooled }),
  z.strictObject({ kind: z.literal('globalpool'), ...wired }),
  z.strictObject({
    kind: z.literal('batchnorm'),
    ...wired,
    epsilon: z.number().positive(),
    momentum: z.number().min(0).max(1),
    activation,
  }),
  z.strictObject({ kind: z.literal('add'), ...wired, with: name, activation }),
]);
type Written = z.infer<typeof written>;
export const writtenArch = z.strictObject({
  input: z.tuple([size, size, size]),
  layers: z.array(written).min(1).max(1000),
});
export type WrittenArch = z.infer<typeof writtenArch>;

/** The network that was written. @throws WinnowError of models/build.ts where layers do not fit together */
export function rebuilt({ input, layers }: WrittenArch): Arch {
  const specs = layers.map((layer) => (layer.from ? build.from(layer.from, specOf(layer)) : specOf(layer)));
  return build.network(input, specs);
}

function specOf(w: Written): build.LayerSpec {
  switch (w.kind) {
    case 'dense': {
      const spec = build.dense(w.name, w.units, w.activation);
      return (...input) => ({ ...spec(...input), bias: w.bias ?? true }) as Layer;
    }
    case 'conv':
      return build.conv(w.name, w);
    case 'depthwise':
      return build.depthwise(w.name, w);
    case 'maxpool':
      return build.maxpool(w.name, w.size, w.stride);
    case 'avgpool':
      return build.avgpool(w.name, w.size, w.stride);
    case 'globalpool':
      return build.globalpool(w.name);
    case 'batchnorm': {
      const spec = build.batchnorm(w.name, w.activation);
      return (...input) => ({ ...spec(...input), epsilon: w.epsilon, momentum: w.momentum }) as Layer;
    }
    case 'add':
      return build.add(w.name, w.with, w.activation);
  }
}

const texts = new WeakMap<Arch, string>();

/** As JSON. @throws WinnowError that names a layer which could not be built again as it is */
export function archText(arch: Arch): string {
  const known = texts.get(arch);
  if (known !== undefined) return known;
  const text = JSON.stringify({ input: arch.input, layers: arch.layers.map(writtenLayer) });
  const again = rebuilt(writtenArch.parse(JSON.parse(text)));
  arch.layers.forEach((layer, i) => {
    if (ordered(layer) !== ordered(again.layers[i])) throw unwritable(layer);
  });
  texts.set(arch, text);
  return text;
}
const ordered = (layer: Layer): string =>
  JSON.stringify(Object.entries(layer).sort(([a], [b]) => (a < b ? -1 : 1)));
const unwritable = (layer: Layer) =>
  new WinnowError({
    code: 'stored.layer',
    path: '',
    message: `layer ${layer.name} cannot be written to a file: its sizes are not those that its settings give`,
    values: { name: layer.name },
  });

function writtenLayer(layer: Layer): Record<string, unknown> {
  const { kind, name, from } = layer;
  const common = { kind, name, ...(from !== undefined && { from }) };
  const linear = 'activation' in layer && layer.activation === 'linear' && { activation: 'linear' };
  switch (kind) {
    case 'dense':
      return { ...common, units: layer.out, ...(!layer.bias && { bias: false }), ...linear };
    case 'conv':
      return { ...common, filters: layer.out[2], ...windowOf(layer), ...linear };
    case 'depthwise':
      return { ...common, ...windowOf(layer), ...linear };
    case 'maxpool':
    case 'avgpool':
      return { ...common, size: layer.size, stride: layer.stride };
    case 'globalpool':
      return common;
    case 'batchnorm':
      return { ...common, epsilon: layer.epsilon, momentum: layer.momentum, ...linear };
    case 'add':
      return { ...common, with: layer.with, ...linear };
  }
}

function windowOf({ kernel, stride, pad, bias, in: from, out }: ConvLayer | DepthwiseLayer) {
  const valid = pad === 0 && out[0] === Math.floor((from[0] - kernel) / stride) + 1;
  return {
    kernel,
    ...(stride !== 1 && { stride }),
    ...(!valid && { padding: 'same' }),
    ...(!bias && { bias: false }),
  };
}
