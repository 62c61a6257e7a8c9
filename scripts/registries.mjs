// Writes the lists of what lies in a folder, one file each: `collected.ts` in the folder of criteria, of criteria for
// units and of methods. They are kept in git, so that the code can be read and type-checked as it is; everything that
// starts, builds or tests the lab writes them anew first, so that a new file is found without touching another.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where something is declared to be one: `export const magnitude: Criterion = {`. */
export const REGISTRIES = [
  { folder: 'src/methods/criteria', type: 'Criterion', declared: /^export const (\w+): Criterion\b/gm },
  {
    folder: 'src/methods/unit-criteria',
    type: 'UnitCriterion',
    declared: /^export const (\w+): UnitCriterion\b/gm,
  },
  {
    folder: 'src/methods',
    type: 'Method',
    declared: /^export const (\w+)(?:: (?:Live|Training)Method\b| = define(?:Method|Training)\()/gm,
  },
];
const LIST = 'collected.ts';
const isSource = (name) => name.endsWith('.ts') && !/[.](test|d)[.]ts$/.test(name) && name !== LIST;
/** What only a criterion or a method says of itself. */
const SAYS_FORMULA = /^ {2}formula:(?! string)/m;

/**
 * The text of a folder's list. Files without a declaration are helpers; one that has a formula and declares nothing is
 * a slip, and refused.
 */
export function collect(folder, { type, declared }) {
  const found = readdirSync(folder)
    .filter(isSource)
    .sort()
    .flatMap((name) => {
      const source = readFileSync(join(folder, name), 'utf8');
      const names = [...source.matchAll(declared)].map((match) => match[1]);
      if (names.length === 0 && SAYS_FORMULA.test(source)) {
        throw new Error(
          `${join(folder, name)} must declare what it is: export const name: ${type} = { ... }`,
        );
      }
      return names.map((as) => ({ as, file: name.slice(0, -'.ts'.length) }));
    });
  return [
    `/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */`,
    ...found.map(({ as, file }) => `import { ${as} } from './${file}';`),
    '',
    'export const collected = [',
    ...found.map(({ as }) => `  ${as},`),
    '] as const;',
    '',
  ].join('\n');
}

/**
 * @param {{ root?: string, check?: boolean }} options `check`: nothing is written, an outdated list is an error
 * @returns the lists that were written
 */
export function writeRegistries({
  root = fileURLToPath(new URL('..', import.meta.url)),
  check = false,
} = {}) {
  const written = [];
  for (const registry of REGISTRIES) {
    const folder = join(root, registry.folder);
    if (!existsSync(folder)) continue;
    const text = collect(folder, registry);
    const list = join(folder, LIST);
    if (existsSync(list) && readFileSync(list, 'utf8') === text) continue;
    if (check) throw new Error(`${registry.folder}/${LIST} is out of date: run npm run assets and commit it`);
    writeFileSync(list, text);
    written.push(`${registry.folder}/${LIST}`);
  }
  return written;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const list of writeRegistries({ check: process.argv.includes('--check') }))
      console.log(`${list}: written`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
