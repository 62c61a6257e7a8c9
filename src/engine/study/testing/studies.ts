/** Labs for tests of studies, which tell what they do and count what they train. Disposed of at the end of the file. */
import { afterAll, vi } from 'vitest';
import { hash } from '../../../catalog';
import type { Row, Step } from '../../../spec/types';
import type { StudyPart } from '../../../studies/types';
import type { StudyEvent } from '../../../worker/api-study';
import { Crew } from '../../crew/crew';
import { Lab } from '../../lab';
import type { VaultStore } from '../../vault/types';
import type { StudyLock } from '../desk';

const labs: Lab[] = [];
afterAll(async () => {
  for (const lab of labs.splice(0)) await lab.dispose();
});

const train = (steps: number): Step => ({ do: 'train', with: { steps, batch: 8, evalEvery: 10 } });
const round: Step[] = [
  { do: 'prune', with: { sparsity: 0.3 } },
  { fork: { ticket: [{ do: 'rewind' }, train(20)], reinit: [{ do: 'reinit' }, train(20)] } },
];
/** Two experiments whose first training is the same; twelve trainings in two seeds. */
export const tinyParts = (data: string): StudyPart[] => {
  const common = { v: 1, data, model: 'mlp-9', seeds: { init: 3, order: 5, method: 7 } } as const;
  const part = (id: string, recipe: Step[]): StudyPart => ({
    id,
    experiment: { ...common, recipe, replicates: 2 },
  });
  return [
    part('main', [train(20), { repeat: 2, steps: round }]),
    part('finetune', [train(20), { do: 'prune', with: { sparsity: 0.5 } }, train(10)]),
  ];
};
/** A row to the last bit of its number. */
export const rowKey = (row: Row): string =>
  JSON.stringify(
    { ...row, value: Object.is(row.value, -0) ? '-0' : String(row.value) },
    Object.keys(row).sort(),
  );

/** Trainings that have come to their end in any lab: they run one at a time. */
let finished = 0;
const { train: original } = Crew.prototype;
vi.spyOn(Crew.prototype, 'train').mockImplementation(async function (this: Crew, order) {
  const result = await original.call(this, order);
  finished++;
  return result;
});

/** On the SIMD executor, one training at a time. */
export function openStudies(studies: { store?: VaultStore; lock?: StudyLock } = {}) {
  const events: StudyEvent[] = [];
  const lab = new Lab(
    () => () => Promise.reject(new Error('no files here')),
    hash,
    () => {},
    ...([undefined, undefined, undefined] as const),
    studies,
  );
  labs.push(lab);
  const opened = lab.use('simd');
  let trained = 0;
  return {
    lab,
    events,
    trained: () => trained,
    rows: () => events.flatMap((e) => (e.type === 'rows' ? e.rows : [])),
    progress: () => events.flatMap((e) => (e.type === 'progress' ? [e.progress] : [])),
    problems: () => events.flatMap((e) => (e.type === 'problem' ? [e.problem] : [])),
    statuses: () => events.flatMap((e) => (e.type === 'status' ? [e.status] : [])),
    storage: () => events.flatMap((e) => (e.type === 'storage' ? [e.problem] : [])),
    ends: () => events.flatMap((e) => (e.type === 'end' ? [e.how] : [])),
    kept: (parts: readonly StudyPart[]) => lab.keptStudy(parts),
    async run(parts: readonly StudyPart[]) {
      await opened;
      const before = finished;
      await lab.runStudy(parts, (event) => events.push(event));
      trained += finished - before;
    },
  };
}
