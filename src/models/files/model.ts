/** Which network of the menu a file's layers belong to. */
import { channels, originalName, weightLayers } from '../build';
import { mlp, mlpId } from '../mlp';
import { findModel, models } from '../registry';
import type { Arch } from '../types';
import { interfaceOf } from './fit';

/** Names, kinds and sizes of the layers with weights, thin layers put together again. */
function skeleton(arch: Arch): string {
  const rows = new Map<string, { kind: string; from: string; to: string }>();
  for (const { name, kind, in: from, out: to } of weightLayers(arch)) {
    const whole = originalName(name);
    const first = rows.get(whole)?.from;
    rows.set(whole, { kind, from: first ?? String(from), to: String(to) });
  }
  return JSON.stringify([...rows]);
}

/** Id of the model whose layers these are, factorized or not; undefined for a network that is in no menu. */
export function modelOfArch(arch: Arch): string | undefined {
  const { image, classes } = interfaceOf(arch);
  const wanted = skeleton(arch);
  const listed = models.find((model) => {
    try {
      return skeleton(model.build(image, classes)) === wanted;
    } catch {
      return false; // Not for images of this size.
    }
  });
  return listed?.id ?? perceptron(arch, wanted);
}

/** The perceptron with these hidden layers, if its layers are called as these are. */
function perceptron(arch: Arch, wanted: string): string | undefined {
  const widths = new Map(weightLayers(arch).map((layer) => [originalName(layer.name), channels(layer)]));
  const hidden = [...widths.values()].slice(0, -1);
  const { image, classes } = interfaceOf(arch);
  const id = mlpId(hidden);
  return findModel(id) && skeleton(mlp(hidden).build(image, classes)) === wanted ? id : undefined;
}
