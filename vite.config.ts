import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { writeRegistries } from './scripts/registries.mjs';

/** Cross-origin isolation: shared memory for the workers and finer timers for the measurements. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
/** 127.0.0.1 is what every machine calls localhost; HOST=0.0.0.0 opens the lab to others on purpose. */
const listen = {
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 5173),
  strictPort: true,
  headers,
};

/** A criterion or method dropped into its folder while the page is open is in the menu at once. */
const registries: Plugin = {
  name: 'registries',
  apply: 'serve',
  configureServer({ watcher }) {
    for (const event of ['add', 'unlink']) watcher.on(event, () => writeRegistries());
  },
};

export default defineConfig({
  plugins: [react(), registries],
  // One page; a path that is not there is a 404 and not the page again, so that a missing shard is told as such.
  appType: 'mpa',
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: listen,
  preview: listen,
  optimizeDeps: {
    // The worker's packages are found late otherwise, and a late find reloads the page under development.
    include: [
      'comlink',
      'fast-png',
      'hyparquet',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-backend-webgpu',
    ],
  },
});
