/** Undo and redo as two stacks of immutable values. */
export const HISTORY_LIMIT = 100;

export interface Timeline<T> {
  past: T[];
  present: T;
  future: T[];
}

/** Goes on to `next`; the oldest entries fall off beyond the limit, and what was undone is gone. */
export function advance<T>({ past, present }: Timeline<T>, next: T, limit = HISTORY_LIMIT): Timeline<T> {
  return { past: [...past, present].slice(-limit), present: next, future: [] };
}
/** One step back; the same timeline when there is none. */
export function back<T>(t: Timeline<T>): Timeline<T> {
  if (t.past.length === 0) return t;
  return { past: t.past.slice(0, -1), present: t.past[t.past.length - 1], future: [t.present, ...t.future] };
}
/** One step forward; the same timeline when there is none. */
export function forth<T>(t: Timeline<T>): Timeline<T> {
  if (t.future.length === 0) return t;
  return { past: [...t.past, t.present], present: t.future[0], future: t.future.slice(1) };
}
