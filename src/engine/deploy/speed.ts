/** How much faster a compressed network is than the dense one it came from, each in its best kernels. */
import type { Examples } from '../../datasets/types';
import { macs } from '../../models/build';
import type { NetState } from '../../models/types';
import type { Accuracy, LayerSpeed, Pairing, SpeedAt, SpeedReport } from '../../worker/api';
import type { Networks } from '../networks';
import { agrees, CLAIM, type Conditions, type Pace, type Raced, race } from '../timing/race';
import type { Inference, LayerForms } from '../types';
import { chooseForms, formsChosen } from './choose';
import { isExact } from './pack';

/** Where networks are timed: on one device, dense and compressed in networks of their own. */
export interface Track {
  baseline: Networks;
  looking: Networks;
  conditions: Conditions;
  /** Layers to be executed in these forms where they can be. */
  forms: LayerForms;
  pace?: Pace;
}

/** Times the dense network against the compressed one at batch 1 and 256, and forms against each other before. */
export async function speedOf(
  track: Track,
  dense: NetState,
  state: NetState,
  device: string,
): Promise<SpeedReport> {
  return {
    device,
    latency: await speedAt(track, dense, state, 1),
    throughput: await speedAt(track, dense, state, 256),
  };
}

/** The same at one batch size. */
export async function speedAt<B extends number>(
  track: Track,
  dense: NetState,
  state: NetState,
  batch: B,
): Promise<SpeedAt & { batch: B }> {
  const { baseline, conditions, forms, pace = CLAIM } = track;
  const { backend } = baseline;
  const layers = await chooseForms(backend, state.arch, state, batch, forms, conditions);
  return executing(track, state, layers, async (compressed) => {
    const [a, b] = await race([await baseline.with(dense), compressed], batch, pace, conditions);
    return {
      batch,
      ...pairing(a, b),
      slope: { dense: a.slope, compressed: b.slope, agrees: agrees(a) && agrees(b) },
      ...(a.kernel && b.kernel && { kernel: pairing(a.kernel, b.kernel) }),
      layers,
      macs: { dense: macs(dense.arch), executed: layers.reduce((sum, l) => sum + l.macs, 0) },
    };
  });
}
const pairing = (a: Pick<Raced, 'ms'>, b: Pick<Raced, 'ms' | 'ratio' | 'overlap'>): Pairing => ({
  dense: a.ms,
  compressed: b.ms,
  ratio: b.ratio,
  overlap: b.overlap,
});

/** The state as a network whose layers are executed so; it lasts as long as `use`. */
async function executing<T>(
  { looking }: Pick<Track, 'looking'>,
  state: NetState,
  layers: readonly LayerSpeed[],
  use: (network: Inference) => Promise<T>,
): Promise<T> {
  const forms = formsChosen(layers);
  // A network that is all dense is open already; a masked one really runs.
  if (Object.keys(forms).length === 0) return use(await looking.with(state));
  const network = await looking.backend.deploy!.open(state.arch, state, forms);
  try {
    return await use(network);
  } finally {
    network.dispose();
  }
}

/** Whether layers run that round their inputs, too, so that the accuracy is not that of the effective weights. */
export const rounds = ({ latency, throughput }: SpeedReport): boolean =>
  [...latency.layers, ...throughput.layers].some(({ form }) => !isExact(form));

/** Accuracy of the network as it is executed. @param turn awaited between chunks; throws to give up */
export async function deployedAccuracy(
  track: Pick<Track, 'looking'>,
  state: NetState,
  layers: readonly LayerSpeed[],
  examples: Examples,
  chunk: number,
  turn: () => Promise<void>,
): Promise<Accuracy> {
  return executing(track, state, layers, async (network) => {
    let correct = 0;
    for (let from = 0; from < examples.count; from += chunk) {
      await turn();
      correct += (await network.evaluate(examples, from, Math.min(examples.count, from + chunk))).correct;
    }
    return { split: examples.split === 'test' ? 'test' : 'val', correct, count: examples.count };
  });
}
