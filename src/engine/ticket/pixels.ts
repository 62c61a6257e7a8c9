/** Kept weights and surviving ways, told where the reader knows his way about: on the image. */
import { INPUT, isWeightLayer, kernelName, sourcesOf } from '../../models/build';
import type { Arch, DenseLayer, Masks } from '../../models/types';
import type { PixelCounts, TicketPaths } from '../../worker/api-ticket';

type Masked = { readonly arch: Arch; readonly masks: Masks };

/** Kept weights of the first layer by the pixel they start from; undefined where it is not dense on the image. */
export function pixelsOf({ arch, masks }: Masked): PixelCounts | undefined {
  const [first] = arch.layers;
  if (first.kind !== 'dense') return undefined;
  const mask = masks[kernelName(first)];
  const per = arch.input[2] * first.out;
  const counts = new Float64Array(arch.input[0] * arch.input[1]);
  // Channels of a pixel lie side by side (NHWC), and so do their rows of the kernel.
  for (let p = 0; p < counts.length; p++)
    counts[p] = mask ? mask.subarray(p * per, (p + 1) * per).reduce((sum, bit) => sum + bit, 0) : per;
  return { counts, most: per };
}

/** The layers, where all are dense and each takes from the one before it. */
function chain(arch: Arch): DenseLayer[] | undefined {
  const straight = arch.layers.every(
    (layer, i) => layer.kind === 'dense' && sourcesOf(arch, i)[0] === (arch.layers[i - 1]?.name ?? INPUT),
  );
  return straight ? (arch.layers.filter(isWeightLayer) as DenseLayer[]) : undefined;
}

/**
 * How many ways through kept weights lead from each pixel to each class: the product of the masks, from the last layer
 * back. Undefined for networks with other layers: a convolution's weight is used at many places, so that a way is no
 * sequence of weights there.
 */
export async function pathsOf(
  { arch, masks }: Masked,
  turn: () => Promise<void>,
): Promise<TicketPaths | undefined> {
  const layers = chain(arch);
  if (!layers) return undefined;
  const classes = layers[layers.length - 1].out;
  let ways: Float64Array = Float64Array.from({ length: classes * classes }, (_, i) =>
    i % (classes + 1) === 0 ? 1 : 0,
  );
  for (const layer of [...layers].reverse()) {
    await turn();
    ways = before(layer, masks[kernelName(layer)], ways, classes);
  }
  return byPixel(
    arch,
    ways,
    classes,
    layers.slice(0, -1).reduce((n, { out }) => n * out, 1),
  );
}

/** From ways behind a layer [out, classes] to those in front of it [in, classes]. */
function before(
  { in: rows, out }: DenseLayer,
  mask: Uint8Array | undefined,
  ways: Float64Array,
  classes: number,
) {
  const next = new Float64Array(rows * classes);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < out; j++) {
      if (mask?.[i * out + j] === 0) continue;
      for (let c = 0; c < classes; c++) next[i * classes + c] += ways[j * classes + c];
    }
  return next;
}

function byPixel({ input }: Arch, ways: Float64Array, classes: number, hidden: number): TicketPaths {
  const [height, width, channels] = input;
  const pixels = height * width;
  const counts = Array.from({ length: classes }, () => new Float64Array(pixels));
  let cutOff = 0;
  for (let p = 0; p < pixels; p++) {
    let all = 0;
    for (let i = p * channels; i < (p + 1) * channels; i++)
      for (let c = 0; c < classes; c++) {
        counts[c][p] += ways[i * classes + c];
        all += ways[i * classes + c];
      }
    if (all === 0) cutOff++;
  }
  return { classes: counts.map((one) => ({ counts: one, most: channels * hidden })), cutOff };
}
