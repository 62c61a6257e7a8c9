/** Training threads in Node. */
import { availableParallelism, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import * as Comlink from 'comlink';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import { remoteHand } from '../engine/crew/remote';
import type { HandApi, Staff } from '../engine/crew/types';

/** @param cores trainings side by side at most; all the machine has, unless told */
export const nodeStaff = (cores = availableParallelism()): Staff => ({
  cores,
  // The other programs need some, too.
  bytes: totalmem() / 3,
  hire(onGone) {
    const worker = new Worker(new URL('./hand.mjs', import.meta.url));
    worker.once('error', (error) => onGone(error.message));
    worker.once('exit', (code) => onGone(`exit code ${code}`));
    const api = Comlink.wrap<HandApi>(nodeEndpoint(worker as unknown as NodeEndpoint));
    return remoteHand(api, async () => {
      await worker.terminate();
    });
  },
});
