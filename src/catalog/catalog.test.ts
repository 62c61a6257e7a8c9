import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineage } from '../engine/lineage';
import { sliderOf } from '../methods/slider';
import { weightLayers } from '../models/build';
import { LAYER_NAME } from '../spec/limits';
import type { ParamTable } from '../spec/params';
import { cardAt, replaceCard } from '../spec/path';
import { experiments } from '../spec/testing/experiments';
import { isMethod } from '../spec/types';
import * as catalog from './index';

const { canonical, datasets, decode, encode, hash, methods, models, parse, presets } = catalog;

/**
 * Presets are append-only: links name them. If a hash here changes, links and results out there change their
 * meaning; add a preset under a new id instead, or a migration. New presets get a new line.
 */
const PRESETS: Record<string, string> = {
  'lenet-mnist': '4ef7d3a4d6abbd82',
  'lottery-minute': '359d6225966aae55',
  'lenet5-mnist': 'bca854e3ecdcbe03',
  'bits-cliff': '82e88ea618060e28',
  'low-rank': '08cc8330e1f2ccd9',
  'resnet8-cifar': '4d18d268291c4174',
  'mobilenet-fashion': '12701a5a8c778c23',
  'prune-iterative': '11165d12841d0649',
  'two-four': '28b26d87fe1dc44c',
  'obs-toy': '7e7e165929afcd76',
  channels: '800e91079044c0ec',
  'channels-resnet8': 'f58a7f1f6c137913',
  'l1-collapse': '629c67407ca5959f',
  'l0-gates': '84a8acf27d270d5d',
  gradual: '1c6c0d862e4caa4c',
  snip: '88bcd2e251869fdd',
  'which-weights': '5566e0942f021e6a',
};

describe('presets', () => {
  it('are what they always were', () => {
    expect(Object.fromEntries(presets.map(({ id, experiment }) => [id, hash(experiment)]))).toEqual(PRESETS);
  });

  it.each(presets)('$id is valid and its link is its name', ({ id, experiment }) => {
    expect(parse(experiment)).toEqual({ ok: true, experiment });
    expect(encode(experiment)).toBe(`#v1/${id}`);
    expect(decode(`#v1/${id}`)).toMatchObject({ preset: id, problems: [] });
    expect(hash(decode(id).experiment)).toBe(hash(experiment));
  });

  it('sweep the slider of the card they point at', () => {
    for (const { experiment } of presets) {
      const card = experiment.sweep && cardAt(experiment, experiment.sweep.at);
      if (!card || !isMethod(card)) continue;
      expect(sliderOf(catalog.methodOf(card.do)!, card.with)).toBe(experiment.sweep?.param);
    }
  });
});

describe('links of the real catalog', () => {
  it('lead back to the same experiment and survive chats', () => {
    fc.assert(
      fc.property(experiments(catalog.catalog), (experiment) => {
        const link = encode(experiment);
        expect(link).toMatch(/^#(v1|v1\/[A-Za-z0-9._,=/-]*[A-Za-z0-9=]|z1\/[A-Za-z0-9]+)$/);
        const back = decode(link);
        expect(back.problems).toEqual([]);
        expect(canonical(back.experiment)).toBe(canonical(experiment));
        expect(hash(back.experiment)).toBe(hash(experiment));
      }),
    );
  });

  // Published links. A line is only ever added here.
  it.each([
    ['#v1/lenet-mnist/recipe.2.sparsity=0.95', 'ec3851eb455082c2'],
    ['#v1/lenet-mnist/recipe.3.off=false/recipe.3.bits=2/recipe.3.scheme=symmetric', '4c2c8cd46c073597'],
    ['#v1/low-rank/replicates=3/recipe.1.rank=20', 'e3c1a8297de42e0f'],
  ])('%s still means the same', (link, expected) => {
    const { experiment, problems } = decode(link);
    expect(problems).toEqual([]);
    expect(hash(experiment)).toBe(expected);
  });

  it('name data sets and networks, and no others', () => {
    const { experiment, problems } = decode(
      '#v1/lenet-mnist/data=cifar-10/model=conv-2/recipe.0.steps=3/recipe.2.sparsity=0.5',
    );
    expect(problems).toEqual([]);
    expect(experiment).toMatchObject({ data: 'cifar-10', model: 'conv-2' });
    expect(experiment.recipe[0]).toMatchObject({ do: 'train', with: { steps: 3 } });
    expect(decode('#v1/lenet-mnist/data=fashion-mnist/model=conv-6').problems).toEqual([]);
    const wrong = decode('#v1/lenet-mnist/data=cifar-100/model=conv-3');
    expect(wrong.problems.map((p) => p.path).sort()).toEqual(['data', 'model']);
    expect(wrong.experiment).toMatchObject({ data: 'mnist', model: 'lenet-300-100' });
  });

  it('spell perceptrons of every size in one way', () => {
    const widths = fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(widths, (sizes) => {
        const model = `mlp-${sizes.join('-')}`;
        const { experiment, problems } = decode(`#v1/lenet-mnist/model=${model}`);
        expect(problems).toEqual([]);
        expect(experiment.model).toBe(model);
        expect(decode(encode(experiment))).toMatchObject({ experiment, problems: [] });
        expect(catalog.modelOf(model)?.id).toBe(model);
      }),
    );
    expect(encode({ ...catalog.presetOf('lenet-mnist')!.experiment, model: 'mlp-20-10' })).toBe(
      '#v1/lenet-mnist/model=mlp-20-10',
    );
    for (const wrong of ['mlp', 'mlp-0', 'mlp-4097', 'mlp-07', 'mlp-1-1-1-1-1-1-1-1-1']) {
      const { experiment, problems } = decode(`#v1/lenet-mnist/model=${wrong}`);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ path: 'model', code: 'unknown-choice' });
      expect(problems[0].message).toMatch(
        /^model must be one of lenet-300-100, .*mlp-<units>.* \(1 to 8 hidden layers of 1 to 4096 units\), got "mlp/,
      );
      expect(experiment.model).toBe('lenet-300-100');
      expect(parse({ v: 1, recipe: [], model: wrong }).ok).toBe(false);
    }
    expect(parse({ v: 1, recipe: [], model: 5 })).toMatchObject({ problems: [{ path: 'model' }] });
    const layers = { fc1: 0.5, fc3: 0.9 };
    const deep = { v: 1, model: 'mlp-9-9-9', recipe: [{ do: 'prune', with: { layers } }] };
    expect(parse(deep).ok).toBe(true);
    expect(parse({ ...deep, model: 'mlp-9-9' })).toMatchObject({
      problems: [{ path: 'recipe.0.with.layers.fc3' }],
    });
  });

  it('name layers whose names have dots', () => {
    const recipe = [{ do: 'prune', with: { layers: { 's2b1.p': 0.5, 's1b1.1': 0.25 } } }];
    const parsed = parse({ v: 1, model: 'resnet-8', recipe });
    if (!parsed.ok) throw new Error(parsed.problems[0].message);
    expect(decode(encode(parsed.experiment))).toMatchObject({ experiment: { recipe }, problems: [] });
  });

  it('every network can be built for every data set, but for toys that are too small for its pools', () => {
    const refused: string[] = [];
    for (const { id, shape, classes, smaller } of datasets)
      for (const model of models) {
        const built = () => model.build(shape, classes.length).layers.at(-1);
        if (smaller && ['lenet-5', 'conv-6'].includes(model.id)) {
          expect(built).toThrow(/too small/);
          refused.push(`${model.id} ${id}`);
        } else expect(built()).toMatchObject({ out: classes.length });
      }
    expect(refused).toEqual(['lenet-5 mnist-7x7', 'conv-6 mnist-7x7']);
  });

  it('are short for what people do: a slider moved, a card on', () => {
    const { experiment } = catalog.presetOf('lenet-mnist')!;
    const moved = replaceCard(experiment, 'recipe.2', {
      do: 'prune',
      with: { scope: 'global', sparsity: 0.95 },
    });
    expect(encode(moved)).toBe('#v1/lenet-mnist/recipe.2.sparsity=0.95');
    expect(encode(replaceCard(moved, 'recipe.3', { do: 'quantize' }))).toBe(
      '#v1/lenet-mnist/recipe.2.sparsity=0.95/recipe.3.off=false',
    );
    expect(encode({ ...experiment, model: 'lenet-5' })).toBe('#v1/lenet-mnist/model=lenet-5');
  });
});

describe('the catalog', () => {
  it('refuses layers that the network does not have, and sweeps of cards that must train, with their path', () => {
    const paths = (recipe: unknown, more = {}) => {
      const parsed = parse({ v: 1, recipe, ...more });
      return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
    };
    const factorize = [{ do: 'factorize', with: { layers: ['fc1', 'fc9'] } }];
    expect(paths(factorize)).toEqual(['recipe.0.with.layers.1']);
    expect(paths([{ do: 'prune', with: { layers: { fc9: 0.5 } } }])).toEqual(['recipe.0.with.layers.fc9']);
    expect(paths([{ do: 'prune', with: { layers: { 'fc1.u': 0.5 } } }])).toEqual([]);
    const conv = [{ do: 'factorize', with: { layers: ['conv1'] } }];
    expect(paths(conv, { model: 'lenet-5' })).toEqual(['recipe.0.with.layers.0']);
    const sweep = { at: 'recipe.0', param: 'steps', values: [10, 20] };
    expect(paths([{ do: 'train' }], { sweep })).toEqual(['sweep.at']);
    const { experiment, problems } = decode('#v1/low-rank/recipe.1.layers=fc9');
    expect(problems).toHaveLength(1);
    expect(parse(experiment).ok).toBe(true);
  });

  it('names everything so that links can', () => {
    const ids = [...methods, ...models, ...datasets, ...presets].map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
    for (const { params } of methods) {
      for (const name of Object.keys(params)) expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
    }
  });

  it('has only layers that an experiment can name', () => {
    for (const model of models) {
      const { shape, classes } = datasets[0];
      const layers = weightLayers(model.build(shape, classes.length));
      expect(layers.length).toBeGreaterThan(0);
      for (const { name } of layers) expect(name).toMatch(LAYER_NAME);
    }
  });

  it('has sound tables: defaults within range, overrides of a number there', () => {
    for (const { id, params } of methods) {
      const spelled = { do: id, with: catalog.paramsOf({ do: id }) };
      expect(parse({ v: 1, recipe: [spelled] })).toMatchObject({ ok: true });
      for (const param of Object.values(params as ParamTable)) {
        if (param.kind === 'perLayer') expect(params[param.of]?.kind).toBe('number');
      }
    }
  });

  it('finds by id and nothing else', () => {
    expect(catalog.methodOf('prune')?.id).toBe('prune');
    expect(catalog.methodOf('constructor')).toBeUndefined();
    expect(catalog.presetOf('lottery-minute')?.title).toBe('presets.lottery-minute.title');
    expect(catalog.repair({ v: 1, recipe: [{ do: 'prune', with: { sparsity: 2 } }] })).toMatchObject({
      experiment: { recipe: [{ do: 'prune' }] },
      problems: [{ path: 'recipe.0.with.sparsity' }],
    });
  });
});

it('prune-iterative compares at equal sparsity and equal training', () => {
  const { experiment } = catalog.presetOf('prune-iterative')!;
  const arms = (name: string) => lineage(experiment).filter(({ arm }) => arm === name);
  const left = (name: string) =>
    arms(name).reduce((share, { values }) => share * (1 - Number(values.sparsity ?? 0)), 1);
  const steps = (name: string) => arms(name).reduce((sum, { values }) => sum + Number(values.steps ?? 0), 0);
  expect(steps('iterative')).toBe(steps('one-shot'));
  expect(Math.abs(left('iterative') - left('one-shot'))).toBeLessThan(0.0005);
});
