/** Any network: layers of every kind, fed by any earlier value, with sums over them. For property tests. */
import * as fc from 'fast-check';
import * as build from '../build';
import { type LayerSpec, network, outputSize } from '../build';
import type { Arch, Size } from '../types';

const KINDS = [
  'conv',
  'conv',
  'depthwise',
  'batchnorm',
  'maxpool',
  'avgpool',
  'globalpool',
  'add',
  'add',
  'add',
] as const;

const anyLayer = fc.record({
  kind: fc.constantFrom(...KINDS, 'dense' as const),
  /** Of the values so far, from the newest: mostly the layer before. */
  back: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(4)),
  /** Which of the values of the same size a sum takes. */
  term: fc.nat(5),
  width: fc.integer({ min: 1, max: 6 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  same: fc.boolean(),
  bias: fc.boolean(),
  activation: fc.constantFrom('relu' as const, 'linear' as const),
});
type Drawn = typeof anyLayer extends fc.Arbitrary<infer T> ? T : never;
interface Value {
  name: string;
  size: Size;
}

/** Up to `most` layers of any kind and a dense one at the end, which gives three logits. */
export const anyGraph = (most = 9): fc.Arbitrary<Arch> =>
  fc
    .tuple(
      fc.tuple(
        fc.integer({ min: 3, max: 7 }),
        fc.integer({ min: 3, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
      ),
      fc.array(anyLayer, { minLength: 1, maxLength: most }),
    )
    .map(([input, drawn]) => {
      const values: Value[] = [{ name: build.INPUT, size: input }];
      const specs: LayerSpec[] = [];
      const put = (name: string, spec: LayerSpec, source: Value) => {
        const made = build.from(source.name, spec);
        const sizeOf = (of: string) => (values.find((v) => v.name === of) as Value).size;
        values.push({ name, size: outputSize(made(source.size, sizeOf)) });
        specs.push(made);
      };
      for (const [i, d] of drawn.entries()) layer(d, `l${i}`, values, put);
      put('out', build.dense('out', 3, 'linear'), values[values.length - 1]);
      return network(input, specs);
    });

function layer(d: Drawn, name: string, values: Value[], put: (n: string, s: LayerSpec, from: Value) => void) {
  const source = values[Math.max(0, values.length - 1 - d.back)];
  if (d.kind !== 'add') return put(name, specOf(d, name, source.size), source);
  const same = values.filter((v) => v !== source && v.size.join() === source.size.join());
  if (same.length > 0)
    return put(name, build.add(name, same[d.term % same.length].name, d.activation), source);
  // Nothing to add it to: a branch beside it, as in a residual block.
  const settings = { kernel: 1, bias: d.bias, activation: 'linear', filters: source.size[2] } as const;
  put(`${name}.b`, build.conv(`${name}.b`, settings), source);
  put(name, build.add(name, source.name, d.activation), values[values.length - 1]);
}

function specOf({ kind, width, same, activation, ...drawn }: Drawn, name: string, size: Size): LayerSpec {
  const kernel = Math.min(drawn.kernel, size[0], size[1]);
  // The same padding on both axes needs a stride of 1 where the image is no square.
  const window = same
    ? ({ padding: 'same', stride: 1 } as const)
    : ({ padding: 'valid', stride: drawn.stride } as const);
  const settings = { ...window, kernel, bias: drawn.bias, activation };
  switch (kind) {
    case 'depthwise':
      return build.depthwise(name, settings);
    case 'batchnorm':
      return build.batchnorm(name, activation);
    case 'maxpool':
      return build.maxpool(name, kernel, drawn.stride);
    case 'avgpool':
      return build.avgpool(name, kernel, drawn.stride);
    case 'globalpool':
      return build.globalpool(name);
    case 'dense':
      return build.dense(name, width, activation);
    default:
      return build.conv(name, { ...settings, filters: width });
  }
}
