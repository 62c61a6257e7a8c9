/** Training threads in a browser: workers of the lab's worker. */
import * as Comlink from 'comlink';
import { remoteHand } from '../engine/crew/remote';
import type { HandApi, Staff } from '../engine/crew/types';

const GIB = 2 ** 30;
/** From here on one is left to the page and to previews; smaller machines train on all they have. */
const MANY = 5;
/** Hardware threads beyond this many share too little memory bandwidth to be worth their memory. */
const MOST = 8;

const threads = navigator.hardwareConcurrency || 1;
/** Only some browsers tell, and none more than 8. */
const memory = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;

export const browserStaff: Staff = {
  cores: Math.min(MOST, threads < MANY ? threads : threads - 1),
  bytes: (memory * GIB) / 4,
  hire(onGone) {
    const worker = new Worker(new URL('./hand.ts', import.meta.url), { type: 'module', name: 'winnow-hand' });
    const dismiss = () => worker.terminate();
    worker.addEventListener('error', (event) => {
      // It may still be alive and hold a training that nobody waits for any more.
      dismiss();
      onGone(event.message || 'its script could not be loaded');
    });
    return remoteHand(Comlink.wrap<HandApi>(worker), dismiss);
  },
};
