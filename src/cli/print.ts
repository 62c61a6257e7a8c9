import type { WriteStream } from 'node:tty';
import type { Metric, Row } from '../spec/types';
import type { Progress } from '../worker/api';

/** Progress on one line of a terminal, or a line every five seconds where there is none. Called without one: ends it. */
export function progressLine(out: WriteStream): (progress?: Progress) => void {
  let last = 0;
  let open = false;
  return (p) => {
    if (!p) {
      if (open) out.write('\n');
      open = false;
      return;
    }
    const now = performance.now();
    if (!out.isTTY && now - last < 5000 && p.done !== p.total) return;
    last = now;
    const left = Number.isFinite(p.secondsLeft) ? `${Math.ceil(p.secondsLeft)} s left` : '';
    const percent = Math.floor((100 * p.done) / Math.max(1, p.total));
    const where = p.running.map(({ at, replicate, step, steps }) => `${at}#${replicate} ${step}/${steps}`);
    const line = `${percent} %  ${where.join('  ')}  ${p.stepsPerSecond.toFixed(0)} steps/s  ${left}`;
    out.write(out.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
    open = out.isTTY;
  };
}

const COLUMNS: readonly Metric[] = [
  'test.accuracy',
  'stop.accuracy',
  'sparsity',
  'bytes',
  'macs',
  'latency.ms',
  'throughput',
];
const share = (value: number) => `${(100 * value).toFixed(2)} %`;
const FORMAT: Partial<Record<Metric, (value: number) => string>> = {
  'test.accuracy': share,
  'stop.accuracy': share,
  sparsity: share,
  'latency.ms': (v) => v.toFixed(4),
  throughput: (v) => v.toFixed(0),
};

/** One line for every plotted point, in the order of the run. */
export function table(rows: readonly Row[]): string {
  const points = new Map<string, Row[]>();
  // Only where some training keeps its early stop.
  const columns = COLUMNS.filter((m) => m !== 'stop.accuracy' || rows.some(({ metric }) => metric === m));
  for (const row of rows) {
    if (!COLUMNS.includes(row.metric)) continue;
    const key = `${row.replicate}\t${row.at}`;
    points.set(key, [...(points.get(key) ?? []), row]);
  }
  const lines = [...points.values()].map((point) => [
    point[0].at,
    point[0].arm ?? '',
    String(point[0].replicate),
    ...columns.map((metric) => {
      const row = point.find((r) => r.metric === metric);
      return row ? (FORMAT[metric] ?? String)(row.value) : '';
    }),
  ]);
  return aligned([['at', 'arm', 'replicate', ...columns], ...lines]);
}

/** Columns under their heads; the first two to the left. */
export function aligned(lines: readonly string[][]): string {
  const width = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = lines.map((line) =>
    line.map((cell, i) => (i < 2 ? cell.padEnd(width[i]) : cell.padStart(width[i]))),
  );
  return text.map((line) => line.join('  ').trimEnd()).join('\n');
}
