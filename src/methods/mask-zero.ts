import { kernelName, weightLayers } from '../models/build';
import type { NetState, WeightLayer } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { rewind } from './rewind';
import { defineMethod } from './types';

const params = {
  action: {
    kind: 'choice',
    label: 'Pruned weights',
    default: 'zero',
    options: ['zero', 'freeze', 'freeze-shrunk', 'freeze-shrunk-start'],
  },
} as const satisfies ParamTable;
type Action = ValuesOf<typeof params>['action'];

/**
 * In place of `rewind`: every tensor goes back to where this network began, and of the pruned weights it is asked whether
 * zero matters. `zero`: they are zero, as `rewind` has it. `freeze`: they keep their initial values, are executed and are
 * never trained. `freeze-shrunk`: only those that training did not move towards zero; the others are zero.
 * `freeze-shrunk-start`: the same, and kept weights that moved towards zero begin at zero, from where they are trained.
 *
 * Traps: what is frozen is not gone. It takes part in the forward pass and hands gradient on to the layers below; only
 * its own gradient, weight decay included, is dropped. "Moved towards zero" is |w_f| < |w_i|, a matter of size: a weight
 * that crossed zero and is now larger has not. w_i and w_f are of the same training, w_f as it was before pruning made
 * zeros of it, so this card stands behind that of the pruning with no training in between. A weight that was zero or
 * frozen already stays so: it ended at 0, or where it began.
 */
export const maskZero = defineMethod({
  id: 'mask-zero',
  kind: 'start',
  live: true,
  revives: true,
  params,
  formula:
    '\\begin{gathered} \\begin{array}{lcc} & m = 1 & m = 0 \\\\ \\text{zero} & w_i & 0 \\\\ \\text{freeze} & w_i & w_i \\\\ \\text{freeze-shrunk} & w_i & s\\,w_i \\\\ \\text{freeze-shrunk-start} & s\\,w_i & s\\,w_i \\end{array} \\\\ s = [\\,|w_f| \\ge |w_i|\\,] \\end{gathered}',
  citations: [
    {
      text: 'Zhou, Lan, Liu, Yosinski: Deconstructing lottery tickets: zeros, signs, and the supermask. NeurIPS (2019)',
      url: 'https://arxiv.org/abs/1905.01067',
    },
  ],
  /** @throws WinnowError `mask-zero.untrained` where weights at the end of a training are asked for and there are none */
  apply(state, { action }, context) {
    const zeroed = rewind.apply(state, {}, context);
    if (action === 'zero') return zeroed;
    const done = weightLayers(state.arch).map((layer) => acted(state, zeroed, layer, action));
    const count = (of: (one: Acted) => number) => done.reduce((sum, one) => sum + of(one), 0);
    const [held, pruned, began] = [count((d) => d.heldCount), count((d) => d.pruned), count((d) => d.began)];
    context.note({ code: 'frozen', values: { held, pruned } });
    if (action === 'freeze-shrunk-start') context.note({ code: 'beganAtZero', values: { began } });
    if (held === 0 && began === 0) return zeroed;
    const next = {
      tensors: { ...zeroed.tensors },
      masks: { ...zeroed.masks },
      held: {} as Record<string, Uint8Array>,
    };
    for (const { name, tensor, mask, held } of done) {
      next.tensors[name] = tensor;
      if (mask) next.masks[name] = mask;
      if (held.includes(1)) next.held[name] = held;
    }
    const { held: frozen, ...rest } = next;
    return { ...zeroed, ...rest, ...(held > 0 && { held: frozen }) };
  },
});

interface Acted {
  name: string;
  tensor: Float32Array;
  mask?: Uint8Array;
  held: Uint8Array;
  heldCount: number;
  /** Pruned weights, held or not. */
  pruned: number;
  /** Kept weights that begin at zero. */
  began: number;
}
/** What becomes of one layer. @param zeroed the state with all that is pruned at zero */
function acted(state: NetState, zeroed: NetState, layer: WeightLayer, action: Action): Acted {
  const name = kernelName(layer);
  const start = state.start[name];
  const shrunk = action === 'freeze' ? () => false : shrunkIn(state, name);
  const tensor = zeroed.tensors[name].slice();
  const mask = zeroed.masks[name]?.slice();
  const held = new Uint8Array(tensor.length);
  const done: Acted = { name, tensor, mask, held, heldCount: 0, pruned: 0, began: 0 };
  for (let i = 0; i < tensor.length; i++) {
    if (mask?.[i] !== 0) {
      if (action !== 'freeze-shrunk-start' || !shrunk(i)) continue;
      tensor[i] = 0;
      done.began++;
      continue;
    }
    done.pruned++;
    if (shrunk(i)) continue;
    tensor[i] = start[i];
    mask[i] = held[i] = 1;
    done.heldCount++;
  }
  return done;
}
/** Whether training has moved a weight towards zero. */
function shrunkIn({ start, final }: NetState, name: string): (i: number) => boolean {
  const [before, after] = [start[name], final?.[name]];
  if (after) return (i) => Math.abs(after[i]) < Math.abs(before[i]);
  throw new WinnowError({
    code: 'mask-zero.untrained',
    path: '',
    message:
      'it compares weights at the beginning and the end of a training, and there is none before this card; put train and prune before it',
  });
}
