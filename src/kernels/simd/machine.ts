/** The WASM SIMD executor: one instance, one memory. Ops are the module's exports with shapes spread out. */

import { WinnowError } from '../../spec/problem';
import type { ConvShape } from '../conv/contract';
import type { DepthwiseShape } from '../depthwise/contract';
import type { Machine } from '../machine';
import type { PoolShape } from '../max-pool/contract';
import type { Ptr } from '../memory';
import type { AdamRates, SgdRates } from '../optimizer/contract';
import { type Flavour, loadModule } from './load';

const PAGE = 65536;

type Numbers = (...values: number[]) => number;
type Exports = Record<string, Numbers> & { memory: WebAssembly.Memory };

const LABELS: Record<Flavour, string> = { simd: 'CPU SIMD', relaxed: 'CPU SIMD (relaxed)' };

/**
 * @throws WinnowError `kernels.load` when the module cannot be fetched; Error when the engine lacks the flavour's
 * instructions.
 */
export async function simdMachine(flavour: Flavour): Promise<Machine> {
  const instance = await WebAssembly.instantiate(await loadModule(flavour), {
    env: {
      abort: () => {
        throw new Error('kernels: aborted');
      },
    },
  });
  return bind(instance.exports as unknown as Exports, LABELS[flavour]);
}

/** @throws WinnowError `kernels.memory`; what is there already stays. */
function grow(memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages);
  } catch {
    const size = Math.ceil((pages * PAGE) / 2 ** 20);
    throw new WinnowError({
      code: 'kernels.memory',
      path: 'model',
      message: `this network needs ${size} MB more memory than WebAssembly gets here; choose a smaller network or batch`,
      values: { size },
    });
  }
}

function bind(ex: Exports, device: string): Machine {
  let bytes = new Uint8Array(ex.memory.buffer);
  let floats = new Float32Array(ex.memory.buffer);
  let scratch: Ptr = 0;
  const shape = (s: ConvShape) => ex.convShape(s.h, s.w, s.c, s.oh, s.ow, s.n, s.k, s.stride, s.pad);
  const pool = (s: PoolShape): [number, number, number, number, number, number, number] => [
    s.h,
    s.w,
    s.c,
    s.oh,
    s.ow,
    s.size,
    s.stride,
  ];
  const depthwise = (s: DepthwiseShape) => ex.depthwiseShape(s.h, s.w, s.c, s.oh, s.ow, s.k, s.stride, s.pad);
  return {
    device,
    base: ex.heapBase(),
    reserve(size) {
      const missing = size - ex.memory.buffer.byteLength;
      if (missing <= 0) return;
      grow(ex.memory, Math.ceil(missing / PAGE));
      bytes = new Uint8Array(ex.memory.buffer);
      floats = new Float32Array(ex.memory.buffer);
    },
    get bytes() {
      return bytes;
    },
    get floats() {
      return floats;
    },
    setScratch(at) {
      scratch = at;
    },
    fromBytes: (x, y, n, scale, shift) => void ex.fromBytes(x, y, n, scale, shift),
    augment: ({ h, w, c }, x, moves, y, batch, scale, shift) =>
      void ex.augment(x, moves, y, batch, h, w, c, scale, shift),
    fakeQuant: ({ n, ranges, bits, scheme }, w, mask, y) =>
      ex.fakeQuant(w, mask, y, n, ranges, bits, scheme === 'affine' ? 1 : 0) === 1,
    applyMask: (x, mask, y, n) => void ex.applyMask(x, mask, y, n),
    denseForward: (s, x, w, bias, y, batch, relu) =>
      void ex.denseForward(x, w, bias, y, batch, s.in, s.out, relu ? 1 : 0, scratch),
    denseBackwardWeights: (s, x, dy, dw, batch) =>
      void ex.denseBackwardWeights(x, dy, dw, batch, s.in, s.out, scratch),
    denseBackwardInput: (s, dy, w, dx, batch) =>
      void ex.denseBackwardInput(dy, w, dx, batch, s.in, s.out, scratch),
    scratchDense: (s, batch) => ex.denseScratch(batch, s.in, s.out),
    int8Forward: (s, x, { codes, scales, offsets }, bias, y, rows, relu) =>
      void ex.int8Forward(...[x, codes, scales, offsets, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch]),
    scratchInt8: (s, rows) => ex.int8Scratch(rows, s.in),
    int8WeightsForward: (s, x, { codes, scales, offsets }, bias, y, rows, relu) =>
      void ex.int8WeightsForward(
        ...[x, codes, scales, offsets, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch],
      ),
    int4Forward: (s, x, { codes, scales, offsets }, bias, y, rows, relu) =>
      void ex.int4Forward(...[x, codes, scales, offsets, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch]),
    scratchUnpack: (s, rows) => ex.unpackScratch(rows, s.in, s.out),
    codebookForward: (s, x, { table, indices, bits }, bias, y, rows, relu) =>
      void ex.codebookForward(
        ...[x, table, indices, bits, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch],
      ),
    scratchCodebook: (s, rows) => ex.codebookScratch(rows, s.in, s.out),
    xnorForward: (s, x, { signs, scales }, bias, y, rows, relu) =>
      void ex.xnorForward(x, signs, scales, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch),
    scratchXnor: (s, rows) => ex.xnorScratch(rows, s.in),
    packConv(s, w, packed) {
      shape(s);
      ex.packConv(w, packed);
    },
    packedConvBytes(s) {
      shape(s);
      return ex.packedConvBytes();
    },
    convForward(s, x, _w, packed, bias, y, batch, relu) {
      shape(s);
      ex.convForward(x, packed, bias, y, batch, relu ? 1 : 0, scratch);
    },
    convBackwardWeights(s, x, dy, dw, batch) {
      shape(s);
      ex.convBackwardWeights(x, dy, dw, batch, scratch);
    },
    convBackwardInput(s, dy, w, dx, batch) {
      shape(s);
      ex.convBackwardInput(dy, w, dx, batch, scratch);
    },
    scratchConv(s) {
      shape(s);
      return ex.convScratch();
    },
    csrForward: (s, x, { slices, slots, places, index, values }, bias, y, rows, relu) =>
      void ex.csrForward(
        ...[x, slices, slots, places, index, values, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch],
      ),
    bitmapForward: (s, x, { masks, starts, values }, bias, y, rows, relu) =>
      void ex.bitmapForward(...[x, masks, starts, values, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch]),
    scratchBitmap: (s, rows) => ex.bitmapScratch(s.in, s.out, rows),
    scratchCsr: (s) => ex.csrScratch(s.in, s.out),
    patches: ({ h, w, c, oh, ow, k, stride, pad }, x, y, from, rows) =>
      void ex.patches(x, y, from, rows, h, w, c, oh, ow, k, stride, pad),
    poolForward: (s, x, y, taps, batch) => void ex.poolForward(x, y, taps, batch, ...pool(s)),
    poolBackward: (s, dy, taps, dx, batch) => void ex.poolBackward(dy, taps, dx, batch, ...pool(s)),
    avgPoolForward: (s, x, y, batch) => void ex.avgPoolForward(x, y, batch, ...pool(s)),
    avgPoolBackward: (s, dy, dx, batch) => void ex.avgPoolBackward(dy, dx, batch, ...pool(s)),
    globalPoolForward: ({ h, w, c }, x, y, batch) => void ex.globalPoolForward(x, y, batch, h * w, c),
    globalPoolBackward: ({ h, w, c }, dy, dx, batch) => void ex.globalPoolBackward(dy, dx, batch, h * w, c),
    depthwiseForward(s, x, w, bias, y, batch, relu) {
      depthwise(s);
      ex.depthwiseForward(x, w, bias, y, batch, relu ? 1 : 0);
    },
    depthwiseBackwardWeights(s, x, dy, dw, batch) {
      depthwise(s);
      ex.depthwiseBackwardWeights(x, dy, dw, batch);
    },
    depthwiseBackwardInput(s, dy, w, dx, batch) {
      depthwise(s);
      ex.depthwiseBackwardInput(dy, w, dx, batch);
    },
    batchNormTrain: ({ c, epsilon, momentum }, x, gamma, beta, mean, variance, y, saved, rows, relu) =>
      void ex.batchNormTrain(
        ...[x, gamma, beta, mean, variance, y, saved, rows, c, epsilon, momentum, relu ? 1 : 0],
      ),
    batchNormEval: ({ c, epsilon }, x, gamma, beta, mean, variance, y, rows, relu) =>
      void ex.batchNormEval(x, gamma, beta, mean, variance, y, rows, c, epsilon, relu ? 1 : 0),
    batchNormBackward: ({ c }, x, dy, gamma, saved, dx, dgamma, dbeta, rows) =>
      void ex.batchNormBackward(x, dy, gamma, saved, dx, dgamma, dbeta, rows, c),
    add: (a, b, y, n, relu) => void ex.add(a, b, y, n, relu ? 1 : 0),
    biasGrad: (dy, db, rows, n) => void ex.biasGrad(dy, db, rows, n),
    reluBackward: (dy, y, n) => void ex.reluBackward(dy, y, n),
    softmaxLoss: (z, labels, dz, rows, classes, soft) =>
      soft
        ? ex.softmaxLoss(z, labels, dz, rows, classes, soft.teacher, soft.hard, soft.temperature)
        : ex.softmaxLoss(z, labels, dz, rows, classes, 0, 1, 1),
    lastCorrect: () => ex.lastCorrect(),
    block4Forward: (s, x, { order, starts, columns, values }, bias, y, rows, relu) =>
      void ex.block4Forward(
        ...[x, order, starts, columns, values, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch],
      ),
    scratchBlock4: (s) => ex.block4Scratch(s.in),
    nmForward: (s, x, { pattern, values, indices }, bias, y, rows, relu) =>
      void ex.nmForward(...[x, pattern, values, indices, bias, y, rows, s.in, s.out, relu ? 1 : 0, scratch]),
    scratchNm: (s) => ex.nmScratch(s.in),
    l1Gradient: (g, w, n, strength) => void ex.l1Gradient(g, w, n, strength),
    softThreshold: (w, n, t) => void ex.softThreshold(w, n, t),
    shrinkColumns: (w, rows, cols, t) => void ex.shrinkColumns(w, rows, cols, t * Math.sqrt(rows)),
    scaleRows: ({ rows, cols, units }, x, z, y) => void ex.scaleRows(x, z, y, rows, cols, units),
    dotRows: ({ rows, cols, units }, g, w, dz) => void ex.dotRows(g, w, dz, rows, cols, units),
    drawWeights: (w, s, mask, y, n, alive, [a, b, c]) => ex.drawWeights(w, s, mask, y, n, alive, a, b, c),
    scoreGradient: (g, w, s, n, factor, drawn) => void ex.scoreGradient(g, w, s, n, factor, drawn ? 1 : 0),
    adam(w, g, m, v, mask, n, rates, t) {
      ex.adam(w, g, m, v, mask, n, ...adamConstants(rates, t));
    },
    sgd(w, g, v, mask, n, { lr, momentum, nesterov, weightDecay = 0 }: SgdRates) {
      ex.sgd(w, g, v, mask, n, lr, momentum, nesterov ? 1 : 0, weightDecay);
    },
  };
}

/** Bias correction in double precision, as PyTorch does, then rounded once. */
function adamConstants(
  { lr, beta1, beta2, epsilon, weightDecay = 0, decoupled }: AdamRates,
  t: number,
): readonly number[] {
  const rate = lr / (1 - beta1 ** t);
  const scale = 1 / Math.sqrt(1 - beta2 ** t);
  const decay = decoupled ? [0, 1 - lr * weightDecay] : [weightDecay, 1];
  return [rate, beta1, beta2, 1 - beta1, 1 - beta2, scale, epsilon, ...decay];
}
