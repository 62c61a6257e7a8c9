import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeRegistries } from './registries.mjs';

let root;
const put = (name, text) => writeFileSync(join(root, 'src/methods/criteria', name), text);
const list = () => readFileSync(join(root, 'src/methods/criteria/collected.ts'), 'utf8');
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'registries-'));
  mkdirSync(join(root, 'src/methods/criteria'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('lists what files declare, by file name, and leaves out helpers, tests and types', () => {
  put(
    'b.ts',
    'export const second: Criterion = {\n  formula: "x",\n};\nexport const third: Criterion = {};\n',
  );
  put('a-1.ts', 'export const first: Criterion = {};\nexport const more: string = "";\n');
  put('helper.ts', 'export const help = 1;\n');
  put('a-1.test.ts', 'export const tested: Criterion = {};\n');
  put('types.ts', 'export interface Criterion {\n  formula: string;\n}\n');
  expect(writeRegistries({ root })).toEqual([
    'src/methods/criteria/collected.ts',
    'src/methods/collected.ts',
  ]);
  expect(list()).toContain(
    "import { first } from './a-1';\nimport { second } from './b';\nimport { third } from './b';\n",
  );
  expect(list()).toContain('= [\n  first,\n  second,\n  third,\n] as const;');
  expect(list()).not.toMatch(/helper|tested|types/);
  expect(writeRegistries({ root })).toEqual([]);
});

it('refuses a file with a formula that declares nothing, and an outdated list where nothing may be written', () => {
  put('a.ts', 'export const first: Criterion = {};\n');
  expect(() => writeRegistries({ root, check: true })).toThrow(
    /criteria\/collected.ts is out of date.*npm run assets/,
  );
  writeRegistries({ root });
  expect(writeRegistries({ root, check: true })).toEqual([]);
  put('slip.ts', "export default {\n  formula: 's = 1',\n};\n");
  expect(() => writeRegistries({ root })).toThrow(
    /slip.ts must declare what it is: export const name: Criterion/,
  );
});
