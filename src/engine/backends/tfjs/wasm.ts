/**
 * The wasm package in the browser needs to be told where its binaries are, and everywhere it needs
 * Conv2DBackpropFilter, without which no convolution trains.
 */
import * as tf from '@tensorflow/tfjs-core';
import { IN_NODE } from './runtime';

export async function prepareWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Threads come and go with the headers of whoever serves the page: one thread is the same everywhere.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!IN_NODE) setWasmPaths((await import('./wasm-urls')).wasmUrls);
  const known = tf.getKernel(tf.Conv2DBackpropFilter, 'wasm');
  if (known) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      // Operations hand their tensors to kernels as they are, though the types promise less.
      conv2dBackpropFilter(
        inputs as { x: tf.Tensor4D; dy: tf.Tensor4D },
        attrs as unknown as tf.Conv2DBackpropFilterAttrs,
      ),
  });
}

/**
 * dW[r, q] = X_rq' dY, where X_rq [n*oh*ow, cin] are the input pixels that filter tap (r, q) saw and
 * dY is [n*oh*ow, cout]: one strided slice and one matrix product per tap.
 */
function conv2dBackpropFilter(
  { x, dy }: { x: tf.Tensor4D; dy: tf.Tensor4D },
  { strides, pad, filterShape }: tf.Conv2DBackpropFilterAttrs,
): tf.TensorInfo {
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const { outHeight: oh, outWidth: ow, strideHeight: sh, strideWidth: sw, inChannels, outChannels } = info;
  const { top, bottom, left, right } = info.padInfo;
  const rows = info.batchSize * oh * ow;
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const out = tf.reshape(dy, [rows, outChannels]) as tf.Tensor2D;
    const taps: tf.Tensor[] = [];
    for (let r = 0; r < info.filterHeight; r++) {
      for (let q = 0; q < info.filterWidth; q++) {
        const end = [info.batchSize, r + (oh - 1) * sh + 1, q + (ow - 1) * sw + 1, inChannels];
        const seen = tf.stridedSlice(padded, [0, r, q, 0], end, [1, sh, sw, 1]);
        taps.push(tf.matMul(tf.reshape(seen, [rows, inChannels]) as tf.Tensor2D, out, true));
      }
    }
    return tf.reshape(tf.concat(taps, 0), filterShape);
  });
}
