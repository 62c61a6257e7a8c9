/** A hand on another thread, spoken to through comlink: what must be a proxy or may be moved is made so here. */
import * as Comlink from 'comlink';
import type { Hand, HandApi } from './types';

/** @param dismiss ends the thread */
export const remoteHand = (api: Comlink.Remote<HandApi>, dismiss: Hand['dismiss']): Hand => ({
  thread: true,
  dismiss,
  api: {
    open: (backend) => api.open(backend),
    data: (splits) => api.data(splits),
    more(part) {
      const { bytes } = part;
      return api.more(
        bytes ? Comlink.transfer(part, [bytes.pixels.buffer, bytes.labels.buffer]) : part,
      ) as Promise<void>;
    },
    lost: (problem) => api.lost(problem),
    train: (job, tell) => api.train(job, Comlink.proxy(tell)),
    steer: (state) => api.steer(state),
    close: () => api.close(),
  },
});
