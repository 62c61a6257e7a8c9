/** What a run needs, on tiny data and on this thread alone, without a lab around it. */
import { Crew } from '../crew/crew';
import { localHire } from '../crew/local';
import { tinyData } from '../crew/testing/tiny';
import { openBackend } from '../device';
import type { Bench } from '../interpreter';
import { Networks } from '../networks';
import { Results } from '../results';
import type { BackendId } from '../types';

export async function tinyBench(id: BackendId = 'reference'): Promise<Bench> {
  const backend = await openBackend(id);
  const { device } = backend;
  const data = tinyData();
  const info = { ...data.info, shape: data.train.shape, classes: ['a', 'b', 'c'] };
  return {
    trainer: new Crew({ backend: id, device, local: localHire(backend) }),
    looking: new Networks(backend),
    baseline: new Networks(backend),
    device,
    data: { ...data, info },
    results: new Results(),
  };
}
