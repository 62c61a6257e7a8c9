/** A study without a screen: `npm run lab -- study <preset | link | file.json> [--csv] [--json OUT]`. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Lab } from '../engine/lab';
import { messageOf, type Problem, WinnowError } from '../spec/problem';
import { ROW_FIELDS } from '../spec/row-fields';
import type { Row } from '../spec/types';
import { readPlace } from '../spec/view';
import { hashStudy, partsOf, remarksOf, stripStudy } from '../studies';
import { findings, headlines } from '../studies/findings';
import { decodeStudy } from '../studies/link';
import { parseStudy } from '../studies/parse';
import { studyPresetOf, studyPresets } from '../studies/presets';
import { readings } from '../studies/readings';
import { armSeries } from '../studies/series';
import type { ArmSeries, Band, Finding, Study } from '../studies/types';
import type { StudyEvent } from '../worker/api-study';
import { refuse } from './input';
import { aligned, type progressLine } from './print';

export const STUDY_USAGE = `npm run lab -- study <link | preset | file.json> [--csv] [--json OUT]

  preset     ${studyPresets.map((p) => p.id).join(', ')}
  link       what the Lottery view shares, in quotes
  file.json  a study as data, or results as the Lottery view saves them
  --csv      prints every row instead of the table
  --json     writes results to this file; the Lottery view opens it`;

/** @throws WinnowError that lists every problem */
export async function readStudy(argument: string): Promise<Study> {
  const preset = studyPresetOf(argument);
  if (preset) return preset.study;
  if (existsSync(argument)) {
    const raw = await jsonOf(argument);
    const inner = raw && typeof raw === 'object' && 'study' in raw ? raw.study : raw;
    const parsed = parseStudy(inner);
    if (!parsed.ok) throw refuse(parsed.problems);
    return parsed.study;
  }
  const place = argument.includes('~')
    ? readPlace(argument.slice(argument.indexOf('#') + 1)).shown
    : argument;
  const { study, problems } = decodeStudy(place);
  if (problems.length > 0) throw refuse(problems);
  return study;
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const message = `${file} is not JSON: ${messageOf(error)}`;
    throw new WinnowError({ code: 'json', path: 'study', message });
  }
}

interface Options {
  csv: boolean;
  json?: string;
  device: string;
  print: ReturnType<typeof progressLine>;
}
/** @returns exit code */
export async function runStudy(
  lab: Lab,
  study: Study,
  { csv, json, device, print }: Options,
): Promise<number> {
  const rows: Row[] = [];
  let failed: Problem | undefined;
  let end: string | undefined;
  const tell = (event: StudyEvent) => {
    if (event.type === 'rows') rows.push(...event.rows);
    else if (event.type === 'progress') print(event.progress);
    // A lost thread's training is done elsewhere.
    else if (event.type === 'problem' && event.problem.code !== 'crew.lost') failed = event.problem;
    else if (event.type === 'end') end = event.how;
  };
  for (const { code, values } of remarksOf(study)) console.error(`note: ${code} ${JSON.stringify(values)}`);
  console.error(`study ${hashStudy(study)} on ${device}`);
  await lab.runStudy(partsOf(study), tell);
  print();
  if (failed) console.error(failed.path ? `${failed.path}: ${failed.message}` : failed.message);
  const series = armSeries(readings(study, rows));
  console.log(csv ? csvOf(rows) : [seriesTable(series), ...saidOf(study, series)].join('\n'));
  if (json) {
    await writeFile(json, resultOf(study, rows, device));
    console.error(`wrote ${rows.length} rows to ${json}`);
  }
  return end === 'done' && !failed ? 0 : 1;
}

/** As the Lottery view saves results. */
export const resultOf = (study: Study, rows: readonly Row[], device: string): string =>
  `${JSON.stringify({ winnow: 'study', v: 1, study: stripStudy(study), device, at: Date.now(), rows })}\n`;

/** RFC 4180; names of devices hold commas. */
function csvOf(rows: readonly Row[]): string {
  const cell = (value: unknown) => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [ROW_FIELDS.join(), ...rows.map((row) => ROW_FIELDS.map((c) => cell(row[c])).join())].join('\n');
}

const percent = (v: number): string => `${(100 * v).toFixed(2)} %`;
const range = (band: Band | undefined, show: (v: number) => string): string => {
  if (!band) return '';
  return band.min === band.max
    ? show(band.mean)
    : `${show(band.mean)} (${show(band.min)}..${show(band.max)})`;
};

export function seriesTable(series: readonly ArmSeries[]): string {
  const head = ['arm', 'round', 'remaining', 'seeds', 'at early stop', 'step', 'at the end'];
  const lines = series.flatMap(({ id, points }) =>
    points.map((p) => [
      ...[id, `${p.round}`, percent(p.remaining), `${p.end?.each.size ?? 0}`, range(p.stop, percent)],
      `${range(p.stopStep, (v) => v.toFixed(0))}${p.censored > 0 ? ' *' : ''}`,
      range(p.end, percent),
    ]),
  );
  const note = series.some(({ points }) => points.some((p) => p.censored > 0))
    ? '\n* the lowest validation loss of a training is its last one: early stop may come later'
    : '';
  return `${aligned([head, ...lines])}${note}`;
}

/** The statement in words, one line an arm. */
const saidOf = (study: Study, series: readonly ArmSeries[]): string[] =>
  headlines(findings(study, series)).map(sentence);
function sentence({
  a,
  b,
  verdict,
  remaining,
  difference: d,
  seeds,
  ahead,
  at,
  meanA,
  meanB,
}: Finding): string {
  const points = (v: number) => (100 * v).toFixed(2);
  const how = { ahead: 'ahead of', behind: 'behind', even: 'not to be told apart from' }[verdict];
  const where = `At ${percent(remaining)}, ${at === 'stop' ? 'at early stop' : 'at the end'}`;
  if (seeds === 1)
    return `${where}: ${a} ${percent(meanA)}, ${b} ${percent(meanB)}; one seed makes no claim.`;
  const spread = `${points(d.mean)} points (${points(d.min)} to ${points(d.max)})`;
  return `${where}: ${a} (${percent(meanA)}) is ${how} ${b} (${percent(meanB)}): ${spread}, ahead in ${ahead} of ${seeds} seeds.`;
}
