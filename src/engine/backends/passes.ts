/** The plan run once: forward over a batch, and backward to the gradients of all trained parameters. */
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import type { FlowPlan } from './flow';
import {
  convShape,
  type Deployed,
  depthwiseShape,
  globalPoolShape,
  needsPatches,
  patchRows,
  poolShape,
  type StaticLayout,
  type TrainLayout,
  type WorkLayout,
} from './layout';
import type { Plan, Slot, Stage } from './plan';

const FLOAT = 4;

/** Where a tensor's effective values are: its latent place or the copy that is masked and quantized. */
export type Locate = (slot: Slot) => Ptr;

/** The ops of one stage with shapes fixed, so that nothing is made per step. */
interface Compiled {
  /** `training`: batch norms use and keep the statistics of the batch. */
  forward(batch: number, training?: TrainLayout): void;
  /** dy -> gradients of the parameters and, unless dx is 0, of the input. Not called for `add`. */
  backward(dy: Ptr, dx: Ptr, train: TrainLayout): void;
  /** dy -> dx alone, of the network as it answers: statistics of batch norms are constants. dx is not 0. */
  backwardInput(dy: Ptr, dx: Ptr, batch: number): void;
}
/** Told of the gradient of a stage's output, with that of its own relu taken already. */
export type Probe = (stage: number, dy: Ptr) => void;
export interface Passes {
  /** From `acts[0]` to the logits in the last of `acts`. */
  forward(batch: number, training?: TrainLayout): void;
  /**
   * From the gradient of the logits in `flow[0]` to those of all trained parameters.
   * @param probe is told of every stage instead: no gradients of parameters are made, and batch norms are those of
   * evaluation
   */
  backward(train: TrainLayout, probe?: Probe): void;
}
interface Site {
  machine: Machine;
  locate: Locate;
  x: Ptr;
  /** Second input, of `add`. */
  x2: Ptr;
  y: Ptr;
  taps: Ptr;
  packed: Ptr;
  /** Where its kernel is executed in another form than dense. */
  deployed?: Deployed;
  patches: Ptr;
  index: number;
}

export function compilePasses(
  plan: Plan,
  flow: FlowPlan,
  machine: Machine,
  fixed: StaticLayout,
  work: WorkLayout,
  locate: Locate,
): Passes {
  const { acts } = work;
  const stages = plan.stages.map((stage, index) =>
    compileStage(stage, {
      machine,
      locate,
      x: acts[stage.inputs[0]],
      x2: acts[stage.inputs[1]] ?? 0,
      y: acts[index + 1],
      taps: work.taps[index],
      packed: fixed.packed[index],
      deployed: fixed.deployed[index],
      patches: work.patches,
      index,
    }),
  );
  return {
    forward(batch, training) {
      for (const stage of stages) stage.forward(batch, training);
    },
    backward(train, probe) {
      const { batch, flow: buffers, spare } = train;
      for (const { stage: i, dy: from, inputs } of flow.stages) {
        const { reluGradient, outSize, inSize, layer } = plan.stages[i];
        const [dy, length] = [buffers[from], batch * inSize];
        if (reluGradient) machine.reluBackward(dy, acts[i + 1], batch * outSize);
        probe?.(i, dy);
        if (layer.kind === 'add') {
          // The last input is served first: the first may keep dy's own buffer.
          for (const { buffer, how } of [...inputs].reverse()) {
            const dx = buffers[buffer];
            if (how === 'write') machine.bytes.copyWithin(dx, dy, dy + length * FLOAT);
            else if (how === 'add') machine.add(dx, dy, dx, length, false);
          }
          continue;
        }
        const { buffer, how } = inputs[0];
        const dx = buffers[buffer] ?? 0;
        const to = how === 'add' ? spare : dx;
        if (!probe) stages[i].backward(dy, to, train);
        else if (to) stages[i].backwardInput(dy, to, batch);
        if (how === 'add') machine.add(dx, spare, dx, length, false);
      }
    },
  };
}

const gradient = (slot: Slot, { grads }: TrainLayout): Ptr => grads + slot.offset * FLOAT;

function compileStage(stage: Stage, site: Site): Compiled {
  if (site.deployed) return compileDeployed(stage, site, site.deployed);
  switch (stage.layer.kind) {
    case 'dense':
    case 'conv':
    case 'depthwise':
      return compileWeights(stage, site);
    case 'batchnorm':
      return compileNorm(stage, site);
    default:
      return compilePlain(stage, site);
  }
}

/** Backward of a stage without parameters. */
const inputOnly = (backwardInput: Compiled['backwardInput']): Omit<Compiled, 'forward'> => ({
  backward: (dy, dx, { batch }) => void (dx && backwardInput(dy, dx, batch)),
  backwardInput,
});

/** Stages without parameters. */
function compilePlain({ layer, outSize }: Stage, { machine, x, x2, y, taps }: Site): Compiled {
  switch (layer.kind) {
    case 'maxpool': {
      const s = poolShape(layer);
      return {
        forward: (batch) => machine.poolForward(s, x, y, taps, batch),
        ...inputOnly((dy, dx, batch) => machine.poolBackward(s, dy, taps, dx, batch)),
      };
    }
    case 'avgpool': {
      const s = poolShape(layer);
      return {
        forward: (batch) => machine.avgPoolForward(s, x, y, batch),
        ...inputOnly((dy, dx, batch) => machine.avgPoolBackward(s, dy, dx, batch)),
      };
    }
    case 'globalpool': {
      const s = globalPoolShape(layer);
      return {
        forward: (batch) => machine.globalPoolForward(s, x, y, batch),
        ...inputOnly((dy, dx, batch) => machine.globalPoolBackward(s, dy, dx, batch)),
      };
    }
    case 'add': {
      const relu = layer.activation === 'relu';
      return { forward: (batch) => machine.add(x, x2, y, batch * outSize, relu), ...inputOnly(() => {}) };
    }
    default:
      throw new Error(`${layer.kind} has parameters`);
  }
}

function compileNorm({ layer, norm, outSize }: Stage, { machine, locate, x, y, index }: Site): Compiled {
  if (layer.kind !== 'batchnorm' || !norm) throw new Error('no batch norm');
  const s = { c: layer.out[2], epsilon: layer.epsilon, momentum: layer.momentum };
  const relu = layer.activation === 'relu';
  const positions = outSize / s.c;
  return {
    forward(batch, training) {
      const [gamma, beta, mean, variance] = [norm.gamma, norm.beta, norm.mean, norm.variance].map(locate);
      const rows = batch * positions;
      if (training) {
        machine.batchNormTrain(s, x, gamma, beta, mean, variance, y, training.saved[index], rows, relu);
      } else machine.batchNormEval(s, x, gamma, beta, mean, variance, y, rows, relu);
    },
    backward(dy, dx, train) {
      const [dgamma, dbeta] = [gradient(norm.gamma, train), gradient(norm.beta, train)];
      const rows = train.batch * positions;
      machine.batchNormBackward(
        s,
        x,
        dy,
        locate(norm.gamma),
        train.saved[index],
        // Nothing before the first layer needs a gradient, but the op has to write somewhere.
        dx || dy,
        dgamma,
        dbeta,
        rows,
      );
    },
    backwardInput(dy, dx, batch) {
      const { floats } = machine;
      const [gamma, variance] = [norm.gamma, norm.variance].map((slot) => locate(slot) / FLOAT);
      const scale = Float32Array.from(
        { length: s.c },
        (_, i) => floats[gamma + i] / Math.sqrt(floats[variance + i] + s.epsilon),
      );
      const [from, to] = [dy / FLOAT, dx / FLOAT];
      for (let i = 0; i < batch * outSize; i += s.c) {
        for (let k = 0; k < s.c; k++) floats[to + i + k] = floats[from + i + k] * scale[k];
      }
    },
  };
}

function compileWeights({ layer, kernel, bias }: Stage, { machine, locate, x, y, packed }: Site): Compiled {
  const w = kernel as Slot;
  const biasAt = () => (bias ? locate(bias) : 0);
  const biasGradient = (dy: Ptr, train: TrainLayout, rows: number) => {
    if (bias) machine.biasGrad(dy, gradient(bias, train), rows, bias.length);
  };
  if (layer.kind === 'dense') {
    const s = { in: layer.in, out: layer.out };
    const relu = layer.activation === 'relu';
    const backwardInput = (dy: Ptr, dx: Ptr, batch: number) =>
      machine.denseBackwardInput(s, dy, locate(w), dx, batch);
    return {
      backwardInput,
      forward: (batch) => machine.denseForward(s, x, locate(w), biasAt(), y, batch, relu),
      backward(dy, dx, train) {
        biasGradient(dy, train, train.batch);
        machine.denseBackwardWeights(s, x, dy, gradient(w, train), train.batch);
        if (dx) backwardInput(dy, dx, train.batch);
      },
    };
  }
  if (layer.kind === 'depthwise') {
    const s = depthwiseShape(layer);
    const relu = layer.activation === 'relu';
    const backwardInput = (dy: Ptr, dx: Ptr, batch: number) =>
      machine.depthwiseBackwardInput(s, dy, locate(w), dx, batch);
    return {
      backwardInput,
      forward: (batch) => machine.depthwiseForward(s, x, locate(w), biasAt(), y, batch, relu),
      backward(dy, dx, train) {
        biasGradient(dy, train, train.batch * s.oh * s.ow);
        machine.depthwiseBackwardWeights(s, x, dy, gradient(w, train), train.batch);
        if (dx) backwardInput(dy, dx, train.batch);
      },
    };
  }
  if (layer.kind !== 'conv') throw new Error(`${layer.kind} has no kernel`);
  const s = convShape(layer);
  const relu = layer.activation === 'relu';
  const backwardInput = (dy: Ptr, dx: Ptr, batch: number) =>
    machine.convBackwardInput(s, dy, locate(w), dx, batch);
  return {
    backwardInput,
    forward: (batch) => machine.convForward(s, x, locate(w), packed, biasAt(), y, batch, relu),
    backward(dy, dx, train) {
      biasGradient(dy, train, train.batch * s.oh * s.ow);
      machine.convBackwardWeights(s, x, dy, gradient(w, train), train.batch);
      if (dx) backwardInput(dy, dx, train.batch);
    },
  };
}

/** A kernel in another form: the product of the inputs, or of patches made block by block, with it. */
function compileDeployed(
  { layer, bias, outSize }: Stage,
  { machine, locate, x, y, patches }: Site,
  { form, shape, places }: Deployed,
): Compiled {
  const relu = 'activation' in layer && layer.activation === 'relu';
  const multiply = (from: Ptr, to: Ptr, rows: number) =>
    form.forward(machine, shape, from, places, bias ? locate(bias) : 0, to, rows, relu);
  const refuse = () => {
    throw new Error(`${layer.name} is deployed and cannot be trained`);
  };
  const backward = { backward: refuse, backwardInput: refuse };
  if (!needsPatches(layer)) {
    const perImage = outSize / shape.out;
    return { forward: (batch) => multiply(x, y, batch * perImage), ...backward };
  }
  const s = convShape(layer);
  const most = patchRows({ form, shape, packed: {} });
  return {
    forward(batch) {
      const rows = batch * s.oh * s.ow;
      for (let from = 0; from < rows; from += most) {
        const some = Math.min(most, rows - from);
        machine.patches(s, x, patches, from, some);
        multiply(patches, y + from * s.n * FLOAT, some);
      }
    },
    ...backward,
  };
}
