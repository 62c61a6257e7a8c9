/** A state between two others. */
import type { NetState, Weights } from '../../models/types';
import { WinnowError } from '../../spec/problem';

/**
 * (1 - alpha) a + alpha b over all latent tensors, biases and norms too, rounded to float32 once; alpha 0 and 1 give the
 * ends bit for bit. Masks and rounding are those of both. Running statistics of norms are mixed like the rest, which
 * means nothing: see norms.ts.
 * @throws WinnowError `line.differ` that names the first tensor or mask in which the two networks are not comparable
 */
export function mixed(a: NetState, b: NetState, alpha: number): NetState {
  refuseDifferent(a, b);
  const tensors = Object.entries(a.tensors).map(([name, from]) => {
    const to = b.tensors[name];
    return [name, from.map((w, i) => (1 - alpha) * w + alpha * to[i])];
  });
  return { ...a, tensors: Object.fromEntries(tensors) };
}

function refuseDifferent(a: NetState, b: NetState): void {
  const found =
    difference(lengths(a), lengths(b)) ??
    differentMasks(a.masks, b.masks) ??
    differentMasks(a.held ?? {}, b.held ?? {}) ??
    difference(a.quant, b.quant);
  if (found === undefined && JSON.stringify(a.arch) === JSON.stringify(b.arch)) return;
  const name = found ?? 'arch';
  throw new WinnowError({
    code: 'line.differ',
    path: 'line',
    message: `a line needs two networks with the same layers, masks and rounding; these two differ in ${name}`,
    values: { name },
  });
}
const lengths = ({ tensors }: Weights) =>
  Object.fromEntries(Object.entries(tensors).map(([name, { length }]) => [name, length]));

/** Name of the first entry that is not the same in both. */
function difference(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].find((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}
/** An absent mask keeps everything. */
function differentMasks(a: Weights['masks'], b: Weights['masks']): string | undefined {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const all = (mask: Uint8Array | undefined) => (i: number) => mask?.[i] ?? 1;
  return [...names].find((name) => {
    const [of, other] = [all(a[name]), all(b[name])];
    const length = (a[name] ?? b[name]).length;
    return Array.from({ length }, (_, i) => i).some((i) => of(i) !== other(i));
  });
}
