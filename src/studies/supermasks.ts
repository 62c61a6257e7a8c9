import type { ParamTable } from '../spec/params';
import { CITED, card, part, training, trainingParams } from './protocol';
import { defineStudy } from './types';

const params = {
  bernoulli: { kind: 'flag', label: 'Bernoulli masks', default: true },
  scoreLr: {
    ...{ kind: 'number', label: 'Learning rate of Bernoulli scores', default: 100, min: 1e-3, max: 1000 },
    ...{ step: 1e-3, unit: 'none', scale: 'log', when: { bernoulli: true } },
  },
  edgePopup: { kind: 'flag', label: 'Edge-popup', default: true },
  edgeLr: {
    ...{ kind: 'number', label: 'Learning rate of edge-popup', default: 0.1, min: 1e-3, max: 1000 },
    ...{ step: 1e-3, unit: 'none', scale: 'log', when: { edgePopup: true } },
  },
  dense: { kind: 'flag', label: 'Trained weights beside it', default: true },
  ...trainingParams,
  steps: { ...trainingParams.steps, label: 'Steps', default: 3000 },
} as const satisfies ParamTable;

/** Share of each layer that edge-popup keeps. */
export const KEPT = [0.5, 0.3, 0.1] as const;
const VALUES = ['init', 'constant'] as const;

/**
 * How far a network gets without any weight being trained, by choosing which are there: Bernoulli masks with and without
 * rescaling (Zhou et al. 2019), and edge-popup at several sizes (Ramanujan et al. 2020); beside them, trained weights.
 */
export const supermasks = defineStudy({
  id: 'supermasks',
  params,
  citations: [CITED.zhou, CITED.ramanujan],
  against: (name) => (name === 'dense' ? undefined : 'dense'),
  parts(base, values) {
    const { steps, batch, evalEvery, augment, earlyStop } = values;
    const common = { steps, batch, evalEvery, augment, earlyStop };
    const bernoulli = VALUES.flatMap((from) =>
      [false, true].map((rescale) =>
        part(base, `bernoulli-${from}${rescale ? '-rescaled' : ''}`, [
          card('supermask', {
            ...common,
            method: 'bernoulli',
            values: from,
            rescale,
            scoreLr: values.scoreLr,
          }),
        ]),
      ),
    );
    const popup = VALUES.flatMap((from) =>
      KEPT.map((keep) =>
        part(base, `edge-popup-${from}-${Math.round(100 * keep)}`, [
          card('supermask', {
            ...{ ...common, method: 'edge-popup', values: from, keep, scoreLr: values.edgeLr },
            ...{ cosine: true, weightDecay: 1e-4 },
          }),
        ]),
      ),
    );
    return [
      ...(values.dense ? [part(base, 'dense', [training(values)])] : []),
      ...(values.bernoulli ? bernoulli : []),
      ...(values.edgePopup ? popup : []),
    ];
  },
});
