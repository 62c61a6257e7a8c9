/** Lets the worker answer others during long work. */
const TURN_MS = 12;

/** @returns a function to await often: it gives way every few milliseconds, and else returns at once */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
