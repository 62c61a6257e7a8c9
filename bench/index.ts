// `npm run bench [-- part ...]`: measures what this machine does and asserts nothing. Prints a table and writes
// bench/results/<date>-<device>.csv, which stays out of git unless somebody chooses to keep one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchRow } from './types';

/** Loaded when their turn comes: what one part needs must not keep the others from running. */
const parts: Record<string, Bench> = {
  kernels: async () => {
    const { benchKernels } = await import('./kernels');
    const { benchEvaluation } = await import('./evaluation');
    const rounds = 7;
    const steps = (await benchKernels(rounds)).map((r) => ({
      part: 'kernels',
      what: `${r.network}, ${r.contestant}: Adam step of ${r.batch} images`,
      value: r.wall,
      unit: 'ms',
      n: rounds,
      note: `${r.cpu.toFixed(2)} ms of CPU time${r.ratio ? `, ${r.ratio.toFixed(2)}x PyTorch's` : ''}`,
    }));
    return [...steps, ...(await benchEvaluation())];
  },
  steps: async (log) => (await import('./steps')).bench(log),
  tfjs: async (log) => (await import('./tfjs')).bench(log),
  webgpu: async (log) => (await import('./webgpu')).bench(log),
  pool: async (log) => (await import('./pool')).bench(log),
  page: async (log) => (await import('./page')).bench(log),
  speed: async (log) => (await import('./speed')).bench(log),
  lottery: async (log) => (await import('./lottery')).bench(log),
  tickets: async (log) => (await import('./tickets')).bench(log),
};
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const device = `${cpus().length}x ${cpus()[0].model.trim()}`;

const show = (value: number) =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

function table(rows: BenchRow[]): string {
  const lines = rows.map((r) => [
    r.part,
    r.what,
    Number.isNaN(r.value) ? 'NOT RUN' : `${show(r.value)} ${r.unit}`,
    r.q1 === undefined || r.q3 === undefined ? '' : `${show(r.q1)}..${show(r.q3)}`,
    String(r.n),
    r.note ?? '',
  ]);
  const all = [['part', 'what', 'median', 'quartiles', 'n', 'note'], ...lines];
  const widths = all[0].map((_, i) => Math.max(...all.map((line) => line[i].length)));
  return all.map((line) => line.map((cell, i) => cell.padEnd(widths[i])).join('  ')).join('\n');
}

const quote = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;

function csv(rows: BenchRow[]): string {
  const columns = ['part', 'what', 'value', 'unit', 'q1', 'q3', 'n', 'note'] as const;
  const lines = rows.map((r) => [
    ...columns.map((c) => quote(Number.isNaN(r[c]) ? 'NOT RUN' : r[c])),
    quote(device),
    quote(process.version),
  ]);
  return [[...columns, 'device', 'node'].join(','), ...lines.map((l) => l.join(','))].join('\n').concat('\n');
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const rows: BenchRow[] = [];
let failed = 0;
for (const name of wanted.length ? wanted : Object.keys(parts)) {
  console.log(`${name} ...`);
  try {
    rows.push(...(await parts[name]((line) => console.log(`  ${line}`))));
  } catch (error) {
    failed++;
    console.log(`${name}: NOT RUN to its end: ${error instanceof Error ? error.stack : error}`);
  }
}
console.log(`\n${device}\n${table(rows)}`);

const file = here(
  `results/${new Date().toISOString().slice(0, 10)}-${device.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.csv`,
);
mkdirSync(here('results'), { recursive: true });
writeFileSync(file, csv(rows));
console.log(`\nWritten to ${file}`);
process.exit(failed ? 1 : 0);
