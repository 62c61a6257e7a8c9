/** Where Vite serves the binaries of the wasm package. Only for the browser: Node finds them itself. */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

export const wasmUrls = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  // Never asked for: threads are off (see wasm.ts), but the package insists on an entry.
  'tfjs-backend-wasm-threaded-simd.wasm': simd,
};
