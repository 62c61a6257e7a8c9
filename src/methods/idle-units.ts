/**
 * Units that no longer matter: nobody reads them, or they read nothing and so give a constant. Told group by group, with
 * what has to be added to the readers' biases so that the network without them answers the same.
 */
import { type Placed, placed } from '../models/axes';
import { biasName, channels, isWeightLayer, kernelName, normNames } from '../models/build';
import { shrinkable, type UnitGroup } from '../models/groups';
import type {
  Activation,
  BatchNormLayer,
  ConvLayer,
  DepthwiseLayer,
  NetState,
  WeightLayer,
} from '../models/types';
import { effectiveKernel } from './fake-quant';

export interface Idle {
  readonly group: UnitGroup;
  /** Units that can go. */
  readonly units: readonly number[];
  /** Of these, those that gave a constant other than 0 to somebody. */
  readonly folded: number;
  /** Units that give a constant and have to stay: at a padded edge it is none, or it cannot be put elsewhere exactly. */
  readonly stuck: number;
  /** What to add, by name of the bias. */
  readonly biases: ReadonlyMap<string, Float64Array>;
}

/** Of every group that can shrink; units that do nothing in `state` as it is now. */
export function idleUnits(state: NetState): Idle[] {
  const net = new Net(state);
  return shrinkable(state.arch).map((group) => idleIn(net, group));
}

/** What is asked of a network again and again. */
class Net {
  readonly layers: readonly Placed[];
  readonly #uses = new Map<string, Use>();
  readonly #kernels = new Map<string, Float32Array>();
  constructor(readonly state: NetState) {
    this.layers = placed(state.arch);
    for (const p of this.layers) if (isWeightLayer(p.layer)) this.#uses.set(p.layer.name, usageOf(state, p));
  }
  use = (name: string): Use => this.#uses.get(name) as Use;
  /** As executed. */
  kernel(layer: WeightLayer): Float32Array {
    const kernel = this.#kernels.get(layer.name) ?? effectiveKernel(this.state, layer);
    this.#kernels.set(layer.name, kernel);
    return kernel;
  }
}

/** Per channel read and per unit made 1 where a weight is there; `loose`: where one is not masked, zero or not. */
interface Use {
  readonly rows: Uint8Array;
  readonly columns: Uint8Array;
  readonly looseRows: Uint8Array;
  readonly looseColumns: Uint8Array;
}

/**
 * A weight of exactly 0 is as good as masked, but for quantized kernels: there the zero of the latent weight may be
 * executed as something else.
 */
function usageOf({ tensors, masks, quant }: NetState, { layer, tensors: all }: Placed): Use {
  const [[name, [, inputs, outputs]]] = all;
  const [kernel, mask] = [tensors[name], masks[name]];
  const zeros = quant[name] === undefined;
  const flags = (n: number) => new Uint8Array(n);
  const use = {
    ...{ rows: flags(inputs), columns: flags(outputs) },
    ...{ looseRows: flags(inputs), looseColumns: flags(outputs) },
  };
  if (!isWeightLayer(layer)) return use;
  for (let i = 0; i < kernel.length; i++) {
    if (mask?.[i] === 0) continue;
    const [row, column] = [Math.floor(i / outputs) % inputs, i % outputs];
    use.looseRows[row] = 1;
    use.looseColumns[column] = 1;
    if (zeros && kernel[i] === 0) continue;
    use.rows[row] = 1;
    use.columns[column] = 1;
  }
  return use;
}

function idleIn(net: Net, group: UnitGroup): Idle {
  const { use } = net;
  const biases = new Map<string, Float64Array>();
  const units: number[] = [];
  let folded = 0;
  let stuck = 0;
  for (let j = 0; j < group.units; j++) {
    const read = group.readers.some((name) => use(name).rows[j] === 1);
    const fed = group.producers.some((name) => use(name).columns[j] === 1);
    if (read && fed) continue;
    // The last one stays, whatever it does.
    const last = units.length === group.units - 1;
    const shares = read ? sharesOf(net, group, j) : [];
    if (!shares || !exactWithout(net, group, j)) stuck++;
    else if (!last) {
      units.push(j);
      if (shares.some(({ of }) => of.some((v) => v !== 0))) folded++;
      for (const { bias, of } of shares) {
        const sum = biases.get(bias) ?? new Float64Array(of.length);
        biases.set(
          bias,
          sum.map((v, o) => v + of[o]),
        );
      }
    }
  }
  return { group, units, folded, stuck, biases };
}

/** Quantization: a range or a mean is found from all weights that are not masked, so none of those may go. */
function exactWithout({ state: { quant }, use }: Net, group: UnitGroup, j: number): boolean {
  const spec = (name: string) => quant[kernelName({ name })];
  const columns = [...group.producers, ...group.depthwise];
  return (
    columns.every((name) => spec(name)?.granularity !== 'tensor' || use(name).looseColumns[j] === 0) &&
    group.readers.every((name) => !spec(name) || use(name).looseRows[j] === 0)
  );
}

/** What each reader gets from the constant unit; undefined where that is no constant, or cannot be kept exactly. */
function sharesOf(net: Net, group: UnitGroup, j: number): { bias: string; of: Float64Array }[] | undefined {
  const { use } = net;
  const values = constants(net, group, j);
  const shares = [];
  for (const { layer, from, tensors } of net.layers) {
    if (!isWeightLayer(layer) || !group.readers.includes(layer.name) || use(layer.name).rows[j] === 0)
      continue;
    const value = values.get(from[0]);
    if (value === 0) continue;
    if (value === undefined || !layer.bias || (layer.kind === 'conv' && isPadded(layer))) return undefined;
    const [[, [positions, inputs, outputs]]] = tensors;
    const kernel = net.kernel(layer);
    const of = new Float64Array(channels(layer));
    for (let p = 0; p < positions; p++)
      for (let o = 0; o < outputs; o++) of[o] += value * kernel[(p * inputs + j) * outputs + o];
    shares.push({ bias: biasName(layer), of });
  }
  return shares;
}

/** The constant that unit j is in each value of the group; absent where an edge makes it none. */
function constants(net: Net, group: UnitGroup, j: number) {
  const { tensors } = net.state;
  const values = new Map<string, number>();
  for (const { layer, gives, from } of net.layers) {
    if (gives !== group) continue;
    const terms = from.map((name) => values.get(name));
    const put = (value: number, activation: Activation = 'linear') =>
      values.set(layer.name, activation === 'relu' ? Math.max(0, value) : value);
    if (layer.kind === 'dense' || layer.kind === 'conv') {
      put(layer.bias ? tensors[biasName(layer)][j] : 0, layer.activation);
      continue;
    }
    if (terms.includes(undefined)) continue;
    const [x = 0, y = 0] = terms;
    if (layer.kind === 'add') put(x + y, layer.activation);
    else if (layer.kind === 'batchnorm') put(normalised(net.state, layer, j, x), layer.activation);
    else if (layer.kind === 'depthwise') {
      if (x === 0 || !isPadded(layer)) put(filtered(net, layer, j, x), layer.activation);
    } else put(x);
  }
  return values;
}

function normalised({ tensors }: NetState, layer: BatchNormLayer, j: number, x: number): number {
  const { gamma, beta, mean, variance } = normNames(layer);
  const deviation = Math.sqrt(tensors[variance][j] + layer.epsilon);
  return (tensors[gamma][j] * (x - tensors[mean][j])) / deviation + tensors[beta][j];
}
function filtered(net: Net, layer: DepthwiseLayer, j: number, x: number): number {
  const units = layer.out[2];
  const kernel = net.kernel(layer);
  let sum = layer.bias ? net.state.tensors[biasName(layer)][j] : 0;
  for (let i = j; i < kernel.length; i += units) sum += kernel[i] * x;
  return sum;
}
/** Zeros around the image are read somewhere. */
const isPadded = ({ pad, in: size, out, kernel, stride }: ConvLayer | DepthwiseLayer): boolean =>
  pad > 0 || out.slice(0, 2).some((n, axis) => (n - 1) * stride + kernel > size[axis]);
