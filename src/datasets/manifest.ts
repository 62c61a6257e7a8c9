import { z } from 'zod';
import { dataProblem } from './problems';
import type { DatasetInfo, Manifest, SplitName } from './types';

const count = z.int().nonnegative();
const range = z.tuple([count, count]);
const sum = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in hex');
const splitName = z.enum(['train', 'val', 'test']);
const split = z.strictObject({ from: z.enum(['train', 'test']), range, count });

const schema: z.ZodType<Manifest> = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  shape: z.tuple([count, count, count]),
  sources: z.record(z.string(), sum),
  coding: z.literal('planes').optional(),
  splits: z.strictObject({ train: split, val: split, test: split }),
  shards: z.array(
    z.strictObject({
      file: z.string().regex(/^[\w-]+\.bin$/),
      split: splitName,
      range,
      bytes: z.int().positive(),
      sha256: sum,
    }),
  ),
});

/** First disagreement between the manifest and what the lab was built for, in words; '' if there is none. */
function disagreement(m: Manifest, info: DatasetInfo): string {
  if (m.id !== info.id) return `id: must be ${info.id}, found ${m.id}`;
  if (m.shape.join() !== info.shape.join()) return `shape: must be ${info.shape}, found ${m.shape}`;
  for (const name of splitName.options) {
    const { count: n, range: r } = m.splits[name];
    if (n !== info.counts[name]) return `splits.${name}.count: must be ${info.counts[name]}, found ${n}`;
    if (r[1] - r[0] !== n) return `splits.${name}.range: must span ${n} images, found ${r.join('-')}`;
    const gap = firstGap(m, name);
    if (gap >= 0)
      return `shards: the ${name} split must be covered once and in order, broken at image ${gap}`;
  }
  return overlap(m);
}

/** Position in the split at which its shards leave a gap or overlap, or -1. */
function firstGap(m: Manifest, name: SplitName): number {
  let at = 0;
  for (const s of m.shards) {
    if (s.split !== name) continue;
    if (s.range[0] !== at || s.range[1] <= at) return at;
    at = s.range[1];
  }
  return at === m.splits[name].count ? -1 : at;
}

function overlap(m: Manifest): string {
  const all = splitName.options.map((name) => ({ name, ...m.splits[name] }));
  for (const a of all)
    for (const b of all)
      if (a.name < b.name && a.from === b.from && a.range[0] < b.range[1] && b.range[0] < a.range[1])
        return `splits: ${a.name} and ${b.name} share original images`;
  return all.find((s) => s.from !== (s.name === 'test' ? 'test' : 'train'))
    ? 'splits: test images must come from the test files, train and val from the training files'
    : '';
}

/**
 * Reads and checks a manifest: shape of the JSON, and that its splits are disjoint and fully covered by shards.
 * @throws WinnowError that names the manifest and the field.
 */
export function parseManifest(bytes: Uint8Array, info: DatasetInfo): Manifest {
  const file = `${info.id}/manifest.json`;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw dataProblem('manifest', file, `is not JSON (${bytes.length} bytes)`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw dataProblem('manifest', file, `is not a manifest: ${issue.path.join('.')}: ${issue.message}`);
  }
  const fault = disagreement(parsed.data, info);
  if (fault) throw dataProblem('manifest', file, `does not fit this version of the lab: ${fault}`);
  return parsed.data;
}
