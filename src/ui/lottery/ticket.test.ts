/** Which ticket is looked at, and the recipes that begin with one. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../catalog';
import type { Experiment, Step } from '../../spec/types';
import type { ArmPoint, ArmSeries } from '../../studies/types';
import { choose, fileNameOf, moveRecipe, refOf, ticketRecipe, trainingOf } from './ticket';

const train: Step = { do: 'train', with: { steps: 400, from: 100, order: 3, lr: 0.002 } };
const experiment: Experiment = {
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe: [
    train,
    { repeat: 2, steps: [{ do: 'prune' }, { fork: { ticket: [{ do: 'rewind' }, train], reinit: [train] } }] },
  ],
  seeds: { init: 1, order: 1, method: 1 },
  replicates: 3,
};
const band = (...replicates: number[]) => ({
  ...{ mean: 0.9, min: 0.9, max: 0.9 },
  each: new Map(replicates.map((r) => [r, [0.9]])),
});
const point = (round: number, arm: string, ...replicates: number[]): ArmPoint => ({
  round,
  remaining: 0.8 ** round,
  end: band(...replicates),
  censored: 0,
  at: [{ part: 'main', at: `recipe.1[${round}].steps.1.fork.${arm}.1` }],
});
const series: ArmSeries[] = [
  { id: 'ticket', points: [point(1, 'ticket', 2, 0), point(2, 'ticket', 0)] },
  { id: 'reinit', points: [point(1, 'reinit', 0)] },
];
const parts = [{ id: 'main', experiment }];
const file = 'file-0123456789ab';

describe('choosing a ticket', () => {
  it('takes the first arm, its last round and the first seed unless told', () => {
    const chosen = choose(series, undefined, {});
    expect([chosen?.arm.id, chosen?.point.round, chosen?.replicate]).toEqual(['ticket', 2, 0]);
  });
  it('follows the round, and keeps to what is finished', () => {
    expect(choose(series, 1, { replicate: 2 })).toMatchObject({ replicate: 2, replicates: [0, 2] });
    expect(choose(series, 2, { replicate: 2 })?.replicate).toBe(0);
    expect(choose(series, 2, { arm: 'reinit' })).toMatchObject({
      arm: { id: 'reinit' },
      point: { round: 1 },
    });
    expect(choose(series, 1, { arm: 'gone' })?.arm.id).toBe('ticket');
    expect(choose([], 1, {})).toBeUndefined();
    expect(choose([{ id: 'ticket', points: [point(1, 'ticket')] }], 1, {})).toBeUndefined();
  });
  it('names the place in its part and the file', () => {
    const chosen = choose(series, 1, { replicate: 2 })!;
    const ref = refOf(chosen, parts)!;
    expect(ref).toEqual({ experiment, at: 'recipe.1[1].steps.1.fork.ticket.1', replicate: 2 });
    expect(fileNameOf(ref, chosen)).toBe('lenet-300-100-ticket-round-1-seed-3.winnow');
    expect(refOf(chosen, [])).toBeUndefined();
  });
});

describe('recipes of a ticket', () => {
  const ref = { experiment, at: 'recipe.1[1].steps.1.fork.ticket.1', replicate: 2 };
  it('train it as it was trained, from its own first step on', () => {
    expect(trainingOf(ref)).toEqual({ do: 'train', with: { steps: 400, lr: 0.002 } });
    expect(trainingOf({ ...ref, at: 'recipe.1[1].steps.0' })).toEqual({ do: 'train' });
  });
  it('are experiments that the Lab takes', () => {
    const moved = moveRecipe(ref, file, { data: 'fashion-mnist', steps: 900, replicates: 4 });
    for (const made of [ticketRecipe(ref, file), moved]) expect(parse(made)).toMatchObject({ ok: true });
    expect(moved).toMatchObject({ data: 'fashion-mnist', replicates: 4, model: 'lenet-300-100' });
    const [open, fork] = moved.recipe as [Step, { fork: Record<string, Step[]> }];
    expect(open).toEqual({ do: 'open', with: { file } });
    const trained = { do: 'train', with: { steps: 900, lr: 0.002 } };
    expect(fork.fork).toEqual({
      ticket: [trained],
      reinit: [{ do: 'reinit' }, trained],
      shuffle: [{ do: 'shuffle-mask' }, { do: 'rewind' }, trained],
    });
  });
});
