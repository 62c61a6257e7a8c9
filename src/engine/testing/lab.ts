/** A lab on the data of this machine, for tests; those of one file are disposed of at its end. */
import { afterAll } from 'vitest';
import { hash } from '../../catalog';
import { dataDir, fileReader } from '../../cli/file-reader';
import type { LabEvent } from '../../worker/api';
import { Lab } from '../lab';

const labs: Lab[] = [];
afterAll(async () => {
  for (const lab of labs.splice(0)) await lab.dispose();
});

/** On the SIMD executor, one training at a time. `events` grows. */
export async function openLab(): Promise<{ lab: Lab; events: LabEvent[] }> {
  const events: LabEvent[] = [];
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    (event) => events.push(event),
  );
  labs.push(lab);
  await lab.use('simd');
  return { lab, events };
}
