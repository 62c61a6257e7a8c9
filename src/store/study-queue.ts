/** Which studies are to be run, remembered over reloads and crashes: their texts only, results are in the vault. */
import { z } from 'zod';
import { recall, remember } from '../app/memory';
import { decodeStudy, encodeStudy } from '../studies/link';
import type { Study } from '../studies/types';

export interface Plans {
  /** One after the other, the first is next. */
  queue: Study[];
  /** What was running when this was written. */
  running?: Study;
  /** What was on screen. */
  shown?: Study;
}
const KEY = 'winnow.studies';
export const QUEUE_MOST = 20;
const schema = z.object({
  queue: z.array(z.string()).max(QUEUE_MOST),
  running: z.string().optional(),
  shown: z.string().optional(),
});

/** Texts that say something wrong are left out: they were written here, so this is an older or newer version's. */
export function recallPlans(): Plans {
  try {
    const { queue, running, shown } = schema.parse(JSON.parse(recall(KEY) ?? '{"queue":[]}'));
    const read = (text: string | undefined): Study[] => {
      const read = text === undefined ? undefined : decodeStudy(text);
      return read && read.problems.length === 0 ? [read.study] : [];
    };
    return { queue: queue.flatMap(read), running: read(running)[0], shown: read(shown)[0] };
  } catch {
    return { queue: [] };
  }
}
export function rememberPlans({ queue, running, shown }: Plans): void {
  const text = (study: Study | undefined) => study && encodeStudy(study);
  remember(
    KEY,
    JSON.stringify({ queue: queue.map(encodeStudy), running: text(running), shown: text(shown) }),
  );
}

/** The list with the entry moved by one place; the same list at its ends. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const to = index + by;
  const next = [...list];
  if (index < 0 || index >= list.length || to < 0 || to >= list.length) return next;
  [next[index], next[to]] = [next[to], next[index]];
  return next;
}
