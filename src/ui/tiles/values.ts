/** What the five tiles say, computed from the preview alone and not yet put into words. */
import type { Accuracy, Preview, SpeedReport, Spread } from '../../worker/api';

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
  ratio: Spread;
  /** Quartiles of the two times overlap: no claim. */
  overlap: boolean;
  /** Overlapping and the ratio's own quartiles enclose 1. */
  even: boolean;
}
export interface SpeedTile {
  latency: SpeedSide;
  throughput: SpeedSide;
  device: string;
  executed: SpeedReport['executed'];
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
export function speedTile(speed: SpeedReport): SpeedTile {
  return {
    latency: side(speed.latency.ratio, speed.overlap.latency),
    throughput: side(speed.throughput.ratio, speed.overlap.throughput),
    device: speed.device,
    executed: speed.executed,
  };
}
const side = (ratio: Spread, overlap: boolean): SpeedSide => ({
  ratio,
  overlap,
  even: overlap && ratio.q1 <= 1 && ratio.q3 >= 1,
});
