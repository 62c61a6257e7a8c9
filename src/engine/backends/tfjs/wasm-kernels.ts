/**
 * Gradients that the wasm package lacks or has wrong, in terms of its own operations: a kernel of k x k taps becomes
 * k * k operations on whole strided images. To be called in a tidy scope.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * dW[r, q] = X_rq' dY, where X_rq [n*oh*ow, cin] are the input pixels that filter tap (r, q) saw and
 * dY is [n*oh*ow, cout]: one strided slice and one matrix product per tap.
 */
export function conv2dBackpropFilter(
  { x, dy }: { x: tf.Tensor4D; dy: tf.Tensor4D },
  { strides, pad, filterShape }: tf.Conv2DBackpropFilterAttrs,
): tf.Tensor {
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const { inChannels, outChannels } = info;
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const out = tf.reshape(dy, [rows, outChannels]) as tf.Tensor2D;
  const taps = seenByTap(x, info, (seen) =>
    tf.matMul(tf.reshape(seen, [rows, inChannels]) as tf.Tensor2D, out, true),
  );
  return tf.reshape(tf.concat(taps, 0), filterShape);
}

/** dW[r, q, c] = sum over images and positions of what the tap saw times dY. One filter per channel. */
export function depthwiseBackpropFilter(
  { x, dy }: { x: tf.Tensor4D; dy: tf.Tensor4D },
  { strides, pad, filterShape }: tf.DepthwiseConv2dNativeBackpropFilterAttrs,
): tf.Tensor {
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, undefined, true);
  const taps = seenByTap(x, info, (seen) => tf.sum(tf.mul(seen, dy), [0, 1, 2]));
  return tf.reshape(tf.concat(taps, 0), filterShape);
}

/** dX: dY spread out by the stride, convolved with the mirrored filters. One filter per channel. */
export function depthwiseBackpropInput(
  { dy, filter }: { dy: tf.Tensor4D; filter: tf.Tensor4D },
  { strides, pad, inputShape }: tf.DepthwiseConv2dNativeBackpropInputAttrs,
): tf.Tensor {
  const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, undefined, true);
  const { filterHeight: kh, filterWidth: kw, padInfo } = info;
  const room: [number, number] = [inputShape[1] + kh - 1, inputShape[2] + kw - 1];
  const spread = spreadOut(dy, info, [kh - 1 - padInfo.top, kw - 1 - padInfo.left], room);
  return tf.depthwiseConv2d(spread, tf.reverse(filter, [0, 1]), 1, 'valid');
}

/** Windows without padding. The gradient goes to the first element of a window that equals its maximum. */
export function maxPoolGrad(
  { dy, input, output }: { dy: tf.Tensor4D; input: tf.Tensor4D; output: tf.Tensor4D },
  { filterSize, strides, pad }: tf.MaxPoolAttrs,
): tf.Tensor {
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
  const room: [number, number] = [info.inHeight, info.inWidth];
  let waiting: tf.Tensor4D = dy;
  const taps = seenByTap(input, info, (seen, tap) => {
    const here = tf.mul(waiting, tf.cast(tf.equal(seen, output), 'float32')) as tf.Tensor4D;
    waiting = tf.sub(waiting, here);
    return spreadOut(here, info, tap, room);
  });
  return taps.reduce((a, b) => tf.add(a, b));
}

type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Tap = [row: number, column: number];

/** Calls `visit` for each tap of the window with the input pixels [n, oh, ow, c] that it sees. */
function seenByTap(x: tf.Tensor4D, info: Info, visit: (seen: tf.Tensor, tap: Tap) => tf.Tensor): tf.Tensor[] {
  const { top, bottom, left, right } = info.padInfo;
  const { batchSize, outHeight, outWidth, strideHeight: sh, strideWidth: sw, inChannels } = info;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const taps: tf.Tensor[] = [];
  for (let r = 0; r < info.filterHeight; r++) {
    for (let q = 0; q < info.filterWidth; q++) {
      const end = [batchSize, r + (outHeight - 1) * sh + 1, q + (outWidth - 1) * sw + 1, inChannels];
      taps.push(visit(tf.stridedSlice(padded, [0, r, q, 0], end, [1, sh, sw, 1]), [r, q]));
    }
  }
  return taps;
}

/** Zeros [n, height, width, c] with y's pixel (i, j) at (top + i * stride, left + j * stride). */
function spreadOut(y: tf.Tensor4D, info: Info, [top, left]: Tap, [height, width]: Tap): tf.Tensor4D {
  const { strideHeight: sh, strideWidth: sw } = info;
  const [n, oh, ow, c] = y.shape;
  const [h, w] = [(oh - 1) * sh + 1, (ow - 1) * sw + 1];
  // Zeros behind each pixel, then behind each row of pixels.
  const pixels = tf.pad(tf.reshape(y, [n * oh * ow, c]), [
    [0, 0],
    [0, (sw - 1) * c],
  ]);
  const rows = tf.pad(tf.reshape(pixels, [n * oh, ow * sw * c]), [
    [0, 0],
    [0, (sh - 1) * ow * sw * c],
  ]);
  const wide = tf.slice(tf.reshape(rows, [n, oh * sh, ow * sw, c]), [0, 0, 0, 0], [n, h, w, c]);
  return tf.pad(wide, [
    [0, 0],
    [top, height - h - top],
    [left, width - w - left],
    [0, 0],
  ]) as tf.Tensor4D;
}
