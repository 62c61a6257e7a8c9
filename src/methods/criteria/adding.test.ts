/** README, "Adding a criterion", followed to the letter in a copy of the source. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRegistries } from '../../../scripts/registries.mjs';
import type * as catalog from '../../catalog';
import type * as i18n from '../../i18n/words';
import type * as suite from '../testing/criterion';
import type * as registry from './registry';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What a criterion is found, named, linked and tested by; no engine. */
const NEEDED = ['spec', 'models', 'datasets', 'methods', 'catalog', 'i18n', 'storage', 'app/memory.ts'];

const chapter = () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, text] = /\n## Adding a criterion\n([\s\S]*?)\n## /.exec(readme)!;
  const [, file] = /Make a file in `src\/methods\/criteria`, say `([a-z-]+\.ts)`/.exec(text)!;
  const [, code] = /```ts\n([\s\S]*?)```/.exec(text)!;
  const [, link] = /in links \(`([^`]+)`\)/.exec(text)!;
  return { file, code, link };
};

let copy = '';
beforeAll(() => {
  // Beside node_modules, so that packages are found from the copy.
  mkdirSync(join(root, '.cache'), { recursive: true });
  copy = mkdtempSync(join(root, '.cache/adding-'));
  for (const part of NEEDED) cpSync(join(root, 'src', part), join(copy, 'src', part), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const from = <T>(path: string): Promise<T> => import(/* @vite-ignore */ join(copy, 'src', path));

describe('the file of the README', () => {
  it('is all it takes: found, in the menu in both languages, in links, sound', async () => {
    const { file, code, link } = chapter();
    const id = link.split('=')[1];
    writeFileSync(join(copy, 'src/methods/criteria', file), code);
    expect(writeRegistries({ root: copy })).toEqual(['src/methods/criteria/collected.ts']);

    const { criteria, criterionIds } = await from<typeof registry>('methods/criteria/registry.ts');
    const added = criteria.find((c) => c.id === id);
    if (!added) throw new Error(`${id} is not among ${criterionIds.join(', ')}`);

    const { words } = await from<typeof i18n>('i18n/words.ts');
    expect(words.option(id)).toBe(added.words.en.name);

    const { decode, encode, methodOf } = await from<typeof catalog>('catalog/index.ts');
    const choice = methodOf('prune')!.params.criterion;
    expect(choice.kind === 'choice' && choice.options).toContain(id);
    const { experiment, problems } = decode(`#v1/lenet-mnist/${link}`);
    expect(problems).toEqual([]);
    expect(experiment.recipe[2]).toMatchObject({ do: 'prune', with: { criterion: id } });
    expect(encode(experiment)).toBe(`#v1/lenet-mnist/${link}`);

    const checks = await from<typeof suite>('methods/testing/criterion.ts');
    expect(added.reference).toBeDefined();
    checks.checkWords(added);
    checks.checkScores(added);
    checks.checkReference(added);
    checks.checkPruning(added);
  });
  it('is refused by name where it declares nothing', () => {
    const { code } = chapter();
    const slip = join(copy, 'src/methods/criteria/slip.ts');
    writeFileSync(slip, code.replace(/export const \w+: Criterion =/, 'export default'));
    expect(() => writeRegistries({ root: copy })).toThrow(/slip\.ts must declare what it is/);
    rmSync(slip);
  });
});
