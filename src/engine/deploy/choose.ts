/**
 * Which form each layer is executed in: the fastest exact one, found by timing the layer alone in every form that can
 * hold it, against its best dense kernel. What was found is remembered for layers of the same shape and about as many
 * weights left, as long as the device stays open: a moved slider is answered from memory.
 */
import { effectiveKernel } from '../../methods/fake-quant';
import { kernelName, layerMacs, weightLayers } from '../../models/build';
import type { Arch, WeightLayer, Weights } from '../../models/types';
import type { FormTiming, LayerSpeed } from '../../worker/api';
import { CHOICE, type Conditions, race } from '../timing/race';
import type { Backend, Deployer, ExecForm, Inference, LayerForms } from '../types';
import { executedMacs, isExact, packLayer } from './pack';

/** A form that executes more of a kernel than this is not worth timing. */
const HOPELESS = 0.8;
/** Multiply-accumulates of one pass from which on few rounds have to do. */
const LONG_PASS = 2e8;
const remembered = new WeakMap<Deployer, Map<string, FormTiming[]>>();

/**
 * @param overrides layers to be executed in these forms where they can be, exact or not; others are ignored
 * @returns how every layer with weights is executed at this batch size
 * @throws what `conditions.turn` throws
 */
export async function chooseForms(
  backend: Backend,
  arch: Arch,
  weights: Weights,
  batch: number,
  overrides: LayerForms,
  conditions: Conditions,
): Promise<LayerSpeed[]> {
  const { deploy } = backend;
  const chosen: LayerSpeed[] = [];
  for (const layer of weightLayers(arch)) {
    const wish = overrides[layer.name];
    const can = deploy?.formsOf(layer, weights) ?? ['dense'];
    const override = wish && can.includes(wish) ? wish : undefined;
    const rivals = can.filter((form) => form === override || worthTiming(layer, weights, form));
    const timed = deploy && rivals.length > 1;
    const candidates = timed ? await time(deploy, layer, weights, batch, rivals, conditions) : [];
    const form = override ?? fastest(candidates);
    const macs = macsOf(layer, weights, form);
    const why = override ? 'override' : timed ? 'measured' : 'only';
    chosen.push({ layer: layer.name, form, chosen: why, candidates, macs });
  }
  return chosen;
}

const macsOf = (layer: WeightLayer, weights: Weights, form: ExecForm): number =>
  executedMacs(layer, form === 'dense' ? undefined : packLayer(layer, weights, form));

/** Exact forms that leave something out, or hold the weights in fewer bytes. */
function worthTiming(layer: WeightLayer, weights: Weights, form: ExecForm): boolean {
  if (form === 'dense') return true;
  if (!isExact(form)) return false;
  const coded = weights.quant[kernelName(layer)] !== undefined;
  return coded || macsOf(layer, weights, form) < HOPELESS * layerMacs(layer);
}

/** Anything but dense only where it is told apart from it. */
function fastest(candidates: readonly FormTiming[]): ExecForm {
  const [dense, ...others] = candidates;
  if (!dense) return 'dense';
  const faster = others.filter(({ form, ms }) => isExact(form) && ms.q3 < dense.ms.q1);
  return faster.reduce((best, next) => (next.ms.median < best.ms.median ? next : best), dense).form;
}

async function time(
  deploy: Deployer,
  layer: WeightLayer,
  weights: Weights,
  batch: number,
  rivals: readonly ExecForm[],
  conditions: Conditions,
): Promise<FormTiming[]> {
  const memory = remembered.get(deploy) ?? new Map<string, FormTiming[]>();
  remembered.set(deploy, memory);
  const key = keyOf(layer, weights, batch, rivals);
  const known = memory.get(key);
  if (known) return known;
  const arch = alone(layer);
  const nets: Inference[] = [];
  try {
    for (const form of rivals) {
      await conditions.turn();
      nets.push(await deploy.open(arch, weights, { [layer.name]: form }));
    }
    const rounds = layerMacs(layer) * batch > LONG_PASS ? 3 : CHOICE.rounds;
    const raced = await race(nets, batch, { ...CHOICE, rounds }, conditions);
    const made = raced.map(({ ms, ratio }, i): FormTiming => {
      const form = rivals[i];
      return { form, exact: isExact(form), macs: macsOf(layer, weights, form), ms, ratio };
    });
    memory.set(key, made);
    return made;
  } finally {
    for (const net of nets) net.dispose();
  }
}

/** The network that is this layer and nothing else. */
export const alone = ({ from: _, ...layer }: WeightLayer): Arch => ({
  input: layer.kind === 'dense' ? [1, 1, layer.in] : layer.in,
  layers: [layer],
});

/** Same shape, same bits, same forms, and a share of weights left that is equal to about a tenth. */
function keyOf(layer: WeightLayer, weights: Weights, batch: number, rivals: readonly ExecForm[]): string {
  const { name: _, from: __, ...shape } = layer;
  const values = effectiveKernel(weights, layer);
  let kept = 0;
  for (const v of values) if (v !== 0) kept++;
  const bucket = kept === 0 ? 'none' : Math.round(6 * Math.log2(kept / values.length));
  return JSON.stringify([batch, shape, weights.quant[kernelName(layer)], bucket, rivals]);
}

/** The layers that are not executed dense. */
export const formsChosen = (layers: readonly LayerSpeed[]): LayerForms =>
  Object.fromEntries(layers.flatMap(({ layer, form }) => (form === 'dense' ? [] : [[layer, form]])));

/** For tests and benchmarks, which want everything measured anew. */
export const forgetForms = ({ deploy }: Backend): void => void (deploy && remembered.delete(deploy));
