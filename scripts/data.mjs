// Turns the data sets' source files into compressed shards and a manifest under public/data/<id>/.
//   node scripts/data.mjs [--force] [--out DIR] [ID...]   all data sets, or the named ones
// A shard is a zlib stream of labels (one byte each), then pixels (h*w*c bytes each, coded as the manifest's
// `coding` says). Named .bin, because some servers add Content-Encoding to .gz and browsers would then inflate it
// behind our back. A data set whose source is not there is left out with a line that says so.
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { cifar10 } from './data/cifar-10.mjs';
import { fashionMnist } from './data/fashion-mnist.mjs';
import { sha256 } from './data/idx.mjs';
import { mnist } from './data/mnist.mjs';
import { toPlanes } from './data/planes.mjs';

const zip = promisify(deflate);
const sets = [mnist, fashionMnist, cifar10];
const root = fileURLToPath(new URL('..', import.meta.url));

const shardName = ({ split, range }) => `${split}-${String(range[0]).padStart(5, '0')}.bin`;

/** What the manifest must say before a single source byte is read; a changed recipe shows up here. */
function plan({ id, shape, sources, coding, splits, shards }) {
  const coded = coding ? { coding } : {};
  return {
    v: 1,
    id,
    shape,
    sources,
    ...coded,
    splits,
    shards: shards.map((s) => ({ file: shardName(s), ...s })),
  };
}

async function upToDate(dir, wanted) {
  try {
    const found = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'));
    const recipe = {
      ...found,
      shards: found.shards.map(({ file, split, range }) => ({ file, split, range })),
    };
    if (JSON.stringify(recipe) !== JSON.stringify(wanted)) return false;
    const sizes = await Promise.all(found.shards.map(async (s) => (await stat(join(dir, s.file))).size));
    return found.shards.every((s, i) => s.bytes === sizes[i]);
  } catch {
    return false;
  }
}

/** A half-written file never carries the final name. */
async function writeWhole(path, content) {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, content);
  await rename(part, path);
}

async function writeShard(dir, set, source, shard) {
  const { from, range } = set.splits[shard.split];
  const [first, last] = shard.range.map((i) => range[0] + i);
  const size = set.shape[0] * set.shape[1] * set.shape[2];
  const { labels, pixels } = source[from];
  const images = pixels.subarray(first * size, last * size);
  const coded = set.coding === 'planes' ? toPlanes(images, set.shape[0], set.shape[1]) : images;
  const packed = await zip(Buffer.concat([labels.subarray(first, last), coded]), { level: 6 });
  await writeWhole(join(dir, shard.file), packed);
  const content = Buffer.concat([labels.subarray(first, last), images]);
  return { ...shard, bytes: packed.length, sha256: sha256(content) };
}

const isThere = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Makes one data set's shards where they are not there yet, and says in a line what it did. */
async function makeSet(set, out, force) {
  const dir = join(out, set.id);
  const wanted = plan(set);
  if (!force && (await upToDate(dir, wanted))) return 'up to date';
  const folder = set.folder(root);
  if (!(await isThere(folder))) return `skipped, ${folder} is not there; ${set.hint}`;
  const source = await set.read(root);
  await mkdir(dir, { recursive: true });
  // Gone first: a run that is cut off must not leave a manifest that fits the old shards.
  await rm(join(dir, 'manifest.json'), { force: true });
  const shards = [];
  for (const shard of wanted.shards) shards.push(await writeShard(dir, set, source, shard));
  await writeWhole(join(dir, 'manifest.json'), `${JSON.stringify({ ...wanted, shards }, null, 1)}\n`);
  const total = shards.reduce((sum, s) => sum + s.bytes, 0);
  return `${shards.length} shards, ${(total / 1e6).toFixed(1)} MB`;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean' }, out: { type: 'string' } },
  });
  const unknown = positionals.filter((id) => !sets.some((set) => set.id === id));
  if (unknown.length)
    throw new Error(`no data set ${unknown.join(', ')}; there are ${sets.map((s) => s.id).join(', ')}`);
  for (const set of sets) {
    if (positionals.length && !positionals.includes(set.id)) continue;
    const said = await makeSet(set, values.out ?? join(root, 'public/data'), values.force);
    console.log(`data: ${set.id}: ${said}`);
  }
} catch (error) {
  console.error(`data: ${error.message}`);
  process.exit(1);
}
