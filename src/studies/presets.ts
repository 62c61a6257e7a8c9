/**
 * Ready-made studies. Links name them and say only what differs, so that one that is here is as good as published: to
 * change what it does, add another. Hashes are pinned in presets.test.ts. Words: i18n `studies.preset.<id>`.
 */
import type { Params } from '../spec/params';
import { defaultStudy } from './index';
import type { Study } from './types';

export interface StudyPreset {
  id: string;
  study: Study;
}
const preset = (id: string, kind: string, values: Params, more: Partial<Study> = {}): StudyPreset => ({
  id,
  study: { ...defaultStudy(kind), ...more, with: values },
});

const conv = (model: string, steps: number): StudyPreset =>
  preset(model, 'tickets', { rounds: 16, steps, rate: 0.2 }, { data: 'cifar-10', model, replicates: 3 });

export const studyPresets: readonly StudyPreset[] = [
  // The Lab's lottery-minute, card for card: what one has trained the other need not train again.
  preset('minute', 'tickets', { rounds: 6, steps: 600, evalEvery: 200, earlyStop: false }),
  preset('quick', 'tickets', { rounds: 16, shuffle: true }, { replicates: 3 }),
  preset('five-seeds', 'tickets', { shuffle: true }, { replicates: 5 }),
  preset('paper', 'tickets', { rounds: 20, steps: 50_000, draws: 3, oneShot: true }, { replicates: 5 }),
  preset(
    'all-arms',
    'tickets',
    {
      ...{ rounds: 8, steps: 2000, shuffle: true, small: true, late: true, rewind: 200, finetune: true },
      ...{ lrRewind: true, oneShot: true, random: true },
    },
    { replicates: 3 },
  ),
  preset('scratch', 'tickets', { rounds: 5, steps: 2000, reinit: false, scratch: true }, { replicates: 3 }),
  preset('deconstruct', 'criteria', {}, { replicates: 3 }),
  preset('signs', 'signs', { steps: 3000, rounds: 12 }, { replicates: 3 }),
  preset('mask-zero', 'mask-zero', { steps: 3000, rounds: 12 }, { replicates: 3 }),
  preset('supermasks', 'supermasks', {}, { replicates: 3 }),
  preset('connectivity', 'connectivity', { steps: 3000 }, { replicates: 3 }),
  preset('small-rates', 'rates', { rounds: 10, steps: 3000 }, { replicates: 3 }),
  conv('conv-2', 5000),
  conv('conv-4', 5000),
  conv('conv-6', 5000),
];
export const studyPresetOf = (id: string): StudyPreset | undefined => studyPresets.find((p) => p.id === id);
