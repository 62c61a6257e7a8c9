import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from './parse';
import { WinnowError } from './problem';
import { testCatalog } from './testing/catalog';
import { experiments } from './testing/experiments';

const recipe = [{ do: 'train' }, { do: 'prune', with: { sparsity: 0.5 } }];
const refused = (fields: object) => {
  const parsed = parseExperiment({ v: 1, recipe, ...fields }, testCatalog);
  if (parsed.ok) throw new Error('was accepted');
  return parsed.problems;
};
const card = (fields: object) => ({ recipe: [{ do: 'train' }, fields] });
const nested = (depth: number): object =>
  depth === 1 ? { do: 'rewind' } : { repeat: 1, steps: [nested(depth - 1)] };

describe('parseExperiment', () => {
  it('accepts every valid experiment and gives it back', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        expect(parseExperiment(experiment, testCatalog)).toEqual({ ok: true, experiment });
      }),
    );
  });

  it('fills in what every experiment has', () => {
    expect(parseExperiment({ v: 1, recipe: [{ do: 'rewind', off: false }] }, testCatalog)).toEqual({
      ok: true,
      experiment: {
        v: 1,
        data: 'mnist',
        model: 'lenet-300-100',
        recipe: [{ do: 'rewind' }],
        seeds: { init: 1, order: 1, method: 1 },
        replicates: 1,
      },
    });
  });

  const cases: [name: string, fields: object, code: string, path: string, message: string | RegExp][] = [
    [
      'above range',
      card({ do: 'prune', with: { sparsity: 1.4 } }),
      'out-of-range',
      'recipe.1.with.sparsity',
      'sparsity must be in [0, 1], got 1.4',
    ],
    [
      'below range',
      card({ do: 'prune', with: { sparsity: -0.1 } }),
      'out-of-range',
      'recipe.1.with.sparsity',
      'sparsity must be in [0, 1], got -0.1',
    ],
    [
      'misspelt field',
      card({ do: 'prune', with: { sparcity: 0.4 } }),
      'unknown-field',
      'recipe.1.with.sparcity',
      /^unknown field "sparcity" \(did you mean "sparsity"\?\); allowed: sparsity, scope, outputHalf, layers$/,
    ],
    [
      'field of no card',
      card({ do: 'prune', colour: 1 }),
      'unknown-field',
      'recipe.1.colour',
      /allowed: do, with, off$/,
    ],
    [
      'parameter of a method without any',
      card({ do: 'rewind', with: { k: 1 } }),
      'unknown-field',
      'recipe.1.with.k',
      /no field is allowed here/,
    ],
    [
      'unknown method',
      card({ do: 'prun' }),
      'unknown-choice',
      'recipe.1.do',
      'do must be one of train, prune, factorize, rewind, awkward, got "prun" (did you mean "prune"?)',
    ],
    [
      'method named as a property of objects',
      card({ do: 'toString' }),
      'unknown-choice',
      'recipe.1.do',
      /must be one of train, prune/,
    ],
    [
      'text for a number',
      card({ do: 'prune', with: { sparsity: '0.9' } }),
      'wrong-type',
      'recipe.1.with.sparsity',
      'sparsity must be a number, got "0.9"',
    ],
    [
      'null',
      card({ do: 'prune', with: { sparsity: null } }),
      'wrong-type',
      'recipe.1.with.sparsity',
      'sparsity must be a number, got null',
    ],
    [
      'NaN',
      card({ do: 'prune', with: { sparsity: Number.NaN } }),
      'wrong-type',
      'recipe.1.with.sparsity',
      'sparsity must be a number, got NaN',
    ],
    [
      'Infinity',
      card({ do: 'train', with: { lr: Infinity } }),
      'wrong-type',
      'recipe.1.with.lr',
      'lr must be a number, got Infinity',
    ],
    [
      'fraction for a whole number',
      card({ do: 'train', with: { steps: 2.5 } }),
      'not-integer',
      'recipe.1.with.steps',
      'steps must be a whole number, got 2.5',
    ],
    [
      'unknown choice',
      card({ do: 'prune', with: { scope: 'globl' } }),
      'unknown-choice',
      'recipe.1.with.scope',
      'scope must be one of layer, global, got "globl" (did you mean "global"?)',
    ],
    [
      'number for a flag',
      card({ do: 'prune', with: { outputHalf: 1 } }),
      'wrong-type',
      'recipe.1.with.outputHalf',
      'outputHalf must be true or false, got 1',
    ],
    [
      'override out of range',
      card({ do: 'prune', with: { layers: { fc1: 2 } } }),
      'out-of-range',
      'recipe.1.with.layers.fc1',
      'fc1 must be in [0, 1], got 2',
    ],
    [
      'bad layer name in a map',
      card({ do: 'prune', with: { layers: { 'a/b': 0.5 } } }),
      'bad-name',
      'recipe.1.with.layers.a/b',
      /"a\/b" is not a valid name/,
    ],
    [
      'bad layer name in a set',
      card({ do: 'factorize', with: { layers: ['fc1', 'x,y'] } }),
      'bad-name',
      'recipe.1.with.layers.1',
      /"x,y" is not a valid name/,
    ],
    [
      'layer named twice',
      card({ do: 'factorize', with: { layers: ['fc1', 'fc1'] } }),
      'duplicate',
      'recipe.1.with.layers',
      /twice/,
    ],
    [
      'list for an object',
      card({ do: 'prune', with: [] }),
      'wrong-type',
      'recipe.1.with',
      'with must be an object, got a list',
    ],
    [
      'card that is nothing',
      { recipe: [{}] },
      'wrong-type',
      'recipe.0',
      /exactly one of do, repeat and fork, got an object/,
    ],
    [
      'card that is two things',
      { recipe: [{ do: 'train', repeat: 2, steps: [] }] },
      'wrong-type',
      'recipe.0',
      /exactly one/,
    ],
    ['number for a card', { recipe: [7] }, 'wrong-type', 'recipe.0', /got 7$/],
    ['no recipe', { recipe: undefined }, 'missing', 'recipe', 'recipe is missing: it must be a list'],
    [
      'too few rounds',
      card({ repeat: 0, steps: [] }),
      'out-of-range',
      'recipe.1.repeat',
      'repeat must be in [1, 40], got 0',
    ],
    [
      'too many rounds',
      card({ repeat: 41, steps: [] }),
      'out-of-range',
      'recipe.1.repeat',
      'repeat must be in [1, 40], got 41',
    ],
    [
      'repeat without cards',
      card({ repeat: 3 }),
      'missing',
      'recipe.1.steps',
      'steps is missing: it must be a list',
    ],
    [
      'error deep inside',
      card({ repeat: 2, steps: [{ fork: { a: [{ do: 'prune', with: { sparsity: 3 } }] } }] }),
      'out-of-range',
      'recipe.1.steps.0.fork.a.0.with.sparsity',
      'sparsity must be in [0, 1], got 3',
    ],
    [
      'fork without arms',
      card({ fork: {} }),
      'bad-count',
      'recipe.1.fork',
      'fork must have 1 to 8 arms, got 0',
    ],
    [
      'nine arms',
      card({ fork: Object.fromEntries([...'abcdefghi'].map((a) => [a, []])) }),
      'bad-count',
      'recipe.1.fork',
      'fork must have 1 to 8 arms, got 9',
    ],
    [
      'bad arm name',
      card({ fork: { Ticket: [] } }),
      'bad-name',
      'recipe.1.fork.Ticket',
      /^"Ticket" is not a valid name/,
    ],
    [
      'arm name too long',
      card({ fork: { [`a${'b'.repeat(24)}`]: [] } }),
      'bad-name',
      `recipe.1.fork.a${'b'.repeat(24)}`,
      /at most 24/,
    ],
    [
      'nested too deep',
      { recipe: [nested(5)] },
      'too-deep',
      'recipe.0.steps.0.steps.0.steps.0.steps.0',
      /nested 4 deep/,
    ],
    [
      '201 cards',
      { recipe: Array.from({ length: 201 }, () => ({ do: 'rewind' })) },
      'bad-count',
      'recipe',
      'recipe must have 0 to 200 cards, got 201',
    ],
    [
      'endless work',
      {
        recipe: [{ repeat: 40, steps: [{ repeat: 40, steps: [{ repeat: 40, steps: [{ do: 'rewind' }] }] }] }],
      },
      'bad-count',
      'recipe',
      /got 64000/,
    ],
    [
      'negative seed',
      { seeds: { init: -1 } },
      'out-of-range',
      'seeds.init',
      'init must be in [0, 2147483647], got -1',
    ],
    ['seed of 32 bits', { seeds: { order: 2 ** 31 } }, 'out-of-range', 'seeds.order', /2147483648$/],
    ['broken seed', { seeds: { method: 0.5 } }, 'not-integer', 'seeds.method', /whole number/],
    ['unknown seed', { seeds: { data: 1 } }, 'unknown-field', 'seeds.data', /allowed: init, order, method/],
    ['no replicate', { replicates: 0 }, 'out-of-range', 'replicates', 'replicates must be in [1, 10], got 0'],
    [
      'unknown model',
      { model: 'lenet-6' },
      'unknown-choice',
      'model',
      /^model must be one of lenet-300-100, lenet-5, got "lenet-6" \(did you mean "lenet-5"/,
    ],
    ['unknown data', { data: 5 }, 'unknown-choice', 'data', 'data must be one of mnist, got 5'],
    ['unknown top field', { recipes: [] }, 'unknown-field', 'recipes', /did you mean "recipe"/],
    ['newer version', { v: 2 }, 'newer-version', 'v', /made by a newer version \(format 2\)/],
    ['version that is none', { v: '1' }, 'wrong-type', 'v', /got "1"$/],
    [
      'sweep of no card',
      { sweep: { at: 'recipe.9', param: 'sparsity', values: [0] } },
      'no-such-card',
      'sweep.at',
      /\(recipe\.0, recipe\.1\), got "recipe\.9"/,
    ],
    [
      'sweep of no number',
      { sweep: { at: 'recipe.1', param: 'scope', values: [0] } },
      'unknown-choice',
      'sweep.param',
      'param must be one of sparsity, got "scope"',
    ],
    [
      'sweep value out of range',
      { sweep: { at: 'recipe.1', param: 'sparsity', values: [0, 1.5] } },
      'out-of-range',
      'sweep.values.1',
      'values.1 must be in [0, 1], got 1.5',
    ],
    [
      'sweep value not whole',
      { sweep: { at: 'recipe.0', param: 'steps', values: [1.5] } },
      'not-integer',
      'sweep.values.0',
      /whole number/,
    ],
    [
      'sweep of nothing',
      { sweep: { at: 'recipe.1', param: 'sparsity', values: [] } },
      'bad-count',
      'sweep.values',
      'values must have 1 to 200 values, got 0',
    ],
    [
      'sweep without values',
      { sweep: { at: 'recipe.1', param: 'sparsity' } },
      'missing',
      'sweep.values',
      /it must be a list/,
    ],
  ];
  it.each(cases)('refuses: %s', (_, fields, code, path, message) => {
    const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(refused(fields)).toEqual([expect.objectContaining({ code, path, message: wanted })]);
  });

  it('names everything that is wrong at once, the sweep included', () => {
    const problems = refused({
      recipe: [
        { do: 'train', with: { steps: 0, foo: 1 } },
        { do: 'prune', with: { sparsity: 2 } },
      ],
      seeds: { init: -1 },
      sweep: { at: 'recipe.1', param: 'sparsity', values: [7] },
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'recipe.0.with.foo',
      'recipe.0.with.steps',
      'recipe.1.with.sparsity',
      'seeds.init',
      'sweep.values.0',
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'refuses %s anywhere and leaves prototypes alone',
    (key) => {
      const text = `{"v":1,"recipe":[{"do":"prune","with":{"layers":{"${key}":{"polluted":1}}}}],"${key}":{"polluted":1}}`;
      const parsed = parseExperiment(JSON.parse(text), testCatalog);
      expect(parsed).toMatchObject({
        ok: false,
        problems: [
          { code: 'forbidden-field', path: `recipe.0.with.layers.${key}` },
          { code: 'forbidden-field', path: key },
        ],
      });
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  it('survives cycles and very deep documents', () => {
    const cycle: Record<string, unknown> = { v: 1 };
    cycle.recipe = [cycle];
    expect(parseExperiment(cycle, testCatalog)).toMatchObject({
      ok: false,
      problems: [{ code: 'too-deep' }],
    });
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(parseExperiment({ v: 1, recipe: deep }, testCatalog)).toMatchObject({ ok: false });
  });

  it('gives every refusal a path and a message, whatever is put where', () => {
    const junk = fc.oneof(
      fc.anything(),
      fc.constantFrom(Number.NaN, Infinity, -1, 1e9, '', 'x', [], {}, null),
    );
    fc.assert(
      fc.property(experiments(testCatalog), fc.nat(), fc.string(), junk, (experiment, pick, name, value) => {
        const copy = structuredClone(experiment);
        const places = objects(copy);
        const place = places[pick % places.length] as Record<string, unknown>;
        const keys = [...Object.keys(place), name];
        place[keys[pick % keys.length]] = value;
        const parsed = parseExperiment(copy, testCatalog);
        for (const problem of parsed.ok ? [] : parsed.problems) {
          expect(problem.path).not.toBe('');
          expect(problem.message).not.toMatch(/Invalid|Too (big|small)|undefined/);
          expect(problem.code).not.toMatch(/_/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([undefined, null, 5, 'text', [], () => 1])('refuses %s as a document', (raw) => {
    expect(parseExperiment(raw, testCatalog)).toMatchObject({ ok: false, problems: [{ path: '' }] });
  });
});

function objects(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objects)];
}

describe('data that a visitor brings', () => {
  const own = { v: 1, data: 'own-0123456789ab', recipe: [] };
  it('are named by their content, whether they are here or not', () => {
    expect(parseExperiment(own, testCatalog)).toMatchObject({
      ok: true,
      experiment: { data: 'own-0123456789ab' },
    });
  });
  it.each(['own-0123456789a', 'own-0123456789AB', 'own-0123456789abc', 'own-', 'own'])(
    '%s is no name',
    (data) => {
      const parsed = parseExperiment({ ...own, data }, testCatalog);
      expect(parsed).toMatchObject({ ok: false, problems: [{ code: 'unknown-choice', path: 'data' }] });
    },
  );
  it('a network that cannot take the images is refused as such', () => {
    const small = {
      ...testCatalog,
      layersOf: () => {
        throw new WinnowError({ code: 'model.input', path: 'x', message: 'too small' });
      },
    };
    expect(parseExperiment(own, small)).toEqual({
      ok: false,
      problems: [{ code: 'model.input', path: 'model', message: 'too small' }],
    });
  });
});
