/** One worker per contestant, so that each has a device, a memory and a TensorFlow.js of its own. */
import { type Remote, wrap } from 'comlink';
import type { Contestant, ContestantId } from './worker';

const running = new Map<ContestantId, { worker: Worker; remote: Remote<Contestant> }>();

const contestants = {
  async open(id: ContestantId): Promise<string> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const remote = wrap<Contestant>(worker);
    running.set(id, { worker, remote });
    return remote.open(id);
  },
  of: (id: ContestantId): Remote<Contestant> => running.get(id)!.remote,
  /** Also ends what is still computing. */
  close(id: ContestantId): void {
    running.get(id)?.worker.terminate();
    running.delete(id);
  },
};
export type Contestants = typeof contestants;
Object.assign(window, { contestants });
