/** Where the weights of a ticket ended, from a chain of trainings that are kept. */
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../datasets/types';
import { trainedState } from '../../methods/fixtures';
import { modelById } from '../../models/registry';
import type { Masks, NetState } from '../../models/types';
import type { Experiment } from '../../spec/types';
import { lineage } from '../lineage';
import { Results } from '../results';
import { type Found, findTicket } from './find';

const train = { do: 'train', with: { steps: 10 } };
const arm = (start: string) => [{ do: start }, train];
const experiment: Experiment = {
  v: 1,
  data: 'mnist-7x7',
  model: 'mlp-4',
  recipe: [
    train,
    {
      repeat: 2,
      steps: [{ do: 'prune' }, { fork: { ticket: arm('rewind'), reinit: arm('reinit') } }],
    },
  ],
  seeds: { init: 1, order: 1, method: 1 },
  replicates: 2,
};
const arch = modelById('mlp-4').build([7, 7, 1], 10);
const place = (round: number, name: string) => `recipe.1[${round}].steps.1.fork.${name}.1`;
const maskOf = (...pruned: number[]): Masks => {
  const mask = new Uint8Array(49 * 4).fill(1);
  for (const i of pruned) mask[i] = 0;
  return { 'fc1/kernel': mask };
};
/** Each training gives another network. */
const states: Record<string, NetState> = {
  'recipe.0': { ...trainedState(arch, 1), masks: {} },
  [place(1, 'ticket')]: { ...trainedState(arch, 2), masks: maskOf(5) },
  [place(2, 'ticket')]: { ...trainedState(arch, 3), masks: maskOf(5, 8) },
  [place(2, 'reinit')]: { ...trainedState(arch, 4), masks: maskOf(5, 8) },
};
function resultsOf(places: readonly string[], replicate = 0): Results {
  const results = new Results();
  for (const { at, key } of lineage(experiment, replicate))
    if (places.includes(at)) results.trained.set(key, { state: states[at], rows: [] });
  return results;
}
const closed = () => {
  throw new Error('nothing has to be known from data');
};
const unread = () => ({}) as Dataset;
const find = (at: string, results: Results, replicate = 0, data: () => Dataset = closed) =>
  findTicket({ experiment, at, replicate }, { results, data, turn: async () => {} });
const ends = (found: Found | undefined) => [4, 5, 8].map((i) => found?.end['fc1/kernel'][i]);
const values = (...from: [string, number][]) => from.map(([at, i]) => states[at].tensors['fc1/kernel'][i]);

describe('findTicket', () => {
  const all = Object.keys(states);
  it('takes a pruned weight as the last training left it that it took part in', async () => {
    const found = await find(place(2, 'ticket'), resultsOf(all));
    expect(found?.state).toBe(states[place(2, 'ticket')]);
    expect(ends(found)).toEqual(values([place(2, 'ticket'), 4], ['recipe.0', 5], [place(1, 'ticket'), 8]));
  });
  it('goes back along the trunk from a control', async () => {
    const found = await find(place(2, 'reinit'), resultsOf(all));
    expect(ends(found)).toEqual(values([place(2, 'reinit'), 4], ['recipe.0', 5], [place(1, 'ticket'), 8]));
  });
  it('does without trainings that are not kept any more', async () => {
    const found = await find(place(2, 'ticket'), resultsOf([place(2, 'ticket')]));
    expect(ends(found)).toEqual([...values([place(2, 'ticket'), 4]), Number.NaN, Number.NaN]);
  });
  it('applies cards behind the training', async () => {
    const found = await find('recipe.1[1].steps.1.fork.ticket.0', resultsOf(['recipe.0']), 0, unread);
    const kernel = states['recipe.0'].start['fc1/kernel'];
    const mask = found?.state.masks['fc1/kernel'] as Uint8Array;
    expect(mask.includes(0)).toBe(true);
    expect(found?.state.tensors['fc1/kernel']).toEqual(kernel.map((w, i) => (mask[i] === 1 ? w : 0)));
    expect(found?.end['fc1/kernel']).toEqual(states['recipe.0'].tensors['fc1/kernel']);
  });
  it('has nothing where the training is not kept, of another replicate, or nowhere in the recipe', async () => {
    expect(await find(place(2, 'ticket'), resultsOf(['recipe.0']))).toBeUndefined();
    expect(await find(place(2, 'ticket'), resultsOf(all), 1)).toBeUndefined();
    expect(await find(place(3, 'ticket'), resultsOf(all))).toBeUndefined();
    expect(await find('recipe.1[2].steps.0', resultsOf(['recipe.0']))).toBeUndefined();
  });
});
