/**
 * The oracle: every op as plain loops over one array, slow and plain enough to be checked by eye. The tests
 * compare every other executor with it.
 */
import { addOps } from '../add/reference';
import { avgPoolOps } from '../avg-pool/reference';
import { batchNormOps } from '../batch-norm/reference';
import { convOps } from '../conv/reference';
import { denseOps } from '../dense/reference';
import { depthwiseOps } from '../depthwise/reference';
import { fakeQuantOps } from '../fake-quant/reference';
import { bitmapOps } from '../forms/bitmap/reference';
import { block4Ops } from '../forms/block4/reference';
import { codebookOps } from '../forms/codebook/reference';
import { csrOps } from '../forms/csr/reference';
import { int8Ops } from '../forms/int8/reference';
import { unpackOps } from '../forms/int8-weights/reference';
import { nmOps } from '../forms/nm/reference';
import { xnorOps } from '../forms/xnor/reference';
import { gateOps } from '../gates/reference';
import { gatherOps } from '../gather/reference';
import type { Machine } from '../machine';
import { maskOps } from '../mask/reference';
import { maxPoolOps } from '../max-pool/reference';
import { optimizerOps } from '../optimizer/reference';
import { patchesOps } from '../patches/reference';
import { penaltyOps } from '../penalty/reference';
import { scoreOps } from '../scores/reference';
import { softmaxLossOps } from '../softmax-loss/reference';

export function referenceMachine(): Machine {
  let bytes = new Uint8Array(0);
  let floats = new Float32Array(bytes.buffer);
  const view = () => floats;
  const raw = () => bytes;
  return {
    device: 'CPU plain',
    // 0 stands for "no bias" and "no mask", so nothing may live there.
    base: 16,
    reserve(size) {
      if (size <= bytes.length) return;
      const grown = new Uint8Array(Math.ceil(size / 16) * 16);
      grown.set(bytes);
      bytes = grown;
      floats = new Float32Array(bytes.buffer);
    },
    get bytes() {
      return bytes;
    },
    get floats() {
      return floats;
    },
    setScratch() {},
    ...gatherOps(view, raw),
    ...maskOps(view, raw),
    ...fakeQuantOps(view, raw),
    ...denseOps(view),
    ...int8Ops(view, raw),
    ...unpackOps(view, raw),
    ...codebookOps(view, raw),
    ...xnorOps(view, raw),
    ...convOps(view),
    ...bitmapOps(view),
    ...csrOps(view),
    ...depthwiseOps(view),
    ...patchesOps(view),
    ...maxPoolOps(view),
    ...avgPoolOps(view),
    ...batchNormOps(view),
    ...addOps(view),
    ...gateOps(view),
    ...penaltyOps(view),
    ...scoreOps(view, raw),
    ...softmaxLossOps(view, raw),
    ...optimizerOps(view, raw),
    ...block4Ops(view, raw),
    ...nmOps(view, raw),
  };
}
