import { describe, expect, it } from 'vitest';
import { presets } from '../catalog';
import { lineage } from '../engine/lineage';
import type { Experiment, Step } from '../spec/types';
import { studyFrom } from './from-experiment';
import { hashStudy, partsOf } from './index';
import { studyPresetOf, studyPresets } from './presets';

const minute = presets.find(({ id }) => id === 'lottery-minute')!.experiment;
const keys = (experiment: Experiment) => new Set(lineage(experiment).map(({ key }) => key));

describe('studyFrom', () => {
  it('finds the study behind the Lab’s own lottery, which trains nothing that the Lab has trained', () => {
    const study = studyFrom(minute)!;
    expect(hashStudy(study)).toBe(hashStudy(studyPresetOf('minute')!.study));
    expect(keys(partsOf(study)[0].experiment)).toEqual(keys(minute));
  });
  it('finds every study of tickets in its main part', () => {
    for (const { id, study } of studyPresets.filter(({ study: { kind } }) => kind === 'tickets')) {
      const [main] = partsOf(study);
      const found = studyFrom(main.experiment);
      // A recipe without arms beside the ticket still has a fork; all others of these have some.
      expect([id, found && partsOf(found)[0].experiment]).toEqual([id, main.experiment]);
    }
  });
  it('knows no study for other recipes', () => {
    const [train, rounds] = minute.recipe as [Step, { repeat: number; steps: Step[] }];
    const longer = { ...train, with: { steps: 700 } } as Step;
    const others: Step[][] = [
      [],
      [train],
      [longer, rounds],
      [train, rounds, train],
      [train, { ...rounds, steps: [...rounds.steps, train] }],
      [train, { ...rounds, steps: [{ do: 'prune', with: { criterion: 'random' } }, rounds.steps[1]] }],
      [train, { ...rounds, steps: [rounds.steps[0], train] }],
    ];
    for (const recipe of others) expect(studyFrom({ ...minute, recipe })).toBeUndefined();
    for (const { id, experiment } of presets)
      if (id !== 'lottery-minute') expect([id, studyFrom(experiment)]).toEqual([id, undefined]);
  });
});
