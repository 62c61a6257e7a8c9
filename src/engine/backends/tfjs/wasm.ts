/**
 * The wasm package needs to be told in the browser where its binaries are, and everywhere it needs the gradients that
 * it lacks or has wrong. They are written as its own operations.
 */
import * as tf from '@tensorflow/tfjs-core';
import { IN_NODE } from './runtime';
import {
  conv2dBackpropFilter,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  maxPoolGrad,
} from './wasm-kernels';

export async function prepareWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Threads come and go with the headers of whoever serves the page: one thread is the same everywhere.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!IN_NODE) setWasmPaths((await import('./wasm-urls')).wasmUrls);
  if (tf.getKernel(tf.Conv2DBackpropFilter, 'wasm')) return;
  register(tf.Conv2DBackpropFilter, conv2dBackpropFilter);
  register(tf.DepthwiseConv2dNativeBackpropFilter, depthwiseBackpropFilter);
  register(tf.DepthwiseConv2dNativeBackpropInput, depthwiseBackpropInput);
  // Its own one looks for the maximum from the smallest positive number up, so that others are never found.
  tf.unregisterKernel(tf.MaxPoolGrad, 'wasm');
  register(tf.MaxPoolGrad, maxPoolGrad);
}

function register<I, A>(kernelName: string, kernel: (inputs: I, attrs: A) => tf.Tensor): void {
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    // Operations hand their tensors to kernels as they are, though the types promise less.
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => kernel(inputs as I, attrs as unknown as A)),
  });
}
