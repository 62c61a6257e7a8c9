/** Ways to tell which entries are stored. */
import type { Symbols } from './bits';
import { bitmapOf, csrOf, GAP_BITS, gapCounts, gapFields, type Scan } from './scan';
import { planStream, type Stream, streamBytes } from './stream';
import type { Positions } from './types';

export interface IndexPlan {
  positions: Positions;
  /** In the order of the file: for CSR lengths of rows, then columns; else one. */
  streams: readonly { stream: Stream; symbols: () => Symbols }[];
  /** Of a field: gap or column; 1 for a bitmap. */
  bits: number;
  fields: number;
}
export const indexBytes = ({ streams }: IndexPlan): number =>
  streams.reduce((sum, { stream }) => sum + streamBytes(stream), 0);

/** A column is written in 8 or 16 bits. */
export const columnBits = (columns: number): number => (columns <= 256 ? 8 : 16);
const MOST_COLUMNS = 65_536;

/** Ways to say where the entries other than +0 are; the simplest first. */
export function indexPlans(patterns: Uint32Array, columns: number, found: Scan): IndexPlan[] {
  const plans = [bitmap(patterns, found)];
  for (const bits of GAP_BITS) plans.push(relative(patterns, found, bits));
  if (columns <= MOST_COLUMNS) plans.push(csr(patterns, columns, found));
  return plans;
}

function bitmap(patterns: Uint32Array, found: Scan): IndexPlan {
  const stream = planStream(Math.ceil(patterns.length / 8), 8, found.bitmap);
  const streams = [{ stream, symbols: () => bitmapOf(patterns) }];
  return { positions: 'bitmap', streams, bits: 1, fields: patterns.length };
}

function relative(patterns: Uint32Array, found: Scan, bits: number): IndexPlan {
  const counts = gapCounts(found, bits);
  const fields = counts.reduce((sum, count) => sum + count, 0);
  const stream = planStream(fields, bits, counts);
  return {
    positions: 'relative',
    streams: [{ stream, symbols: () => gapFields(patterns, fields, bits) }],
    bits,
    fields,
  };
}

/** Row pointers as their differences, in as few bits as the fullest row needs; columns in 8 or 16 bits. */
function csr(patterns: Uint32Array, columns: number, found: Scan): IndexPlan {
  const most = found.rows.findLastIndex((rows) => rows > 0);
  const width = Math.max(1, Math.ceil(Math.log2(most + 1)));
  const bits = columnBits(columns);
  let made: { lengths: Uint32Array; places: Uint32Array } | undefined;
  const make = () => {
    made ??= csrOf(patterns, columns, found.stored);
    return made;
  };
  const narrow = (wide: Uint32Array, to: number): Symbols =>
    to <= 8 ? Uint8Array.from(wide) : Uint16Array.from(wide);
  return {
    positions: 'csr',
    streams: [
      {
        stream: planStream(patterns.length / columns, width, found.rows),
        symbols: () => narrow(make().lengths, width),
      },
      { stream: planStream(found.stored, bits, found.columns), symbols: () => narrow(make().places, bits) },
    ],
    bits,
    fields: found.stored,
  };
}
