import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, presetOf } from '../catalog';
import { lineage } from '../engine/lineage';
import { initialState, methodContext } from '../engine/state';
import { methodById } from '../methods/registry';
import { pruneCount } from '../methods/select';
import { kernelName, kernelSize, macs, outputLayer, weightCount, weightLayers } from '../models/build';
import type { NetState } from '../models/types';
import { LIMITS } from '../spec/limits';
import type { Params } from '../spec/params';
import { isMethod, isRepeat, type MethodStep, type Step } from '../spec/types';
import { partHash, partsOf, remarksOf, studyArch } from './index';
import { parseStudy } from './parse';
import { studyPresets } from './presets';
import { ratesBetween } from './rates';
import { kinds } from './registry';
import { studies, study } from './testing/studies';
import { scratchRounds } from './tickets';

const ALL = {
  draws: 3,
  shuffle: true,
  small: true,
  late: true,
  finetune: true,
  lrRewind: true,
  oneShot: true,
  random: true,
  scratch: true,
};

describe('parts', () => {
  it('are valid experiments, with ids and hashes of their own', () => {
    fc.assert(
      fc.property(
        studies().filter((s) => !s.data.startsWith('own-') && parseStudy(s).ok),
        (any) => {
          const parts = partsOf(any);
          for (const { experiment } of parts) expect(parse(experiment)).toMatchObject({ ok: true });
          expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
        },
      ),
      { numRuns: 15 },
    );
  });
  it.each(studyPresets)('of preset $id are valid and differ', ({ study: preset }) => {
    const parts = partsOf(preset);
    for (const { experiment } of parts) expect(parse(experiment)).toMatchObject({ ok: true });
    expect(new Set(parts.map(partHash)).size).toBe(parts.length);
  });
  it('fit at their largest', () => {
    for (const { experiment } of partsOf(
      study({ ...ALL, rounds: 24 }, { model: 'conv-6', data: 'cifar-10' }),
    )) {
      expect(parse(experiment)).toMatchObject({ ok: true });
      expect(lineage(experiment).length).toBeLessThan(LIMITS.executed);
    }
  });
  it('refuse data that are not here', () => {
    expect(() => partsOf(study({}, { data: 'own-0123456789ab' }))).toThrow(/data: .*open its file/);
  });
});

describe('work that is shared', () => {
  const trainings = (all: ReturnType<typeof partsOf>) =>
    all
      .flatMap(({ experiment }) => lineage(experiment))
      .filter(({ method }) => !method.live)
      .map(({ key }) => key);
  const keysOf = (values: Params, kind = 'tickets') => new Set(trainings(partsOf(study(values, { kind }))));

  it('minute trains what lottery-minute of the Lab trains', () => {
    const lab = lineage(presetOf('lottery-minute')!.experiment).filter(({ method }) => !method.live);
    const here = trainings(partsOf(studyPresets[0].study));
    expect(new Set(here)).toEqual(new Set(lab.map(({ key }) => key)));
    expect(here).toHaveLength(13);
  });
  it('the dense network is trained once for all arms; arms that are switched on leave the others alone', () => {
    const [few, all] = [keysOf({ rounds: 2 }), keysOf({ rounds: 2, ...ALL, late: false })];
    for (const key of few) expect(all).toContain(key);
    // dense; 2 rounds of ticket, 3 reinit, shuffle, small, finetune, lr-rewind, one-shot, random, units, scratch-e, -b.
    // The first one-shot ticket is the first ticket.
    expect(all.size).toBe(1 + 2 * 13 - 1);
  });
  it('a study of signs begins with the tickets of a study of tickets, a longer one with the rounds of a shorter', () => {
    const [tickets, signs, longer] = [
      keysOf({ rounds: 3, reinit: false }),
      keysOf({ rounds: 3 }, 'signs'),
      keysOf({ rounds: 5 }),
    ];
    for (const key of tickets) {
      expect(signs).toContain(key);
      expect(longer).toContain(key);
    }
  });
  it('all criteria share one dense training', () => {
    expect(keysOf({ rounds: 2 }, 'criteria').size).toBe(1);
  });
});

/** Printed in the paper for the first three networks' own rates; arithmetic for the others. In percent. */
const LADDERS: [string, string, number[]][] = [
  [
    'lenet-300-100',
    'mnist',
    [
      80.04, 64.06, 51.28, 41.05, 32.87, 26.32, 21.07, 16.88, 13.52, 10.83, 8.68, 6.95, 5.57, 4.47, 3.58,
      2.87, 2.31, 1.85, 1.49, 1.19,
    ],
  ],
  [
    'conv-2',
    'cifar-10',
    [
      80.1, 64.16, 51.41, 41.2, 33.02, 26.47, 21.23, 17.03, 13.66, 10.97, 8.81, 7.08, 5.69, 4.57, 3.68, 2.97,
      2.39, 1.93, 1.56, 1.26,
    ],
  ],
  [
    'conv-4',
    'cifar-10',
    [
      81.08, 65.84, 53.55, 43.63, 35.61, 29.13, 23.88, 19.62, 16.16, 13.35, 11.06, 9.18, 7.65, 6.4, 5.37,
      4.51, 3.81, 3.23, 2.75, 2.34,
    ],
  ],
  [
    'conv-6',
    'cifar-10',
    [
      82.54, 68.2, 56.39, 46.68, 38.67, 32.07, 26.61, 22.11, 18.38, 15.29, 12.74, 10.62, 8.86, 7.39, 6.18,
      5.17, 4.32, 3.62, 3.03, 2.54,
    ],
  ],
];
const pruneOf = (recipe: readonly Step[]): MethodStep => {
  const cards = recipe.flatMap((step) => (isRepeat(step) ? step.steps : [step]));
  return cards.find((step): step is MethodStep => isMethod(step) && step.do === 'prune')!;
};

describe('the ladder of sparsities', () => {
  it.each(LADDERS)('of %s is that of the paper to 0.05 points', (model, data, expected) => {
    const s = study({ rounds: 20 }, { model, data });
    const arch = studyArch(s);
    const { sparsity, layers = {} } = pruneOf(partsOf(s)[0].experiment.recipe).with as {
      sparsity: number;
      layers?: Record<string, number>;
    };
    const left = weightLayers(arch).map((layer) => {
      const rate = layers[layer.name] ?? (layer.name === outputLayer(arch) ? sparsity / 2 : sparsity);
      return { rate, n: kernelSize(layer) };
    });
    expected.forEach((percent, round) => {
      for (const layer of left) layer.n -= pruneCount(layer.rate, layer.n);
      const kept = left.reduce((sum, { n }) => sum + n, 0);
      expect([round + 1, Math.abs((100 * kept) / weightCount(arch) - percent) < 0.05]).toEqual([
        round + 1,
        true,
      ]);
    });
  });
  it('is what the card does, and masks only ever lose weights', () => {
    const s = study({ rounds: 20 }, { model: 'mlp-30-20' });
    const arch = studyArch(s);
    const context = methodContext(arch, s.seeds, 0);
    const prune = methodById('prune');
    const { with: values } = pruneOf(partsOf(s)[0].experiment.recipe);
    let state: NetState = initialState(arch, s.seeds, 0);
    const counts = weightLayers(arch).map(kernelSize);
    for (let round = 0; round < 20; round++) {
      const before = state.masks;
      if (!prune.live) throw new Error('prune needs no training');
      const all = Object.fromEntries(
        Object.entries(prune.params).map(([name, p]) => [name, (p as { default: unknown }).default]),
      );
      state = prune.apply(state, { ...all, ...values }, context);
      weightLayers(arch).forEach((layer, i) => {
        const mask = state.masks[kernelName(layer)];
        counts[i] -= pruneCount(layer.name === 'out' ? 0.1 : 0.2, counts[i]);
        expect(mask.reduce((sum, m) => sum + m, 0)).toBe(counts[i]);
        before[kernelName(layer)]?.forEach((was, j) => {
          if (mask[j] > was) throw new Error(`weight ${j} came back`);
        });
      });
    }
  });
});

describe('Scratch-B', () => {
  it('costs as much arithmetic as the dense training, round by round', () => {
    const arch = studyArch(study({}));
    // 300 -> 240 -> 192 and 100 -> 80 -> 64 units.
    const size = (a: number, b: number) => 784 * a + a * b + b * 10;
    const rounds = scratchRounds({ units: 0.2, rounds: 2, steps: 1000 }, arch);
    expect(macs(arch)).toBe(size(300, 100));
    expect(rounds).toEqual([
      { steps: Math.round((1000 * size(300, 100)) / size(240, 80)), capped: false },
      { steps: Math.round((1000 * size(300, 100)) / size(192, 64)), capped: false },
    ]);
  });
  it('is capped by what a card may train, and says so', () => {
    const capped = study({ scratch: true, rounds: 3, units: 0.5, steps: 50_000 });
    expect(remarksOf(capped)).toEqual([{ code: 'scratchCapped', values: { round: 1, steps: 60_000 } }]);
    expect(remarksOf(study({ scratch: true, steps: 1000, rounds: 2 }))).toEqual([]);
  });
});

describe('what is done otherwise than asked for', () => {
  it('late rewinding leaves a step to train, and says so', () => {
    const late = study({ late: true, rewind: 500, steps: 100 });
    expect(remarksOf(late)).toEqual([{ code: 'lateRewind', values: { asked: 500, rewind: 99, steps: 100 } }]);
    for (const { experiment } of partsOf(late)) expect(parse(experiment)).toMatchObject({ ok: true });
  });
});

describe('rates', () => {
  it('are evenly spaced on a log scale, ends exact', () => {
    expect(ratesBetween(0.001, 0.1, 3)).toEqual([0.001, 0.01, 0.1]);
    expect(ratesBetween(1.2e-3, 1.2e-2, 1)).toEqual([1.2e-3]);
    expect(ratesBetween(0.1, 0.1, 4)).toEqual([0.1]);
  });
});

describe('kinds', () => {
  it('cite their papers', () => {
    for (const { citations } of kinds) expect(citations.length).toBeGreaterThan(0);
  });
});
