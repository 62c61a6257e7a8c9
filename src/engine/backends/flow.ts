/**
 * How gradients travel back through the graph: which buffer holds the gradient of each value, and whether a stage
 * writes there, adds to what another reader of the value has left, or hands its own buffer on.
 */
import { type Plan, valueSize } from './plan';

export interface Backflow {
  /** Number of the value whose gradient this is. */
  readonly value: number;
  /** Where the gradient of the value is afterwards. */
  readonly buffer: number;
  /** `keep`: the stage's dy is it, unchanged, in place. `none`: nothing before needs it. */
  readonly how: 'write' | 'add' | 'keep' | 'none';
}
export interface BackStage {
  readonly stage: number;
  /** Buffer with the gradient of its output. */
  readonly dy: number;
  /** One per input of the stage. */
  readonly inputs: readonly Backflow[];
}
export interface FlowPlan {
  /** In the order to run. */
  readonly stages: readonly BackStage[];
  /** Floats per image of each buffer. The first holds the gradient of the logits at the start. */
  readonly buffers: readonly number[];
  /** Floats per image of the buffer in which a gradient waits to be added; 0 when none ever does. */
  readonly spare: number;
}

export function planFlow(plan: Plan): FlowPlan {
  const buffers: number[] = [];
  const free: number[] = [];
  const at = new Map<number, number>();
  const take = (size: number): number => {
    const buffer = free.pop() ?? buffers.push(0) - 1;
    buffers[buffer] = Math.max(buffers[buffer], size);
    return buffer;
  };
  let spare = 0;
  at.set(plan.stages.length, take(plan.classes));
  const stages: BackStage[] = [];
  for (let i = plan.stages.length - 1; i >= 0; i--) {
    const { layer, inputs, inSize } = plan.stages[i];
    const dy = at.get(i + 1);
    // A layer that nothing reads has no gradient and no effect.
    if (dy === undefined) continue;
    let kept = false;
    const flows: Backflow[] = [];
    // The second input of `add` is served first, while dy is still whole; the first may then take over its buffer.
    for (const value of [...inputs].reverse()) {
      const known = at.get(value);
      if (value === 0) flows.unshift({ value, buffer: -1, how: 'none' });
      else if (known !== undefined) {
        flows.unshift({ value, buffer: known, how: 'add' });
        if (layer.kind !== 'add') spare = Math.max(spare, inSize);
      } else {
        kept = layer.kind === 'add' && flows.length === inputs.length - 1;
        const buffer = kept ? dy : take(valueSize(plan, value));
        at.set(value, buffer);
        flows.unshift({ value, buffer, how: kept ? 'keep' : 'write' });
      }
    }
    if (!kept) free.push(dy);
    stages.push({ stage: i, dy, inputs: flows });
  }
  return { stages, buffers, spare };
}
