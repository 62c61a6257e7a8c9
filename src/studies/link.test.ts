import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlace, writePlace } from '../spec/view';
import { canonicalStudy, defaultStudy, hashStudy, stripStudy, studyTable, studyValues } from './index';
import { decodeStudy, encodeStudy } from './link';
import { parseStudy, repairStudy } from './parse';
import { studyPresets } from './presets';
import { kinds } from './registry';
import { studies, study } from './testing/studies';

/** Append-only: links name presets. A hash that changes here changes the meaning of links and results out there. */
const PRESETS: Record<string, string> = {
  minute: '439b2b71b12300cf',
  quick: 'c28a9b74a99c8e96',
  'five-seeds': '1238b4d5d041b1d6',
  paper: '0c56c9d68d6cd26a',
  'all-arms': '89dc739e89bcb8e5',
  scratch: '8234afdb7d2373c0',
  deconstruct: 'f4c2895ba34be4dd',
  signs: 'edf0186fc4096cba',
  'mask-zero': 'c4d2f5bfa89c484c',
  supermasks: '41f77716ceebb8c6',
  connectivity: 'f2477d446e02da3d',
  'small-rates': '54d69fa6de2bbf1b',
  'conv-2': '2dfd42febca635bf',
  'conv-4': '527f58b3f0815954',
  'conv-6': '11b2401ec947f08e',
};

describe('presets', () => {
  it('are what they always were', () => {
    expect(Object.fromEntries(studyPresets.map(({ id, study }) => [id, hashStudy(study)]))).toEqual(PRESETS);
  });
  it.each(studyPresets)('$id is valid and its link is its name', ({ id, study }) => {
    expect(parseStudy(study)).toEqual({ ok: true, study: stripStudy(study) });
    expect(encodeStudy(study)).toBe(id);
    expect(decodeStudy(id)).toEqual({ study: stripStudy(study), problems: [], preset: id });
  });
});

describe('links of studies', () => {
  // Smaller networks cannot take every image; which can is not what is looked at.
  const valid = studies().filter((s) => parseStudy(s).ok);
  it('lead back to the same study, through the address, and survive chats', () => {
    fc.assert(
      fc.property(valid, (any) => {
        const shown = encodeStudy(any);
        expect(shown).toMatch(/^[A-Za-z0-9._,=/-]*[A-Za-z0-9]$/);
        const back = readPlace(writePlace({ experiment: 'v1/lenet-mnist', view: 'lottery', shown }));
        expect(back.shown).toBe(shown);
        const { study: read, problems } = decodeStudy(back.shown);
        expect(problems).toEqual([]);
        expect(canonicalStudy(read)).toBe(canonicalStudy(any));
        expect(hashStudy(read)).toBe(hashStudy(any));
      }),
      { numRuns: 60 },
    );
  });
  it('are packed where they are long, and a cut one is said to be cut', () => {
    const long = fc.sample(valid, { numRuns: 80, seed: 5 }).map(encodeStudy);
    const packed = long.find((shown) => shown.startsWith('z1/'));
    expect(packed).toBeDefined();
    const { problems, preset } = decodeStudy((packed as string).slice(0, -4));
    expect(problems.map(({ code }) => code)).toEqual(['link-damaged']);
    expect(preset).toBe('minute');
  });
  it('never fail on what is no link', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('z9/a', '%%%', 'quick/=', 'quick/a.b=c')), (text) => {
        expect(parseStudy(decodeStudy(text).study).ok).toBe(true);
      }),
    );
  });
  // Published links. A line is only ever added here.
  it.each([
    ['quick/rounds=8/late=true', '046c3f60af7c4ea7'],
    ['kind=tickets/rate=0.5/model=conv-6/data=cifar-10', '4d6be9a60879c754'],
  ])('%s still means the same', (shown, expected) => {
    const { study: read, problems } = decodeStudy(shown);
    expect(problems).toEqual([]);
    expect(hashStudy(read)).toBe(expected);
  });
  it('keep what is right where something is wrong', () => {
    const {
      study: read,
      problems,
      preset,
    } = decodeStudy('quick/rounds=99/late=true/steps=700/nonsense=1/rubbish');
    expect(preset).toBe('quick');
    // `rounds` stays as the preset has it.
    expect(read.with).toEqual({ rounds: 16, shuffle: true, late: true, steps: 700 });
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['link-part', 'link'],
      ['out-of-range', 'with.rounds'],
      ['unknown-field', 'with.nonsense'],
    ]);
  });
  it('say a default over the value of a preset', () => {
    const shown = encodeStudy(study({ rounds: 16 }, { replicates: 3 }));
    expect(decodeStudy(shown).study.with).toEqual({ rounds: 16 });
  });
});

describe('reading studies', () => {
  it('has one text for a study, however many defaults it spells out', () => {
    fc.assert(
      fc.property(studies(), (any) => {
        const spelled = { ...any, with: studyValues(any) };
        expect(canonicalStudy(spelled)).toBe(canonicalStudy(any));
        expect(hashStudy(stripStudy(any))).toBe(hashStudy(any));
      }),
      { numRuns: 40 },
    );
  });
  it('names the field, what is allowed and what was found', () => {
    const bad = { v: 1, kind: 'tickets', model: 'conv-3', with: { rounds: 25, ratte: 1, optimizer: 'sdg' } };
    const parsed = parseStudy(bad);
    expect(parsed.ok).toBe(false);
    const told = parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
    expect(told.sort().map((t) => t.slice(0, 58))).toEqual([
      'model: model must be one of lenet-300-100, lenet-5, conv-2',
      'with.optimizer: optimizer must be one of adam, sgd, adamw,',
      'with.ratte: unknown field "ratte" (did you mean "rate"?); ',
      'with.rounds: rounds must be in [1, 24], got 25',
    ]);
  });
  it.each([
    undefined,
    null,
    5,
    'x',
    [],
    {},
    { v: 2, kind: 'tickets' },
    { v: 1 },
    { v: 1, kind: 'constructor' },
  ])('refuses %j, and repairs it to something valid', (raw) => {
    expect(parseStudy(raw).ok).toBe(false);
    const { study: read, problems } = repairStudy(raw);
    expect(problems.length).toBeGreaterThan(0);
    expect(parseStudy(read).ok).toBe(true);
  });
  it('repairs what is wrong and keeps the rest', () => {
    const raw = {
      v: 1,
      kind: 'rates',
      data: 'nowhere',
      with: { sgd: false, adamFrom: -1 },
      seeds: { init: 7, order: 'x' },
    };
    const { study: read, problems } = repairStudy(raw);
    expect(problems.map(({ path }) => path).sort()).toEqual(['data', 'seeds.order', 'with.adamFrom']);
    expect(read).toMatchObject({ kind: 'rates', data: 'mnist', with: { sgd: false } });
    expect(read.seeds).toEqual({ init: 7, order: 1, method: 1 });
  });
  it('refuses a network that cannot take the images', () => {
    const parsed = parseStudy({ ...defaultStudy(), data: 'mnist-7x7', model: 'conv-6' });
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: 'model' }] });
  });
  it('has no parameter with the name of a field', () => {
    for (const { params } of kinds) {
      expect(Object.keys(params)).not.toContain('seeds');
      for (const name of ['kind', 'data', 'model', 'replicates']) expect(params).not.toHaveProperty(name);
    }
  });
  it('takes learning rate and rates from the network where the study says none', () => {
    const rate = (model: string, name: string) => studyTable({ kind: 'tickets', model })[name].default;
    expect(['lenet-300-100', 'conv-2', 'conv-4', 'conv-6'].map((m) => rate(m, 'lr'))).toEqual([
      1.2e-3, 2e-4, 3e-4, 3e-4,
    ]);
    expect(['conv-2', 'conv-4', 'conv-6'].map((m) => rate(m, 'convRate'))).toEqual([0.1, 0.1, 0.15]);
  });
});
