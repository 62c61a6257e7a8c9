/** What the five tiles say, computed from the preview alone and not yet put into words. */
import type { Accuracy, ExecForm, Preview, SpeedAt, SpeedReport, Spread } from '../../worker/api';

export interface AccuracyTile {
  /** `test`: all test images; `quick`: an estimate on the first validation images. */
  kind: 'test' | 'quick';
  accuracy: Accuracy;
  /** Change against the dense network, as a fraction; only between whole-test figures. */
  change?: number;
}
export interface SizeTile {
  bytes: number;
  denseBytes?: number;
  /** Dense file / this file. */
  ratio?: number;
}
export interface SpeedSide {
  /** Milliseconds per pass of the compressed network, and images per second. */
  ms: number;
  rate: number;
  ratio: Spread;
  /** Quartiles of the two times overlap: no claim. */
  overlap: boolean;
  /** Overlapping, and the ratio's own quartiles enclose 1 closely: the same speed, as far as can be told. */
  even: boolean;
}
export interface SpeedTile {
  latency: SpeedSide;
  throughput: SpeedSide;
  device: string;
  /** All kernels dense and none smaller; all dense; some in other forms. */
  executed: 'dense' | 'thin' | 'forms';
}

export function accuracyTile(preview: Preview): AccuracyTile | undefined {
  const { test, quick, dense } = preview;
  if (test) {
    const before = dense?.test;
    const change = before ? test.correct / test.count - before.correct / before.count : undefined;
    return { kind: 'test', accuracy: test, change };
  }
  return quick && { kind: 'quick', accuracy: quick };
}
export function sizeTile(preview: Preview): SizeTile {
  const denseBytes = preview.dense?.facts.bytes;
  const bytes = preview.facts.bytes;
  return {
    bytes,
    denseBytes,
    ratio: denseBytes === undefined || bytes === 0 ? undefined : denseBytes / bytes,
  };
}
/** What was timed; nothing while the tab is hidden. */
export const timed = (preview: Preview | undefined): SpeedReport | undefined =>
  preview?.speed && !('refused' in preview.speed) ? preview.speed : undefined;
export function speedTile({ device, latency, throughput }: SpeedReport): SpeedTile {
  const plain = [latency, throughput].map(executed);
  return {
    latency: side(latency),
    throughput: side(throughput),
    device,
    executed: plain.includes('forms') ? 'forms' : plain[0],
  };
}
export function executed({ layers, macs }: SpeedAt): SpeedTile['executed'] {
  if (layers.some(({ form }) => form !== 'dense')) return 'forms';
  return macs.executed === macs.dense ? 'dense' : 'thin';
}
/** Wider than this the quartiles say nothing at all. */
const CLOSE = 0.3;
const side = ({ ratio, overlap, batch, compressed }: SpeedAt): SpeedSide => ({
  ms: compressed.median,
  rate: (1000 * batch) / compressed.median,
  ratio,
  overlap,
  even: overlap && ratio.q1 <= 1 && ratio.q3 >= 1 && ratio.q3 - ratio.q1 <= CLOSE,
});

/** Forms that run at this batch size, most layers first, with the layers of each. */
export function formsIn({ layers }: SpeedAt): { form: ExecForm; layers: string[] }[] {
  const forms = new Map<ExecForm, string[]>();
  for (const { form, layer } of layers) forms.set(form, [...(forms.get(form) ?? []), layer]);
  return [...forms]
    .map(([form, names]) => ({ form, layers: names }))
    .sort((a, b) => b.layers.length - a.layers.length);
}
/** Times the arithmetic would allow: dense multiply-accumulates / those by weights that are not zero. */
export function promised({ dense, facts }: Preview): number | undefined {
  return dense && facts.macsNonzero > 0 ? dense.facts.macs / facts.macsNonzero : undefined;
}
/** Why a layer that could be smaller is not faster; `zeros`: weights that are executed are zero. `claimed` where nothing needs explaining. */
export type Reason = 'measured' | 'masked' | 'dense' | 'thin' | 'forms' | 'claimed';
export function reasonOf(speed: SpeedReport, zeros: boolean): Reason {
  const { executed: how, latency, throughput } = speedTile(speed);
  if (how === 'dense') {
    const chosen = [...speed.latency.layers, ...speed.throughput.layers].some((l) => l.chosen === 'measured');
    return chosen ? 'measured' : zeros ? 'masked' : 'dense';
  }
  if (!latency.overlap && !throughput.overlap) return 'claimed';
  return how;
}
