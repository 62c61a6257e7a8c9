import { inArm, inRecipe } from '../spec/location';
import type { ParamTable } from '../spec/params';
import { CITED, card, fork, part, training, trainingParams } from './protocol';
import { defineStudy, type StudyPart } from './types';

/** Steps at which the copies may part, as far as the study goes. */
const PARTINGS = [0, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

const { earlyStop: _, ...common } = trainingParams;
const params = {
  latest: {
    ...{ kind: 'number', label: 'Latest parting step', default: 1000, min: 0, max: 50_000 },
    ...{ step: 10, integer: true, unit: 'steps' },
  },
  points: {
    ...{ kind: 'number', label: 'Points on the line', default: 11, min: 3, max: 31, step: 1, integer: true },
    ...{ unit: 'none', advanced: true },
  },
  ...common,
  steps: { ...common.steps, label: 'Steps' },
} as const satisfies ParamTable;

/** Those of the ladder that leave something to train. */
export const partings = ({ latest, steps }: { latest: number; steps: number }): number[] =>
  PARTINGS.filter((k) => k <= latest && k < steps);

/**
 * From when on training goes to one and the same valley (Frankle et al. 2020): two copies of the network at step k go on
 * with different data orders, and the error is measured along the straight line between their ends.
 */
export const connectivity = defineStudy({
  id: 'connectivity',
  params,
  grouped: true,
  citations: [CITED.stable],
  against: () => undefined,
  parts(base, values) {
    return partings(values).map((k): StudyPart => {
      const copy = (order: number) => [
        training({ ...values, earlyStop: false }, { from: k, steps: values.steps - k, order }),
      ];
      // A rewound beginning is the beginning: so that the fork is the second card for every k.
      const before = k > 0 ? training({ ...values, earlyStop: false }, { steps: k }) : card('rewind');
      const split = inRecipe(1);
      return {
        ...part(base, `k-${k}`, [before, fork({ a: copy(1), b: copy(2) })]),
        line: { from: inArm(split, 'a', 0), to: inArm(split, 'b', 0), points: values.points },
      };
    });
  },
});
