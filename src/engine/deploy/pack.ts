/**
 * Kernels of a network in other forms than dense: what every executor deploys from. A kernel is packed once per
 * effective weights and form, however often it is asked for.
 */
import type { DenseShape } from '../../kernels/dense/contract';
import { forms } from '../../kernels/forms/registry';
import type { Buffers, Form, FormId } from '../../kernels/forms/types';
import { executed } from '../../methods/fake-quant';
import { channels, kernelName, kernelSize, layerMacs, uses, weightLayers } from '../../models/build';
import type { Arch, WeightLayer, Weights } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { ExecForm, LayerForms } from '../types';

export interface PackedLayer {
  readonly form: Form;
  /** Of the product: a convolution multiplies patches [rows, k * k * c]. */
  readonly shape: DenseShape;
  readonly packed: Buffers;
}

/** The product that a dense layer or a convolution is: rows of x per image are `uses(layer)`. */
export const productShape = (layer: WeightLayer): DenseShape => ({
  in: kernelSize(layer) / channels(layer),
  out: channels(layer),
});

export const formById = (id: FormId): Form | undefined => forms.find((form) => form.id === id);
/** False: the inputs are rounded too, and the results are not those of the effective weights. */
export const isExact = (id: ExecForm): boolean => id === 'dense' || (formById(id)?.exact ?? true);

// Effective weights are one array per latent kernel, mask and quantization (methods/fake-quant.ts).
const kept = new WeakMap<Float32Array, Map<FormId, PackedLayer | undefined>>();

/** The kernel of a layer in this form; undefined where it cannot be held, as for every depthwise layer. */
export function packLayer(layer: WeightLayer, weights: Weights, id: FormId): PackedLayer | undefined {
  const form = formById(id);
  if (!form || layer.kind === 'depthwise') return undefined;
  const { values, codes } = executed(weights, layer);
  const known = kept.get(values) ?? new Map<FormId, PackedLayer | undefined>();
  kept.set(values, known);
  if (known.has(id)) return known.get(id);
  const shape = productShape(layer);
  const bits = weights.quant[kernelName(layer)]?.bits;
  const packed = form.pack({
    shape,
    values,
    ...(codes && bits !== undefined && { codes: { bits, ...codes } }),
  });
  const made = packed && { form, shape, packed };
  known.set(id, made);
  return made;
}

/** Forms that can hold the kernel of this layer, `dense` first, then in the order of the registry. */
export const formsOf = (layer: WeightLayer, weights: Weights): ExecForm[] => [
  'dense',
  ...forms.map(({ id }) => id).filter((id) => packLayer(layer, weights, id)),
];

/**
 * Layers that are executed in another form than dense, by name.
 * @throws WinnowError `engine.form` that names the layer and the forms it can have; for a name that is no layer, too
 */
export function packLayers(arch: Arch, weights: Weights, wanted: LayerForms): Map<string, PackedLayer> {
  const layers = new Map(weightLayers(arch).map((layer) => [layer.name, layer]));
  const made = new Map<string, PackedLayer>();
  for (const [name, id] of Object.entries(wanted)) {
    const layer = layers.get(name);
    if (!layer) throw refuse(name, id, []);
    if (id === 'dense') continue;
    const packed = packLayer(layer, weights, id);
    if (!packed) throw refuse(name, id, formsOf(layer, weights));
    made.set(name, packed);
  }
  return made;
}
function refuse(layer: string, found: string, can: readonly string[]): WinnowError {
  const allowed = can.length > 0 ? `can be executed as ${can.join(', ')}` : 'is no layer with weights';
  return new WinnowError({
    code: can.length > 0 ? 'engine.form' : 'engine.layer',
    path: layer,
    message: `${layer} ${allowed}, found ${found}`,
    values: { layer, allowed: can.join(', '), found },
  });
}

/** Multiply-accumulates per image that a layer executes: all of a dense kernel, the form's own count otherwise. */
export const executedMacs = (layer: WeightLayer, packed?: PackedLayer): number =>
  packed ? packed.form.macs(packed.shape, packed.packed) * uses(layer) : layerMacs(layer);
