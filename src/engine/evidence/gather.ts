/** Measures what methods wish to know of a state, in chunks that give way. On the CPU, whatever trains and tests. */
import { assertTrain } from '../../datasets/open';
import type { Dataset } from '../../datasets/types';
import type { Machine } from '../../kernels/machine';
import { referenceMachine } from '../../kernels/reference/machine';
import { simdSupported } from '../../kernels/simd/detect';
import { simdMachine } from '../../kernels/simd/machine';
import type { EvidenceKind, EvidenceOf, EvidenceWish } from '../../methods/evidence';
import type { NetState } from '../../models/types';
import type { Plan } from '../backends/plan';
import type { Results } from '../results';
import { gauges } from './registry';
import { type Evidence, evidenceOf } from './store';
import type { Gauge } from './types';
import { Walk } from './walk';

type Images = Pick<Dataset, 'train' | 'complete'>;
type Found = EvidenceOf[EvidenceKind];

/**
 * The build without fused multiply-add: its sums have the same bits wherever there is SIMD at all, and a choice of
 * weights hangs on them.
 */
export const openMachine = async (): Promise<Machine> =>
  simdSupported() ? simdMachine('simd') : referenceMachine();

/** What `wishes` ask of `state`, from the store or measured now and put there. `key`: lineage key of the state. */
export async function evidenceFor(
  { results, data }: { results: Results; data: Images },
  key: string,
  state: NetState,
  wishes: readonly EvidenceWish[],
  turn: () => Promise<void>,
): Promise<Evidence> {
  const { evidence } = results;
  const found = new Map<EvidenceWish, Found>();
  for (const wish of wishes) {
    const known = evidence.get(key, wish);
    if (known) found.set(wish, known);
  }
  const missing = wishes.filter((wish) => !found.has(wish));
  for (const images of new Set(missing.map((wish) => wish.images))) {
    const some = missing.filter((wish) => wish.images === images);
    const kinds = some.map(({ kind }) => kind);
    const fresh = await gather(state, kinds, images, data, turn);
    some.forEach((wish, i) => {
      found.set(wish, fresh[i]);
      evidence.set(key, wish, fresh[i]);
    });
  }
  return evidenceOf(
    wishes,
    wishes.map((wish) => found.get(wish) as Found),
  );
}

/**
 * One walk over the first `images` training images (all there are, where there are fewer) for all these kinds.
 * Waits for images that are still on their way.
 * @param turn awaited between chunks; throws to give up
 * @throws WinnowError when images cannot be loaded or do not fit the network
 */
export async function gather(
  state: NetState,
  kinds: readonly EvidenceKind[],
  images: number,
  data: Images,
  turn: () => Promise<void>,
  machine?: Machine,
  size?: number,
): Promise<Found[]> {
  const { train } = data;
  assertTrain(train);
  const count = Math.min(images, train.total);
  await loaded(data, count, turn);
  const walk = new Walk(state, machine ?? (await openMachine()), size);
  const measuring = kinds.map((kind) => begin(kind, walk.plan, state));
  for (let from = 0; from < count; from += walk.size) {
    await turn();
    const chunk = walk.forward(train, from, Math.min(count, from + walk.size));
    for (const gauge of measuring) await gauge.add(chunk, turn);
  }
  return measuring.map((gauge) => gauge.result(count));
}

function begin(kind: EvidenceKind, plan: Plan, state: NetState): Gauge<Found> {
  const gauge = gauges[kind];
  if (!gauge) throw new Error(`nothing measures ${kind}`);
  return gauge(plan, state);
}

/** Whether the images of every wish are there. */
export const enough = ({ count, total }: Images['train'], wishes: readonly EvidenceWish[]): boolean =>
  wishes.every(({ images }) => count >= Math.min(images, total));

async function loaded({ train, complete }: Images, count: number, turn: () => Promise<void>): Promise<void> {
  while (train.count < count) {
    await turn();
    await Promise.race([complete, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
}
