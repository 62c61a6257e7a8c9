// A study of tickets by our threads and by PyTorch on the same cores: 5 seeds, 3 arms, 12 rounds of LeNet-300-100. Scaled
// down to 200 steps a round; LOTTERY_STEPS=5000 is the full size. LOTTERY_SEEDS and LOTTERY_ROUNDS make it smaller.
// PyTorch runs as two processes of one thread or as one of two, whichever a short race finds faster.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hash } from '../src/catalog';
import { dataDir, fileReader } from '../src/cli/file-reader';
import { nodeStaff } from '../src/cli/staff';
import { openDataset } from '../src/datasets/open';
import { Lab } from '../src/engine/lab';
import type { Row } from '../src/spec/types';
import { defaultStudy, partsOf } from '../src/studies';
import { readings } from '../src/studies/readings';
import { armSeries } from '../src/studies/series';
import { row } from './stats';
import type { Bench, BenchRow } from './types';

const size = (name: string, usual: number) => Number(process.env[`LOTTERY_${name}`] ?? usual);
const [STEPS, SEEDS, ROUNDS] = [size('STEPS', 200), size('SEEDS', 5), size('ROUNDS', 12)];
const CORES = Math.min(2, availableParallelism());

interface Timed {
  wall: number;
  cpu: number;
  /** Test accuracy at early stop and at the end, by arm and round. */
  accuracy: Record<string, readonly number[]>;
}

async function ours(): Promise<Timed> {
  const study = {
    ...defaultStudy(),
    with: { steps: STEPS, rounds: ROUNDS, shuffle: true },
    replicates: SEEDS,
  };
  const [{ experiment }] = partsOf(study);
  const rows: Row[] = [];
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    (event) => event.type === 'rows' && rows.push(...event.rows),
    undefined,
    nodeStaff(CORES),
  );
  await lab.use('simd');
  await lab.open('mnist').complete;
  const [began, before] = [performance.now(), process.cpuUsage()];
  if (!(await lab.run(experiment))) throw new Error('the study failed');
  const wall = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  await lab.dispose();
  const accuracy = armSeries(readings(study, rows)).flatMap(({ id, points }) =>
    points.map(({ round, stop, end }) => [
      `${round === 0 ? 'dense' : id} ${round}`,
      [stop?.mean ?? Number.NaN, end?.mean ?? Number.NaN],
    ]),
  );
  return { wall, cpu: (user + system) / 1e6, accuracy: Object.fromEntries(accuracy) };
}

const run = promisify(execFile);
const script = fileURLToPath(new URL('./lottery.py', import.meta.url));
/** Undefined where no python has torch. */
async function theirs(
  file: string,
  counts: readonly number[],
  timeout = 0,
): Promise<(Timed & { torch: string }) | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const has = await run(python, ['-c', 'import torch']).then(
      () => true,
      () => false,
    );
    if (!has) continue;
    const { stdout } = await run(python, [script, file, ...counts.map(String)], { timeout });
    return JSON.parse(stdout);
  }
}

async function mnistFile(dir: string): Promise<string> {
  const { train, val, test, complete } = openDataset('mnist', fileReader(dataDir('mnist')));
  await complete;
  const file = join(dir, 'mnist');
  const splits = [train, val, test].flatMap(({ pixels, labels }) => [pixels, labels]);
  await writeFile(file, Buffer.concat(splits.map((s) => new Uint8Array(s))));
  return file;
}

/** LOTTERY_TORCH=2x1 says processes and threads, and spares the race. */
const told = /^(\d+)x(\d+)$/.exec(process.env.LOTTERY_TORCH ?? '');
const WAYS = told
  ? [{ processes: Number(told[1]), threads: Number(told[2]) }]
  : [
      { processes: CORES, threads: 1 },
      { processes: 1, threads: CORES },
    ];

export const bench: Bench = async (log) => {
  const what = `${SEEDS} seeds, 3 arms, ${ROUNDS} rounds of ${STEPS} steps, ${CORES} cores`;
  const here = await ours();
  log(`${what}: ours ${here.wall.toFixed(1)} s (${here.cpu.toFixed(1)} s of processor time)`);
  const rows: BenchRow[] = [
    row('lottery', `${what}: ours`, 's', [here.wall], `${here.cpu.toFixed(1)} s of CPU time`),
  ];
  const dir = await mkdtemp(join(tmpdir(), 'winnow-'));
  try {
    const file = await mnistFile(dir);
    const races = [];
    for (const way of WAYS) {
      // Two seeds, so that two processes have something to share.
      const counts = [100, 1, 2, way.processes, way.threads];
      // On a busy machine threads of one process wait for each other without end.
      const raced = told ? { wall: 0 } : await theirs(file, counts, 180_000).catch(() => undefined);
      if (raced) races.push({ ...way, wall: raced.wall });
    }
    if (races.length === 0) {
      return [
        ...rows,
        {
          part: 'lottery',
          what: 'PyTorch',
          value: Number.NaN,
          unit: 's',
          n: 0,
          note: 'no python with torch, or too slow to race',
        },
      ];
    }
    const way = races.reduce((best, one) => (one.wall < best.wall ? one : best));
    const there = await theirs(file, [STEPS, ROUNDS, SEEDS, way.processes, way.threads]);
    if (!there) throw new Error('PyTorch has gone');
    const how = `${there.torch}, ${way.processes} x ${way.threads} threads`;
    const ratio = there.wall / here.wall;
    log(
      `${how}: ${there.wall.toFixed(1)} s (${there.cpu.toFixed(1)} s of processor time): ours is ${ratio.toFixed(2)}x as fast`,
    );
    rows.push(
      row('lottery', `${what}: PyTorch`, 's', [there.wall], `${how}; ${there.cpu.toFixed(1)} s of CPU time`),
    );
    rows.push(row('lottery', `${what}: PyTorch / ours`, 'x', [ratio]));
    rows.push(row('lottery', `${what}: PyTorch / ours, CPU time`, 'x', [there.cpu / here.cpu]));
    for (const name of ['dense 0', ...['ticket', 'reinit', 'shuffle'].map((arm) => `${arm} ${ROUNDS}`)]) {
      const show = (timed: Timed) =>
        (timed.accuracy[name] ?? []).map((v) => `${(100 * v).toFixed(2)} %`).join(' / ');
      log(`${name}, early stop / end: ours ${show(here)}, PyTorch ${show(there)}`);
    }
    return rows;
  } finally {
    await rm(dir, { recursive: true });
  }
};
