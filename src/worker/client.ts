/** The page's end of the worker: starts it, wraps it in comlink and says when it is gone. */
import * as Comlink from 'comlink';
import type { LabApi, LabEvent } from './api';

export interface LabClient {
  readonly api: Comlink.Remote<LabApi>;
  /** Hands events of the worker to `sink` and starts data and device. */
  boot(sink: (event: LabEvent) => void, want?: Parameters<LabApi['boot']>[1], data?: string): Promise<void>;
  /** Whether the worker's event loop answers within so many milliseconds. */
  alive(ms: number): Promise<boolean>;
  dispose(): void;
}

/**
 * Starts the worker.
 * @param onError told of every uncaught error; `fatal` when the worker had not come up yet and so never will
 */
export function startClient(onError: (reason: string, fatal: boolean) => void): LabClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'winnow' });
  let up = false;
  worker.addEventListener('error', (e) => {
    onError(e.message || 'The worker script could not be loaded.', !up);
  });
  worker.addEventListener('messageerror', () => onError('A message of the worker could not be read.', false));
  const api = Comlink.wrap<LabApi>(worker);
  return {
    api,
    async boot(sink, want, data) {
      await api.boot(Comlink.proxy(sink), want, data);
      up = true;
    },
    alive(ms) {
      // Reading a property that does not exist is comlink's shortest round trip.
      const answer = Promise.resolve((api as unknown as { alive: Promise<unknown> }).alive).then(() => true);
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ms));
      return Promise.race([answer, late]);
    },
    dispose: () => worker.terminate(),
  };
}
