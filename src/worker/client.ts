/** The page's end of the worker: starts it, wraps it in comlink and says when it is gone. */
import * as Comlink from 'comlink';
import type { LabApi, LabEvent } from './api';

export interface LabClient {
  readonly api: Comlink.Remote<LabApi>;
  /** Hands events of the worker to `sink` and starts data and device. */
  boot(sink: (event: LabEvent) => void, want?: Parameters<LabApi['boot']>[1]): Promise<void>;
  dispose(): void;
}

/**
 * Starts the worker.
 * @param onDeath called once, when the script cannot be loaded, throws while starting or stops answering in comlink's terms
 */
export function startClient(onDeath: (reason: string) => void): LabClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'winnow' });
  let dead = false;
  const die = (reason: string) => {
    if (dead) return;
    dead = true;
    onDeath(reason);
  };
  worker.addEventListener('error', (e) => {
    e.preventDefault?.();
    die(e.message || 'The worker script could not be loaded.');
  });
  worker.addEventListener('messageerror', () => die('A message of the worker could not be read.'));
  const api = Comlink.wrap<LabApi>(worker);
  return {
    api,
    async boot(sink, want) {
      await api.boot(Comlink.proxy(sink), want);
    },
    dispose: () => worker.terminate(),
  };
}
