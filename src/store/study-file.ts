/** Results of a study as a file, and back. A file is a stranger's: checked field by field before anything is shown. */
import { z } from 'zod';
import { toFound } from '../spec/issues';
import type { Problem } from '../spec/problem';
import { newerVersion, wrongType } from '../spec/refusals';
import type { Metric, Row } from '../spec/types';
import { parseStudy } from '../studies/parse';
import type { Study } from '../studies/types';

/** What a file holds: the study, its rows, where and when they came about. */
export interface StudyResult {
  study: Study;
  rows: readonly Row[];
  device: string;
  /** When it was saved: milliseconds since 1970. */
  at: number;
}
const FORMAT = 1;
export const FILE_LIMITS = { bytes: 150e6, rows: 1_000_000 } as const;
/** Rows checked between two breaths of the page, and refusals that are listed. */
const AT_ONCE = 4000;
const MOST_PROBLEMS = 8;

const METRICS = [
  'train.loss',
  'val.loss',
  'val.accuracy',
  'test.accuracy',
  'stop.accuracy',
  'density',
  'sampled.accuracy',
  'sparsity',
  'bytes',
  'macs',
  'latency.ms',
  'throughput',
] as const satisfies readonly Metric[];
const UNITS = ['', 'fraction', 'nats', 'bytes', 'MACs/image', 'ms', 'images/s'] as const;

const text = (most: number) =>
  z
    .string()
    .max(most)
    .transform((s) => s.replace(/\p{C}/gu, ' '));
const row = z.strictObject({
  exp: z.string().regex(/^[0-9a-f]{8,64}$/),
  replicate: z.number().int().min(0).max(99),
  arm: text(40).optional(),
  at: text(200),
  step: z.number().int().min(0).max(1e9),
  metric: z.enum(METRICS),
  layer: text(40).optional(),
  value: z.number(),
  unit: z.enum(UNITS),
  basis: z.enum(['measured', 'computed']),
  device: text(160),
});
const head = z.object({
  winnow: z.literal('study'),
  v: z.literal(FORMAT),
  study: z.unknown(),
  rows: z.array(z.unknown()).max(FILE_LIMITS.rows),
  device: text(160),
  at: z.number().int().min(0).max(8e15),
});

/** One row a line, so that a difference between two files can be read. */
export function writeStudyFile({ study, rows, device, at }: StudyResult): string {
  const top = { winnow: 'study', v: FORMAT, study, device, at };
  const lines = rows.map((r) => JSON.stringify(r)).join(',\n');
  return `${JSON.stringify(top).slice(0, -1)},"rows":[\n${lines}\n]}\n`;
}

export type ReadStudyFile = { result: StudyResult } | { problems: Problem[] };

/** Never throws. Gives way to the page while it reads. */
export async function readStudyFile(content: string): Promise<ReadStudyFile> {
  let raw: unknown;
  try {
    raw = JSON.parse(content);
  } catch {
    return refuse({ code: 'study.file', path: '', message: 'is not a file of results: it is no JSON' });
  }
  const { winnow, v } = (raw ?? {}) as { winnow?: unknown; v?: unknown };
  if (winnow !== 'study') return refuse(wrongType('winnow', '"study", as saved by the Lottery view', winnow));
  if (typeof v === 'number' && v > FORMAT) return refuse(newerVersion('v', FORMAT, v));
  const top = head.safeParse(raw);
  if (!top.success) return { problems: problemsOf(top.error, raw) };
  const parsed = parseStudy(top.data.study);
  if (!parsed.ok) return refuse(...parsed.problems.map((p) => ({ ...p, path: `study.${p.path}` })));
  const rows = await checkRows(top.data.rows);
  if ('problems' in rows) return rows;
  return { result: { study: parsed.study, rows: rows.rows, device: top.data.device, at: top.data.at } };
}
const refuse = (...problems: Problem[]): ReadStudyFile => ({ problems });

const problemsOf = (error: z.ZodError, raw: unknown, under?: string): Problem[] =>
  error.issues
    .flatMap((issue) => toFound(issue, raw, () => Object.keys(row.shape)))
    .map(({ problem }) =>
      under === undefined ? problem : { ...problem, path: [under, problem.path].filter(Boolean).join('.') },
    );

async function checkRows(raw: readonly unknown[]): Promise<{ rows: Row[] } | { problems: Problem[] }> {
  const rows: Row[] = [];
  const problems: Problem[] = [];
  for (let from = 0; from < raw.length && problems.length < MOST_PROBLEMS; from += AT_ONCE) {
    for (const [i, one] of raw.slice(from, from + AT_ONCE).entries()) {
      const checked = row.safeParse(one);
      if (checked.success) rows.push(checked.data);
      else problems.push(...problemsOf(checked.error, one, `rows.${from + i}`));
    }
    await new Promise((go) => setTimeout(go));
  }
  return problems.length > 0 ? { problems: problems.slice(0, MOST_PROBLEMS) } : { rows };
}
