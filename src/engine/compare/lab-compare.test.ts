/** Comparisons in the lab, on real MNIST with the SIMD executor: which states there are, and what they answer. */
import { describe, expect, it } from 'vitest';
import type { Experiment, Step } from '../../spec/types';
import type { CompareOutcome } from '../../worker/api-compare';
import { openLab } from '../testing/lab';

const TIMEOUT = 120_000;
const train = (steps: number): Step => ({ do: 'train', with: { steps, evalEvery: 1000 } });
const prune = (sparsity: number): Step => ({ do: 'prune', with: { sparsity } });
const experiment = (recipe: Step[], more: Partial<Experiment> = {}): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'mlp-20',
  recipe,
  seeds: { init: 3, order: 5, method: 7 },
  replicates: 1,
  ...more,
});
const done = (outcome: CompareOutcome) => {
  if (outcome.is !== 'done') throw new Error(`comparison: ${JSON.stringify(outcome)}`);
  return outcome.comparison;
};

describe('Lab.compare', () => {
  it('dense against pruned: the answers behind the test accuracy of both', { timeout: TIMEOUT }, async () => {
    const { lab, events } = await openLab();
    const recipe = experiment([train(80), prune(0.97)]);
    const ref = (at: string) => ({ experiment: recipe, at });
    expect(lab.compareStates(recipe, [{ experiment: recipe }])).toEqual({
      ready: false,
      places: [
        { at: 'recipe.0', ready: false },
        { at: 'recipe.1', ready: false },
      ],
      runs: ['rerun'],
    });
    await lab.open('mnist').complete;
    expect(await lab.compare(ref('dense'), ref('now'))).toEqual({ is: 'missing', which: ['a', 'b'] });
    await lab.run(recipe);
    await lab.preview(recipe);
    const preview = events.flatMap((e) => (e.type === 'preview' ? [e.preview] : [])).at(-1);
    const shares: number[] = [];
    const comparison = done(await lab.compare(ref('dense'), ref('now'), (share) => shares.push(share)));
    const { all, perClass, confusionA, flips, images } = comparison;
    expect(images).toBe(10_000);
    expect(all.correctA).toBe(preview?.dense?.test?.correct);
    expect(all.correctB).toBe(preview?.test?.correct);
    expect(all.correctA - all.lost + all.gained).toBe(all.correctB);
    expect(all.lost).toBeGreaterThan(100);
    expect(perClass.reduce((n, c) => n + c.images, 0)).toBe(images);
    expect(confusionA.reduce((n, c) => n + c, 0)).toBe(images);
    expect(flips.image.length).toBeGreaterThanOrEqual(all.lost + all.gained);
    for (const share of shares) expect(share).toBeLessThanOrEqual(1);
    // The same states under other names; their answers are kept.
    expect(done(await lab.compare(ref('recipe.0'), ref('recipe.1')))).toEqual(comparison);
    const same = done(await lab.compare(ref('now'), ref('recipe.1')));
    expect(same.flips.image).toHaveLength(0);
    expect(same.all).toMatchObject({ lost: 0, gained: 0, p: 1 });
    // Pictures are those of the test split; what is not there is refused.
    const { test } = lab.open('mnist');
    const pictures = lab.testPictures('mnist', [flips.image[0], 9999]);
    expect(pictures?.shape).toEqual([28, 28, 1]);
    expect(pictures?.pixels.subarray(784)).toEqual(test.pixels.subarray(9999 * 784, 10_000 * 784));
    expect(pictures?.pixels.subarray(0, 784)).toEqual(
      test.pixels.subarray(flips.image[0] * 784, (flips.image[0] + 1) * 784),
    );
    for (const wrong of [-1, 10_000, 0.5]) expect(lab.testPictures('mnist', [wrong])).toBeNull();
    expect(lab.testPictures('cifar-10', [0])).toBeNull();
  });

  it('knows rounds, arms and other runs, and says what is not there any more', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab } = await openLab();
    const lottery = experiment([
      train(20),
      {
        repeat: 2,
        steps: [
          prune(0.5),
          { fork: { ticket: [{ do: 'rewind' }, train(20)], reinit: [{ do: 'reinit' }, train(20)] } },
        ],
      },
    ]);
    await lab.open('mnist').complete;
    await lab.run(lottery);
    const ats = lab.compareStates(lottery, []).places.map(({ at, ready }) => {
      expect(ready).toBe(true);
      return at;
    });
    expect(ats).toHaveLength(11);
    const arm = (round: number, name: string) => `recipe.1[${round}].steps.1.fork.${name}.1`;
    expect(ats).toContain(arm(2, 'reinit'));
    const ref = (at: string, of = lottery) => ({ experiment: of, at });
    const arms = done(await lab.compare(ref(arm(1, 'ticket')), ref(arm(1, 'reinit'))));
    expect(arms.flips.image.length).toBeGreaterThan(0);
    const end = done(await lab.compare(ref('now'), ref(arm(2, 'ticket'))));
    expect(end.flips.image).toHaveLength(0);
    expect(await lab.compare(ref('recipe.7'), ref('now'))).toEqual({ is: 'missing', which: ['a'] });

    const single = experiment([train(25), prune(0.9)]);
    await lab.run(single);
    const fashion = experiment([train(25)], { data: 'fashion-mnist' });
    const kept = (at: string) => ({ experiment: lottery, at });
    const runs = [{ experiment: lottery }, { experiment: fashion }, kept('recipe.0'), { experiment: single }];
    expect(lab.compareStates(single, runs).runs).toEqual(['ready', 'other-data', 'rerun', 'ready']);
    const two = done(await lab.compare(ref('now'), ref('now', single)));
    expect(two.all.correctA).toBe(end.all.correctA);
    lab.forget(lottery, 'recipe.1');
    expect(lab.compareStates(single, runs).runs).toEqual(['rerun', 'other-data', 'rerun', 'ready']);
    // The dense network, the first pruning of it, and what both arms do before they train.
    const left = lab.compareStates(lottery, []).places.filter(({ ready }) => ready);
    const begin = (name: string) => `recipe.1[1].steps.1.fork.${name}.0`;
    expect(left.map(({ at }) => at)).toEqual([
      'recipe.0',
      'recipe.1[1].steps.0',
      begin('ticket'),
      begin('reinit'),
    ]);
    lab.forget(lottery, 'recipe.0');
    expect(await lab.compare(ref('now'), ref('now', single))).toEqual({ is: 'missing', which: ['a'] });
  });

  it('gives way to newer looking and newer comparisons, and looking goes on', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab, events } = await openLab();
    const recipe = experiment([train(20), prune(0.9)], { model: 'lenet-300-100' });
    const moved = experiment([train(20), prune(0.95)], { model: 'lenet-300-100' });
    const [a, b] = ['dense', 'now'].map((at) => ({ experiment: recipe, at }));
    await lab.open('mnist').complete;
    await lab.run(recipe);
    const first = lab.compare(a, b);
    const looked = lab.preview(moved);
    expect(await first).toEqual({ is: 'given-up' });
    await looked;
    expect(events.findLast((e) => e.type === 'preview')?.preview.test).toBeDefined();
    const old = lab.compare(a, b);
    const newer = lab.compare(a, { experiment: moved, at: 'now' });
    expect(await old).toEqual({ is: 'given-up' });
    expect((await newer).is).toBe('done');
    const stopped = lab.compare({ experiment: recipe, at: 'now' }, b);
    lab.stopCompare();
    expect(await stopped).toEqual({ is: 'given-up' });
    expect(events.filter((e) => e.type === 'problem')).toEqual([]);
  });
});
