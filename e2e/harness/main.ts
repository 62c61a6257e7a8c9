/** Starts the worker that computes, as in the lab, and lets the test call it as `window.harness`. */
import { wrap } from 'comlink';
import type { Harness } from './worker';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
Object.assign(window, { harness: wrap<Harness>(worker) });
