/**
 * Forward and backward of one image in plain loops and double precision: what the fast walk is held against. Batch
 * norms as in evaluation.
 */
import { biasName, INPUT, kernelName, normNames, outputSize, sourcesOf } from '../../models/build';
import type { Arch, ConvLayer, DepthwiseLayer, Layer, PoolLayer, Tensors } from '../../models/types';

type Values = Float64Array;
/** Values and gradients by layer name (`input` for the image), gradients of kernels by kernel name. */
export interface Traced {
  readonly loss: number;
  readonly values: Readonly<Record<string, Values>>;
  readonly gradients: Readonly<Record<string, Values>>;
  readonly kernels: Readonly<Record<string, Values>>;
}
const sizeOf = (layer: Layer): number => outputSize(layer).reduce((a, b) => a * b, 1);

/** @param tensors effective ones; kernels may be doubles, for differences of the loss */
export function trace(
  arch: Arch,
  tensors: Readonly<Record<string, ArrayLike<number>>>,
  image: ArrayLike<number>,
  label: number,
): Traced {
  const values: Record<string, Values> = { [INPUT]: Float64Array.from(image) };
  arch.layers.forEach((layer, i) => {
    const inputs = sourcesOf(arch, i).map((name) => values[name]);
    const y = forward(layer, inputs, tensors);
    if ('activation' in layer && layer.activation === 'relu') {
      y.forEach((v, j) => {
        y[j] = v > 0 ? v : 0;
      });
    }
    values[layer.name] = y;
  });
  const last = arch.layers[arch.layers.length - 1].name;
  const top = Math.max(...values[last]);
  const powers = Array.from(values[last], (z) => Math.exp(z - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  const gradients: Record<string, Values> = Object.fromEntries(
    Object.entries(values).map(([name, v]) => [name, new Float64Array(v.length)]),
  );
  gradients[last] = Float64Array.from(powers, (p, c) => p / sum - (c === label ? 1 : 0));
  const kernels: Record<string, Values> = {};
  for (let i = arch.layers.length - 1; i >= 0; i--) backward(arch, i, tensors, values, gradients, kernels);
  return { loss: Math.log(sum) + top - values[last][label], values, gradients, kernels };
}

type Loose = Readonly<Record<string, ArrayLike<number>>>;

/** Calls f(output, input, kernel) for every product of a convolution, with indices into the three arrays. */
function everyProduct(layer: ConvLayer | DepthwiseLayer, f: (o: number, i: number, k: number) => void): void {
  const [h, w, c] = layer.in;
  const [oh, ow, n] = layer.out;
  for (let y = 0; y < oh; y++)
    for (let x = 0; x < ow; x++)
      for (let ky = 0; ky < layer.kernel; ky++)
        for (let kx = 0; kx < layer.kernel; kx++) {
          const [iy, ix] = [y * layer.stride + ky - layer.pad, x * layer.stride + kx - layer.pad];
          if (iy < 0 || ix < 0 || iy >= h || ix >= w) continue;
          for (let u = 0; u < n; u++) {
            const o = (y * ow + x) * n + u;
            if (layer.kind === 'depthwise') {
              f(o, (iy * w + ix) * c + u, (ky * layer.kernel + kx) * c + u);
              continue;
            }
            for (let v = 0; v < c; v++) {
              f(o, (iy * w + ix) * c + v, ((ky * layer.kernel + kx) * c + v) * n + u);
            }
          }
        }
}
/** Calls f(output, inputs of its window). */
function everyWindow(layer: PoolLayer, f: (o: number, inputs: number[]) => void): void {
  const [, w, c] = layer.in;
  const [oh, ow] = layer.out;
  for (let y = 0; y < oh; y++)
    for (let x = 0; x < ow; x++)
      for (let u = 0; u < c; u++) {
        const inputs: number[] = [];
        for (let dy = 0; dy < layer.size; dy++)
          for (let dx = 0; dx < layer.size; dx++)
            inputs.push(((y * layer.stride + dy) * w + x * layer.stride + dx) * c + u);
        f((y * ow + x) * c + u, inputs);
      }
}
function everyDense(ins: number, outs: number, f: (o: number, i: number, k: number) => void): void {
  for (let i = 0; i < ins; i++) for (let o = 0; o < outs; o++) f(o, i, i * outs + o);
}
const winner = (x: Values, inputs: number[]) => inputs.reduce((a, b) => (x[b] > x[a] ? b : a));
function norm(layer: Extract<Layer, { kind: 'batchnorm' }>, tensors: Loose) {
  const { gamma, beta, mean, variance } = normNames(layer);
  return (u: number) => {
    const scale = tensors[gamma][u] / Math.sqrt(tensors[variance][u] + layer.epsilon);
    return { scale, shift: tensors[beta][u] - tensors[mean][u] * scale };
  };
}

function forward(layer: Layer, [x, x2]: Values[], tensors: Loose): Values {
  const y = new Float64Array(sizeOf(layer));
  switch (layer.kind) {
    case 'dense':
    case 'conv':
    case 'depthwise': {
      const kernel = tensors[kernelName(layer)];
      const n = outputSize(layer)[2];
      if (layer.bias) for (let o = 0; o < y.length; o++) y[o] = tensors[biasName(layer)][o % n];
      const product = (o: number, i: number, k: number) => {
        y[o] += x[i] * kernel[k];
      };
      if (layer.kind === 'dense') everyDense(layer.in, layer.out, product);
      else everyProduct(layer, product);
      return y;
    }
    case 'batchnorm': {
      const of = norm(layer, tensors);
      return y.map((_, i) => x[i] * of(i % layer.out[2]).scale + of(i % layer.out[2]).shift);
    }
    case 'add':
      return y.map((_, i) => x[i] + x2[i]);
    case 'globalpool':
      x.forEach((v, i) => {
        y[i % layer.in[2]] += v / (layer.in[0] * layer.in[1]);
      });
      return y;
    default:
      everyWindow(layer, (o, inputs) => {
        y[o] =
          layer.kind === 'maxpool'
            ? x[winner(x, inputs)]
            : inputs.reduce((sum, i) => sum + x[i], 0) / inputs.length;
      });
      return y;
  }
}

function backward(
  arch: Arch,
  index: number,
  tensors: Loose,
  values: Record<string, Values>,
  gradients: Record<string, Values>,
  kernels: Record<string, Values>,
): void {
  const layer = arch.layers[index];
  const [from, other] = sourcesOf(arch, index);
  const [x, dx] = [values[from], gradients[from]];
  // A copy: the gradient by the output itself is told, too.
  const dy = gradients[layer.name].slice();
  if ('activation' in layer && layer.activation === 'relu') {
    values[layer.name].forEach((v, i) => {
      if (v <= 0) dy[i] = 0;
    });
  }
  switch (layer.kind) {
    case 'dense':
    case 'conv':
    case 'depthwise': {
      const kernel = tensors[kernelName(layer)];
      const dw = new Float64Array(kernel.length);
      const product = (o: number, i: number, k: number) => {
        dx[i] += dy[o] * kernel[k];
        dw[k] += dy[o] * x[i];
      };
      if (layer.kind === 'dense') everyDense(layer.in, layer.out, product);
      else everyProduct(layer, product);
      kernels[kernelName(layer)] = dw;
      return;
    }
    case 'batchnorm': {
      const of = norm(layer, tensors);
      dy.forEach((d, i) => {
        dx[i] += d * of(i % layer.out[2]).scale;
      });
      return;
    }
    case 'add':
      dy.forEach((d, i) => {
        dx[i] += d;
        gradients[other][i] += d;
      });
      return;
    case 'globalpool':
      dx.forEach((_, i) => {
        dx[i] += dy[i % layer.in[2]] / (layer.in[0] * layer.in[1]);
      });
      return;
    default:
      everyWindow(layer, (o, inputs) => {
        if (layer.kind === 'maxpool') dx[winner(x, inputs)] += dy[o];
        else for (const i of inputs) dx[i] += dy[o] / inputs.length;
      });
  }
}

/** Mean over images of f of each image's gradient, by kernel. */
export function meanOver(traces: readonly Traced[], f: (g: number) => number): Tensors {
  const [first] = traces;
  return Object.fromEntries(
    Object.keys(first.kernels).map((name) => [
      name,
      Float32Array.from(first.kernels[name], (_, i) =>
        traces.reduce((sum, t) => sum + f(t.kernels[name][i]) / traces.length, 0),
      ),
    ]),
  );
}
