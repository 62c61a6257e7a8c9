// What keeps the page from answering: its main thread's tasks, from Chromium's own trace.
import type { Page } from '@playwright/test';

/** A task shorter than this is not felt (RAIL: answers within 100 ms, half of it for what is going on already). */
export const FELT_MS = 50;

export interface Tasks {
  /** Longest task in ms by the clock, and by the processor time of the thread: the machine may be busy elsewhere. */
  longest: number;
  longestCpu: number;
  /** How many took more than `FELT_MS`, by either measure. */
  felt: number;
  feltCpu: number;
  /** Processor seconds of the main thread in all. */
  cpu: number;
}
interface TraceEvent {
  name: string;
  ph: string;
  cat: string;
  pid: number;
  tid: number;
  ts: number;
  /** Microseconds by the clock and of the thread's processor time. */
  dur?: number;
  tdur?: number;
}
const [BEGIN, END] = ['bench-begin', 'bench-end'];

/** Tasks of the page's main thread while `work` goes on. Starting and ending the trace is not counted. */
export async function tasksDuring(page: Page, work: () => Promise<void>): Promise<Tasks> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'devtools.timeline', 'blink.user_timing'],
      excludedCategories: ['*'],
      traceBufferSizeInKb: 400_000,
    },
  });
  const mark = (name: string) => page.evaluate((n) => void performance.mark(n), name);
  await mark(BEGIN);
  await work();
  await mark(END);
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return summaryOf(events);
}

function summaryOf(events: readonly TraceEvent[]): Tasks {
  const [begin, end] = [BEGIN, END].map((name) =>
    events.find((e) => e.name === name && e.cat.includes('blink.user_timing')),
  );
  if (!begin || !end) throw new Error('the trace lacks its marks');
  // The marks are made on the page's main thread.
  const tasks = events.filter(
    (e) =>
      /(^|::)RunTask$/.test(e.name) &&
      e.ph === 'X' &&
      e.pid === begin.pid &&
      e.tid === begin.tid &&
      e.ts > begin.ts &&
      e.ts < end.ts,
  );
  const wall = tasks.map((e) => (e.dur ?? 0) / 1000);
  const cpu = tasks.map((e) => (e.tdur ?? 0) / 1000);
  return {
    longest: wall.reduce((a, b) => Math.max(a, b), 0),
    longestCpu: cpu.reduce((a, b) => Math.max(a, b), 0),
    felt: wall.filter((ms) => ms > FELT_MS).length,
    feltCpu: cpu.filter((ms) => ms > FELT_MS).length,
    cpu: cpu.reduce((a, b) => a + b, 0) / 1000,
  };
}
