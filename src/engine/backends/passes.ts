/** The plan run once: forward over a batch, and backward to the gradients of all parameters. */
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import { convShape, poolShape, type StaticLayout, type TrainLayout, type WorkLayout } from './layout';
import type { Plan, Slot, Stage } from './plan';

const FLOAT = 4;

/** Where a tensor's effective values are: its latent place or the copy that is masked and quantized. */
export type Locate = (slot: Slot) => Ptr;

/** The ops of one stage with shapes fixed, so that nothing is made per step. */
interface Compiled {
  forward(batch: number): void;
  /** dy -> gradients of the parameters and, unless dx is 0, of the input. */
  backward(dy: Ptr, dx: Ptr, batch: number, grads: Ptr): void;
}
export interface Passes {
  /** From `acts[0]` to the logits in the last of `acts`. */
  forward(batch: number): void;
  /** From the gradient of the logits in `flow[0]`. */
  backward(train: TrainLayout): void;
}

export function compilePasses(
  plan: Plan,
  machine: Machine,
  fixed: StaticLayout,
  work: WorkLayout,
  locate: Locate,
): Passes {
  const stages = plan.stages.map((stage, i) => compileStage(stage, i, machine, fixed, work, locate));
  return {
    forward(batch) {
      for (const stage of stages) stage.forward(batch);
    },
    backward({ batch, flow, grads }) {
      for (let i = stages.length - 1; i >= 0; i--) {
        const [dy, dx] = (stages.length - 1 - i) % 2 === 0 ? flow : [flow[1], flow[0]];
        const { reluGradient, outSize } = plan.stages[i];
        if (reluGradient) machine.reluBackward(dy, work.acts[i + 1], batch * outSize);
        // Nothing before the first layer needs a gradient.
        stages[i].backward(dy, i === 0 ? 0 : dx, batch, grads);
      }
    },
  };
}

function compileStage(
  { layer, kernel, bias }: Stage,
  i: number,
  machine: Machine,
  fixed: StaticLayout,
  work: WorkLayout,
  locate: Locate,
): Compiled {
  const [x, y, taps, packed] = [work.acts[i], work.acts[i + 1], work.taps[i], fixed.packed[i]];
  if (layer.kind === 'maxpool') {
    const s = poolShape(layer);
    return {
      forward: (batch) => machine.poolForward(s, x, y, taps, batch),
      backward(dy, dx, batch) {
        if (dx) machine.poolBackward(s, dy, taps, dx, batch);
      },
    };
  }
  const w = kernel as Slot;
  const relu = layer.activation === 'relu';
  const biasAt = () => (bias ? locate(bias) : 0);
  const gradOf = (slot: Slot, grads: Ptr) => grads + slot.offset * FLOAT;
  if (layer.kind === 'dense') {
    const s = { in: layer.in, out: layer.out };
    return {
      forward: (batch) => machine.denseForward(s, x, locate(w), packed, biasAt(), y, batch, relu),
      backward(dy, dx, batch, grads) {
        if (bias) machine.biasGrad(dy, gradOf(bias, grads), batch, s.out);
        machine.denseBackwardWeights(s, x, dy, gradOf(w, grads), batch);
        if (dx) machine.denseBackwardInput(s, dy, locate(w), dx, batch);
      },
    };
  }
  const s = convShape(layer);
  return {
    forward: (batch) => machine.convForward(s, x, locate(w), packed, biasAt(), y, batch, relu),
    backward(dy, dx, batch, grads) {
      if (bias) machine.biasGrad(dy, gradOf(bias, grads), batch * s.oh * s.ow, s.n);
      machine.convBackwardWeights(s, x, dy, gradOf(w, grads), batch);
      if (dx) machine.convBackwardInput(s, dy, locate(w), dx, batch);
    },
  };
}
