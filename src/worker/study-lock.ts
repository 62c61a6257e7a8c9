/** Studies of several tabs take turns: a lock that the browser opens again when its tab is gone. */
import type { StudyLock } from '../engine/study/desk';

const NAME = 'winnow-studies';

/** Undefined where the browser has no such locks: tabs then do not know of each other. */
export const browserLock: StudyLock | undefined =
  navigator.locks &&
  (async (waiting, signal, work) => {
    let taken = false;
    await navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      taken = lock === null;
      if (lock) await work();
    });
    if (!taken) return;
    waiting();
    await navigator.locks.request(NAME, { signal }, work);
  });
