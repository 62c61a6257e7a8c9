/** Entry of the module: the op vocabulary of ../../contract.ts over pointers, each with its scratch. */
export { convBackwardInput, convBackwardWeights, convForward, convScratch, convShape } from './conv';
export { applyMask, fromBytes } from './convert';
export {
  biasGrad, denseBackwardInput, denseBackwardWeights, denseForward, denseScratch, pack, reluBackward,
} from './dense';
export { lastCorrect, softmaxLoss } from './loss';
export { adam, sgd } from './optim';
export { packedBytes } from './pack';
export { poolBackward, poolForward } from './pool';
/** First byte that is free: what lies below belongs to the module. */
export function heapBase(): usize {
  return (__heap_base + 1023) & ~1023;
}
