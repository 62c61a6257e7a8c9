import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fromBase62, toBase62 } from './base62';
import { canonical } from './canonical';
import { defaultExperiment, stripDefaults } from './defaults';
import { decodeLink, encodeLink } from './link';
import { parseExperiment } from './parse';
import { replaceCard } from './path';
import { testCatalog } from './testing/catalog';
import { experiments } from './testing/experiments';
import type { Experiment } from './types';

const encode = (experiment: Experiment) => encodeLink(experiment, testCatalog);
const decode = (link: string) => decodeLink(link, testCatalog);
const text = (experiment: Experiment) => canonical(experiment, testCatalog);
const [basic, rounds] = testCatalog.presets.map(({ experiment }) => experiment);
const at95 = replaceCard(basic, 'recipe.1', { do: 'prune', with: { scope: 'global', sparsity: 0.95 } });
const big: Experiment = {
  ...rounds,
  recipe: Array.from({ length: 12 }, (_, i) => ({
    do: 'prune',
    with: { sparsity: i / 100, layers: { fc1: i / 12 } },
  })),
};

describe('links', () => {
  it('lead back to the same experiment', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        const { experiment: back, problems } = decode(encode(experiment));
        expect(problems).toEqual([]);
        expect(text(back)).toBe(text(experiment));
      }),
      { numRuns: 500 },
    );
  });

  it('lead back field by field when readable, order of layers and arms included', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        const link = encode(experiment);
        fc.pre(link.startsWith('#v'));
        expect(decode(link).experiment).toEqual(stripDefaults(experiment, testCatalog));
      }),
    );
  });

  it('consist of what chats leave alone, and end in nothing that they cut off', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        expect(encode(experiment)).toMatch(/^#(v1|v1\/[A-Za-z0-9._,=/-]*[A-Za-z0-9=]|z1\/[A-Za-z0-9]+)$/);
      }),
    );
  });

  // Links that are out there: what they mean must never change.
  const golden: [string, Experiment][] = [
    ['#v1', defaultExperiment()],
    ['#v1/basic', basic],
    ['#v1/rounds', rounds],
    ['#v1/basic/recipe.1.sparsity=0.95', at95],
    ['#v1/basic/sweep=', { ...basic, sweep: undefined }],
    [
      '#v1/basic/recipe.2.off=false',
      { ...basic, recipe: [...basic.recipe.slice(0, 2), { do: 'factorize' }] },
    ],
    [
      '#v1/basic/replicates=3/seeds.init=7',
      { ...basic, replicates: 3, seeds: { init: 7, order: 1, method: 1 } },
    ],
    [
      '#v1/recipe.0.do=factorize/recipe.0.layers=',
      { ...defaultExperiment(), recipe: [{ do: 'factorize', with: { layers: [] } }] },
    ],
    [
      '#v1/recipe.0.do=awkward/recipe.0.with.off=false',
      { ...defaultExperiment(), recipe: [{ do: 'awkward', with: { off: false } }] },
    ],
    [
      '#v1/recipe.0.repeat=2/recipe.0.steps.0.fork=b,a',
      { ...defaultExperiment(), recipe: [{ repeat: 2, steps: [{ fork: { b: [], a: [] } }] }] },
    ],
    [
      '#v1/rounds/recipe.1.steps.0.layers.fc1=/recipe.1.steps.0.layers.fc1.u=0.25',
      replaceCard(rounds, 'recipe.1.steps.0', {
        do: 'prune',
        with: { sparsity: 0.2, layers: { 'fc1.u': 0.25 } },
      }),
    ],
  ];
  it.each(golden)('%s is pinned', (link, experiment) => {
    expect(encode(experiment)).toBe(link);
    expect(text(decode(link).experiment)).toBe(text(experiment));
    expect(decode(link).problems).toEqual([]);
  });

  const PACKED =
    '#z1/2VRFF8PNP05drxH8cZN2ypFJEZbHeCZEI4No5Lj4IWIeWLgYQQXIAlUFJKLYQCc0ZvP7MTzL8UHwAupx8lKuyHKy8in5BEwsXjsOhzXN722s9JUwd6P7sbzFqndcfv4yf22KsaCQXTcw0TDfUbwhsK41kFqqKa';
  it('a packed link is pinned, dictionary included', () => {
    expect(encode(big)).toMatch(/^#z1/);
    expect(text(decode(PACKED).experiment)).toBe(text(big));
  });

  it('are packed only when that is shorter than a long readable one', () => {
    expect(encode(at95).length).toBeLessThan(300);
    expect(encode(big).length).toBeLessThan(text(big).length / 2);
  });

  it('say which preset they start from', () => {
    expect(decode('#v1/rounds/replicates=2').preset).toBe('rounds');
    expect(decode('#v1/replicates=2').preset).toBeUndefined();
    expect(decode('rounds')).toEqual({ experiment: rounds, preset: 'rounds', problems: [] });
    expect(decode('')).toEqual({ experiment: basic, preset: 'basic', problems: [] });
  });

  const link = '#v1/basic/recipe.1.sparsity=0.95';
  it.each([
    `https://example.org/winnow/?lang=en${link}`,
    `<http://localhost:5173/${link}>`,
    ` ${link} `,
    `${link}.`,
    `${link},`,
    `(${link})`,
    `[${link}]`,
    `"${link}"`,
    `${link}**`,
    `${link}_`,
    `${link}。`,
    `${link}，你看`,
    `${link} look!`,
    link.slice(1),
    link.replaceAll('=', '%3D'),
    encodeURIComponent(link),
    encodeURIComponent(`https://example.org/${link}`),
    encodeURIComponent(encodeURIComponent(link)),
    link.replace('sparsity', 'spar\r\nsity'),
    link.replaceAll('/', '/\u200b'),
    link.replaceAll('/', '&'),
    link.replaceAll('/', '&amp;'),
    '#v1;basic&recipe.1.with.sparsity=.95',
  ])('survive a chat: %j', (pasted) => {
    expect(decode(pasted).problems).toEqual([]);
    expect(text(decode(pasted).experiment)).toBe(text(at95));
  });

  it('survive a chat when packed', () => {
    for (const pasted of [
      `<${PACKED}>.`,
      `${PACKED})`,
      encodeURIComponent(PACKED),
      PACKED.replace(/(.{60})/g, '$1\n'),
    ]) {
      expect(text(decode(pasted).experiment)).toBe(text(big));
    }
  });
});

describe('bad links', () => {
  const cases: [link: string, path: string, code: string][] = [
    ['#v1/basic/recipe.1.sparsity=1.4', 'recipe.1.with.sparsity', 'out-of-range'],
    ['#v1/basic/recipe.1.sparsity=lots', 'recipe.1.with.sparsity', 'wrong-type'],
    ['#v1/basic/recipe.1.sparcity=0.5', 'recipe.1.with.sparcity', 'unknown-field'],
    ['#v1/basic/recipe.1.scope=all', 'recipe.1.with.scope', 'unknown-choice'],
    ['#v1/basic/recipe.1.off=maybe', 'recipe.1.off', 'wrong-type'],
    ['#v1/basic/recipe.3.do=explode', 'recipe.3.do', 'unknown-choice'],
    ['#v1/basic/recipe.9.do=prune', 'link', 'link-path'],
    ['#v1/basic/recipe.length=9', 'link', 'link-path'],
    ['#v1/basic/recipe.1=prune', 'link', 'link-path'],
    ['#v1/basic/recipe.1.fork.x.0.do=train', 'link', 'link-path'],
    ['#v1/basic/seeds.init=-1', 'seeds.init', 'out-of-range'],
    ['#v1/basic/model=lenet-6', 'model', 'unknown-choice'],
    ['#v1/basic/colour=red', 'colour', 'unknown-field'],
    ['#v1/basic/sweep.values=0,7', 'sweep.values.1', 'out-of-range'],
    ['#v1/basic/sweep.at=recipe.8', 'sweep.at', 'no-such-card'],
    ['#v1/basic/recipe', 'link', 'link-part'],
    ['#v1/basic/recipe.1.__proto__.x=1', 'link', 'forbidden-field'],
    ['#v1/nonsense', 'link', 'unknown-choice'],
    ['#v2/basic', 'link', 'newer-version'],
    ['#z7/abc', 'link', 'newer-version'],
    ['#hello', 'link', 'link-unreadable'],
    ['#z1/abc', 'link', 'link-damaged'],
    ['#z1', 'link', 'link-damaged'],
    [`#v1/${'x'.repeat(200_000)}`, 'link', 'link-too-long'],
  ];
  it.each(cases)('%.50s is refused with its path, and the page gets its experiment', (link, path, code) => {
    const { experiment, problems } = decode(link);
    expect(problems).toEqual([expect.objectContaining({ path, code })]);
    expect(text(experiment)).toBe(text(basic));
  });

  it('use what they say rightly', () => {
    const { experiment, problems } = decode(
      '#v1/basic/recipe.1.sparsity=7/replicates=2/recipe.1.scope=layer/foo=1',
    );
    expect(problems.map(({ path }) => path).sort()).toEqual(['foo', 'recipe.1.with.sparsity']);
    expect(text(experiment)).toBe(
      text({ ...basic, replicates: 2, recipe: [{ do: 'train' }, { do: 'prune' }, basic.recipe[2]] }),
    );
  });

  it('do not unpack to more than they may', () => {
    const zeros = new Uint8Array(8_000_000).fill(48);
    const bomb = `#z1/${toBase62(Uint8Array.from([0, 0, ...deflateSync(zeros, { level: 9 })]))}`;
    expect(bomb.length).toBeLessThan(100_000);
    expect(decode(bomb).problems).toEqual([expect.objectContaining({ path: 'link', code: 'link-damaged' })]);
  });

  it('notice cuts and changed characters of a packed link', () => {
    const packed = encode(big);
    for (let end = 4; end < packed.length; end += 7) {
      const other = packed[end] === 'a' ? 'b' : 'a';
      expect(decode(packed.slice(0, end)).problems).toHaveLength(1);
      expect(decode(packed.slice(0, end) + other + packed.slice(end + 1)).problems).toHaveLength(1);
    }
  });

  it('never throw, and always give a valid experiment', () => {
    const mutated = fc
      .tuple(experiments(testCatalog), fc.nat(), fc.nat({ max: 8 }), fc.string())
      .map(([e, at, cut, put]) => {
        const link = encode(e);
        const i = at % (link.length + 1);
        return link.slice(0, i) + put + link.slice(i + cut);
      });
    const word = fc.constantFrom(
      'recipe',
      '0',
      '1',
      '2',
      'do',
      'with',
      'off',
      'steps',
      'fork',
      'repeat',
      'length',
      'train',
      'prune',
      'layers',
      'sweep',
      'values',
      'at',
      '__proto__',
      'seeds',
      '=',
      '.',
      '/',
      '-1',
      '1e99',
      '%',
      '%ff',
      '#',
      'v1',
      'z1',
    );
    const soup = fc.array(word, { maxLength: 20 }).map((words) => `#v1/basic/${words.join('')}`);
    const any = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), mutated, soup);
    fc.assert(
      fc.property(any, (link) => {
        const { experiment, problems } = decode(link);
        expect(parseExperiment(experiment, testCatalog)).toEqual({ ok: true, experiment });
        for (const problem of problems) expect(problem.path).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('base62', () => {
  it('leads back to the bytes, in no more characters than base64url', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const digits = toBase62(bytes);
        expect(fromBase62(digits)).toEqual(bytes);
        expect(digits).toMatch(/^[0-9A-Za-z]*$/);
        expect(digits.length).toBeLessThanOrEqual(Math.ceil((bytes.length * 4) / 3) + 1);
      }),
    );
  });
  it('knows what it cannot have written', () => {
    for (const text of ['A', '_', 'zzz', 'ab cd', 'z'.repeat(43)]) expect(fromBase62(text)).toBeUndefined();
  });
});
