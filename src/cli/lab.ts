/** The lab without a screen: `npm run lab -- <link | preset | file.json> [--backend NAME] [--threads N] [--json OUT]`. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hash, presets, stripDefaults } from '../catalog';
import { Lab } from '../engine/lab';
import type { BackendId } from '../engine/types';
import { type Problem, WinnowError } from '../spec/problem';
import { inRunOrder } from '../spec/row-order';
import type { Experiment, Row } from '../spec/types';
import type { Study } from '../studies/types';
import type { LabEvent } from '../worker/api';
import { dataDir, fileReader } from './file-reader';
import { readExperiment } from './input';
import { progressLine, table } from './print';
import { nodeStaff } from './staff';
import { readStudy, runStudy, STUDY_USAGE } from './study';

const BACKENDS: readonly BackendId[] = ['simd', 'reference', 'wasm', 'cpu'];
const USAGE = `npm run lab -- <link | preset | file.json> [--backend NAME] [--threads N] [--json OUT]

  preset     ${presets.map((p) => p.id).join(', ')}
  link       what the Share button gives, in quotes
  file.json  an experiment as data
  --backend  ${BACKENDS.join(', ')} (default: the fastest there is)
  --threads  trainings side by side at most (default: what the machine has); 0 trains in the program's own thread
  --json     writes { experiment, hash, device, rows } to this file

${STUDY_USAGE}`;

/** Exit codes: 0 done, 1 failed while running, 2 bad input. */
async function main(): Promise<number> {
  const { positionals, values } = args();
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const isStudy = positionals[0] === 'study';
  if (positionals.length !== (isStudy ? 2 : 1)) {
    throw bad('arguments', `expected one link, preset or file, got ${positionals.length}\n\n${USAGE}`);
  }
  const backend = values.backend ?? 'auto';
  if (backend !== 'auto' && !BACKENDS.includes(backend as BackendId)) {
    throw bad('backend', `must be one of ${BACKENDS.join(', ')}, got "${backend}"`);
  }
  const threads = values.threads === undefined ? undefined : Number(values.threads);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0)) {
    throw bad('threads', `must be a whole number from 0 on, got "${values.threads}"`);
  }
  const wanted = isStudy
    ? { study: await readStudy(positionals[1]) }
    : { experiment: await readExperiment(positionals[0]) };
  // Hours of computing must not end at a folder that is not there.
  if (values.json !== undefined) await refuseUnwritable(values.json);
  const { json, csv = false } = values;
  const how = { backend: backend as BackendId | 'auto', threads };
  return wanted.study ? study(wanted.study, how, { json, csv }) : execute(wanted.experiment, how, json);
}

interface How {
  backend: BackendId | 'auto';
  /** Trainings side by side at most; 0: in this thread. */
  threads: number | undefined;
}
const openLab = ({ threads }: How, tell: (event: LabEvent) => void): Lab =>
  new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    tell,
    undefined,
    threads === 0 ? undefined : nodeStaff(threads),
  );

async function study(wanted: Study, how: How, out: { json?: string; csv: boolean }): Promise<number> {
  const lab = openLab(how, (event) => event.type === 'problem' && console.error(describe(event.problem)));
  const { device } = await lab.use(how.backend);
  process.once('SIGINT', () => void lab.stopStudy());
  const code = await runStudy(lab, wanted, { ...out, device, print: progressLine(process.stderr) });
  await lab.dispose();
  return code;
}

async function execute(experiment: Experiment, how: How, out: string | undefined): Promise<number> {
  let rows: Row[] = [];
  let failed = false;
  const print = progressLine(process.stderr);
  const lab = openLab(how, (event) => {
    if (event.type === 'rows') rows.push(...event.rows);
    if (event.type === 'progress') print(event.progress);
    if (event.type === 'problem') {
      // A lost thread's training is done elsewhere.
      failed ||= event.problem.code !== 'crew.lost';
      console.error(describe(event.problem));
    }
  });
  const { device } = await lab.use(how.backend);
  const id = hash(experiment);
  console.error(`experiment ${id} on ${device}`);
  process.once('SIGINT', () => void lab.stop());
  const end = await lab.run(experiment, { timing: true });
  rows = inRunOrder(rows, experiment);
  if (end) rows.push(...(await lab.sweepRows(experiment)));
  print();
  console.log(table(rows));
  if (out) {
    await writeFile(
      out,
      `${JSON.stringify({ experiment: stripDefaults(experiment), hash: id, device, rows }, null, 1)}\n`,
    );
    console.error(`wrote ${rows.length} rows to ${out}`);
  }
  await lab.dispose();
  return end && !failed ? 0 : 1;
}

async function refuseUnwritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const able = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!able) throw bad('json', `cannot write to the folder ${folder}`);
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw bad('json', `must be a file, got the folder ${file}`);
}

function args() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        backend: { type: 'string' },
        threads: { type: 'string' },
        json: { type: 'string' },
        csv: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw bad('arguments', `${(error as Error).message}\n\n${USAGE}`);
  }
}
const bad = (path: string, message: string) => new WinnowError({ code: 'arguments', path, message });
const describe = ({ path, message }: Problem) => (path ? `${path}: ${message}` : message);

main().then(
  (code) => process.exit(code),
  (error) => {
    if (!(error instanceof WinnowError)) throw error;
    console.error(error.message);
    process.exit(2);
  },
);
