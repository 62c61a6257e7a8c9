/** The WASM SIMD executor: one instance, one memory. Ops are the module's exports with shapes spread out. */
import { addOps } from '../add/reference';
import { avgPoolOps } from '../avg-pool/reference';
import { batchNormOps } from '../batch-norm/reference';
import type { ConvShape } from '../conv/contract';
import { depthwiseOps } from '../depthwise/reference';
import { gatherOps } from '../gather/reference';
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
  const view = () => floats;
  return {
    // Ops that have no SIMD kernel yet run as the reference.
    ...addOps(view),
    ...avgPoolOps(view),
    ...batchNormOps(view),
    ...depthwiseOps(view),
    ...gatherOps(view, () => bytes),
    device,
    base: ex.heapBase(),
    reserve(size) {
      const missing = size - ex.memory.buffer.byteLength;
      if (missing <= 0) return;
      ex.memory.grow(Math.ceil(missing / PAGE));
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
    applyMask: (x, mask, y, n) => void ex.applyMask(x, mask, y, n),
    pack: (w, packed, k, n) => void ex.pack(w, packed, k, n),
    packedBytes: (k, n) => ex.packedBytes(k, n),
    denseForward: (s, x, w, packed, bias, y, batch, relu) =>
      void ex.denseForward(x, w, packed, bias, y, batch, s.in, s.out, relu ? 1 : 0, scratch),
    denseBackwardWeights: (s, x, dy, dw, batch) =>
      void ex.denseBackwardWeights(x, dy, dw, batch, s.in, s.out, scratch),
    denseBackwardInput: (s, dy, w, dx, batch) =>
      void ex.denseBackwardInput(dy, w, dx, batch, s.in, s.out, scratch),
    scratchDense: (s, batch) => ex.denseScratch(batch, s.in, s.out),
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
    poolForward: (s, x, y, taps, batch) => void ex.poolForward(x, y, taps, batch, ...pool(s)),
    poolBackward: (s, dy, taps, dx, batch) => void ex.poolBackward(dy, taps, dx, batch, ...pool(s)),
    biasGrad: (dy, db, rows, n) => void ex.biasGrad(dy, db, rows, n),
    reluBackward: (dy, y, n) => void ex.reluBackward(dy, y, n),
    softmaxLoss: (z, labels, dz, rows, classes) => ex.softmaxLoss(z, labels, dz, rows, classes),
    lastCorrect: () => ex.lastCorrect(),
    adam(w, g, m, v, mask, n, rates, t) {
      ex.adam(w, g, m, v, mask, n, ...adamConstants(rates, t));
    },
    sgd(w, g, v, mask, n, { lr, momentum, nesterov }: SgdRates) {
      ex.sgd(w, g, v, mask, n, lr, momentum, nesterov ? 1 : 0);
    },
  };
}

/** Bias correction in double precision, as PyTorch does, then rounded once. */
function adamConstants(
  { lr, beta1, beta2, epsilon }: AdamRates,
  t: number,
): [number, number, number, number, number, number, number] {
  const rate = lr / (1 - beta1 ** t);
  const scale = 1 / Math.sqrt(1 - beta2 ** t);
  return [rate, beta1, beta2, 1 - beta1, 1 - beta2, scale, epsilon];
}
