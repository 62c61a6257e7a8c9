/** Accuracy in interruptible chunks. */
import type { Examples } from '../datasets/types';
import { macs } from '../models/build';
import type { Arch, NetState } from '../models/types';
import type { Networks } from './networks';
import type { BackendId, EvalResult } from './types';

/** Multiply-accumulates between two turns on a CPU: some tens of milliseconds, so that newer work never waits long. */
const TURN_MACS = 5e8;
const CPU: readonly BackendId[] = ['simd', 'reference', 'wasm', 'cpu'];

/**
 * Images that may be evaluated between two turns, at most `most`. Decided by what is computed and not by a clock:
 * sums of losses must not depend on the moment.
 */
export const imagesPerTurn = (arch: Arch, backend: BackendId, most: number): number =>
  CPU.includes(backend) ? Math.max(8, Math.min(most, Math.floor(TURN_MACS / macs(arch)))) : most;

/**
 * Correct answers and summed loss over examples [from, to).
 * @param turn awaited between chunks; throws to give up
 * @param most images per chunk
 */
export async function evaluate(
  networks: Networks,
  state: NetState,
  examples: Examples,
  to: number,
  turn: () => Promise<void>,
  most = 250,
): Promise<EvalResult> {
  const chunk = imagesPerTurn(state.arch, networks.backend.id, most);
  const total: EvalResult = { correct: 0, loss: 0, count: 0 };
  for (let from = 0; from < to; from += chunk) {
    await turn();
    // Another reader may have loaded its own weights meanwhile.
    const network = await networks.with(state);
    const part = await network.evaluate(examples, from, Math.min(to, from + chunk));
    total.correct += part.correct;
    total.loss += part.loss;
    total.count += part.count;
  }
  return total;
}
