/** The hand inside the lab: same work, same thread, the lab's own backend. */
import type { Backend } from '../types';
import { makeHand } from './hand';
import type { Hire } from './types';

/** Networks kept open: arms and replicates are of one shape, factorized ones of another. */
const KEPT = 4;

/** One training at a time between the lab's other work: for GPUs, and where no thread can be had. */
export const localHire =
  (backend: Backend): Hire =>
  () => {
    const api = makeHand(async () => backend, KEPT);
    return { api, thread: false, dismiss: () => api.close() };
  };
