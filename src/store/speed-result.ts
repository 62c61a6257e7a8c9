/**
 * A result of the Speed view as the text of a link, and back: columns of numbers, deflated, with a checksum. What
 * comes from a link is looked at as a stranger's: bounded before it is unpacked, validated before it is shown.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { deflateSync, inflateSync } from 'fflate';
import { z } from 'zod';
import { SPEED_AXES, SPEED_BATCHES, SPEED_SERIES, SPEED_SUBJECTS, speedMacs } from '../catalog/speed';
import { fromBase62, toBase62 } from '../spec/base62';
import type { Problem } from '../spec/problem';
import type { SpeedPoint, SpeedProtocol, Spread } from '../worker/api';

/** Points of one device, and how they came about. */
export interface SpeedResult {
  device: string;
  backend: string;
  /** When the last point was measured: milliseconds since 1970. */
  at: number;
  protocol: SpeedProtocol;
  points: readonly SpeedPoint[];
}
export const RESULT_LIMITS = { characters: 32_000, json: 512 * 1024, points: 2000 } as const;
const FORMAT = '1.';
const CHECKSUM = 4;

const positive = z.number().positive().max(1e9);
const column = <T extends z.ZodType>(of: T) => z.array(of).max(RESULT_LIMITS.points);
const index = (list: readonly unknown[]) =>
  z
    .number()
    .int()
    .min(0)
    .max(list.length - 1);
const words = z
  .string()
  .max(160)
  .transform((text) => text.replace(/\p{C}/gu, ' '));
/** One entry per point in every column. */
const schema = z.object({
  device: words,
  backend: words,
  at: z.number().int().min(0).max(8e15),
  rounds: z.tuple([z.number().int().min(1).max(1000), z.number().int().min(1).max(1000), positive]),
  kernels: z.array(words).max(20),
  subject: column(index(SPEED_SUBJECTS)),
  series: column(index(SPEED_SERIES)),
  axis: column(index(SPEED_AXES)),
  x: column(z.number().min(0).max(1e6)),
  batch: column(index(SPEED_BATCHES)),
  executed: column(z.number().int().min(0).max(1e12)),
  /** 0, or one more than the index in `kernels`. */
  kernel: column(z.number().int().min(0).max(20)),
  overlap: column(z.number().int().min(0).max(1)),
  /** Median, q1, q3 of dense, time, ratio. */
  times: z.array(column(positive)).length(9),
});
type Columns = z.infer<typeof schema>;

const SPREADS = ['dense', 'time', 'ratio'] as const;
const SPREAD = ['median', 'q1', 'q3'] as const;

function columnsOf(result: SpeedResult): Columns {
  const { points, protocol } = result;
  const kernels = [...new Set(points.flatMap((p) => p.kernel ?? []))];
  const each = <T>(of: (p: SpeedPoint) => T) => points.map(of);
  return {
    device: result.device,
    backend: result.backend,
    at: Math.round(result.at),
    rounds: [protocol.rounds, protocol.slowRounds, protocol.sampleMs],
    kernels,
    subject: each((p) => SPEED_SUBJECTS.indexOf(p.subject)),
    series: each((p) => SPEED_SERIES.indexOf(p.series)),
    axis: each((p) => SPEED_AXES.indexOf(p.axis)),
    x: each((p) => p.x),
    batch: each((p) => (SPEED_BATCHES as readonly number[]).indexOf(p.batch)),
    executed: each((p) => p.macs.executed),
    kernel: each((p) => (p.kernel === undefined ? 0 : 1 + kernels.indexOf(p.kernel))),
    overlap: each((p) => Number(p.overlap)),
    times: SPREADS.flatMap((what) => SPREAD.map((which) => each((p) => p[what][which]))),
  };
}
function resultOf(c: Columns): SpeedResult {
  const spreadAt = (from: number, i: number): Spread => {
    const [median, q1, q3] = [0, 1, 2].map((k) => c.times[from + k][i]);
    return { median, q1, q3 };
  };
  const points = c.subject.map((subject, i): SpeedPoint => {
    const name = SPEED_SUBJECTS[subject];
    const kernel = c.kernels[c.kernel[i] - 1];
    return {
      subject: name,
      series: SPEED_SERIES[c.series[i]],
      axis: SPEED_AXES[c.axis[i]],
      x: c.x[i],
      batch: SPEED_BATCHES[c.batch[i]],
      macs: { dense: speedMacs(name), executed: c.executed[i] },
      dense: spreadAt(0, i),
      time: spreadAt(3, i),
      ratio: spreadAt(6, i),
      overlap: c.overlap[i] === 1,
      ...(kernel !== undefined && { kernel }),
    };
  });
  const [rounds, slowRounds, sampleMs] = c.rounds;
  return {
    device: c.device,
    backend: c.backend,
    at: c.at,
    protocol: { rounds, slowRounds, sampleMs },
    points,
  };
}

/** The text for a link, or undefined where there is too much for one. */
export function writeResult(result: SpeedResult): string | undefined {
  if (result.points.length > RESULT_LIMITS.points) return undefined;
  const bytes = new TextEncoder().encode(JSON.stringify(columnsOf(result)));
  if (bytes.length > RESULT_LIMITS.json) return undefined;
  const sum = sha256(bytes).subarray(0, CHECKSUM);
  const text = FORMAT + toBase62(Uint8Array.from([...sum, ...deflateSync(bytes, { level: 9 })]));
  return text.length > RESULT_LIMITS.characters ? undefined : text;
}

export type ReadResult = { result: SpeedResult } | { problem: Problem };
const refuse = (code: string, message: string): ReadResult => ({
  problem: { code: `speed.${code}`, path: 'link', message },
});

/** Never throws: a result, or why there is none. */
export function readResult(text: string): ReadResult {
  if (text.length > RESULT_LIMITS.characters) return refuse('long', 'is longer than any result can be');
  const version = /^(\d{1,6})\./.exec(text)?.[1];
  if (version && Number(version) > 1) {
    return refuse('newer', 'holds a result of a newer version: reload this page to get it');
  }
  const columns = version === '1' ? unpack(text.slice(FORMAT.length)) : undefined;
  const parsed = columns === undefined ? undefined : schema.safeParse(columns);
  const fits = parsed?.success && sameLength(parsed.data);
  if (!fits) return refuse('damaged', 'its result is incomplete or was changed on its way: copy it again');
  return { result: resultOf(parsed.data) };
}
function unpack(text: string): unknown {
  const bytes = fromBase62(text);
  if (!bytes || bytes.length <= CHECKSUM) return undefined;
  try {
    const json = inflateSync(bytes.subarray(CHECKSUM), { out: new Uint8Array(RESULT_LIMITS.json + 1) });
    const sum = sha256(json);
    if (json.length > RESULT_LIMITS.json) return undefined;
    for (let i = 0; i < CHECKSUM; i++) if (sum[i] !== bytes[i]) return undefined;
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    return undefined;
  }
}
function sameLength(c: Columns): boolean {
  const n = c.subject.length;
  const columns = [c.series, c.axis, c.x, c.batch, c.executed, c.kernel, c.overlap, ...c.times];
  const places = new Set(c.subject.map((s, i) => [s, c.series[i], c.axis[i], c.x[i], c.batch[i]].join()));
  // The same point twice would be two truths.
  return columns.every((one) => one.length === n) && places.size === n;
}
/** Eight digits that name a result in file names. */
export const resultHash = (result: SpeedResult): string =>
  [...sha256(new TextEncoder().encode(JSON.stringify(columnsOf(result)))).subarray(0, 4)]
    .map((b) => b.toString(16).padStart(2, '0'))
    .join('');
