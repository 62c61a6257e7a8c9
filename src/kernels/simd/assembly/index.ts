/** Entry of the module: the op vocabulary of ../../machine.ts over pointers, each with its scratch. */
export { add } from '../../add/assembly';
export { avgPoolBackward, avgPoolForward, globalPoolBackward, globalPoolForward } from '../../avg-pool/assembly';
export { batchNormBackward, batchNormEval, batchNormTrain } from '../../batch-norm/assembly';
export {
  convBackwardInput, convBackwardWeights, convForward, convScratch, convShape, packConv, packedConvBytes,
} from '../../conv/assembly';
export {
  biasGrad, denseBackwardInput, denseBackwardWeights, denseForward, denseScratch, reluBackward,
} from '../../dense/assembly';
export {
  depthwiseBackwardInput, depthwiseBackwardWeights, depthwiseForward, depthwiseShape,
} from '../../depthwise/assembly';
export { fakeQuant } from '../../fake-quant/assembly';
export { block4Forward, block4Scratch } from '../../forms/block4/assembly';
export { nmForward, nmScratch } from '../../forms/nm/assembly';
export { bitmapForward, bitmapScratch } from '../../forms/bitmap/assembly';
export { csrForward, csrScratch } from '../../forms/csr/assembly';
export { codebookForward, codebookScratch } from '../../forms/codebook/assembly';
export { int8Forward, int8Scratch } from '../../forms/int8/assembly';
export { int4Forward, int8WeightsForward, unpackScratch } from '../../forms/int8-weights/assembly';
export { xnorForward, xnorScratch } from '../../forms/xnor/assembly';
export { dotRows, scaleRows } from '../../gates/assembly';
export { augment, fromBytes } from '../../gather/assembly';
export { applyMask } from '../../mask/assembly';
export { poolBackward, poolForward } from '../../max-pool/assembly';
export { adam, sgd } from '../../optimizer/assembly';
export { patches } from '../../patches/assembly';
export { l1Gradient, shrinkColumns, softThreshold } from '../../penalty/assembly';
export { drawWeights, scoreGradient } from '../../scores/assembly';
export { lastCorrect, softmaxLoss } from '../../softmax-loss/assembly';
/** First byte that is free: what lies below belongs to the module. */
export function heapBase(): usize {
  return (__heap_base + 1023) & ~1023;
}
