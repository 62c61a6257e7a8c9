import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { SPEED_AXES, SPEED_BATCHES, SPEED_SERIES, SPEED_SUBJECTS, speedMacs } from '../catalog/speed';
import { keyOf, planStudy } from '../engine/speed/plan';
import { toBase62 } from '../spec/base62';
import type { SpeedPoint } from '../worker/api';
import { RESULT_LIMITS, readResult, resultHash, type SpeedResult, writeResult } from './speed-result';

const four = fc.double({ min: 1e-5, max: 1e5, noNaN: true }).map((v) => Number(v.toPrecision(4)));
const spread = fc.record({ median: four, q1: four, q3: four });
const point = fc
  .record({
    subject: fc.constantFrom(...SPEED_SUBJECTS),
    series: fc.constantFrom(...SPEED_SERIES),
    axis: fc.constantFrom(...SPEED_AXES),
    x: fc.double({ min: 0, max: 1000, noNaN: true }).map((v) => Math.abs(Number(v.toFixed(4)))),
    batch: fc.constantFrom(...SPEED_BATCHES),
    executed: fc.nat(1e9),
    dense: spread,
    time: spread,
    ratio: spread,
    overlap: fc.boolean(),
    kernel: fc.option(fc.constantFrom('TensorFlow.js wasm', 'block8x4'), { nil: undefined }),
  })
  .map(
    ({ executed, kernel, ...p }): SpeedPoint => ({
      ...p,
      macs: { dense: speedMacs(p.subject), executed },
      ...(kernel && { kernel }),
    }),
  );
const result: fc.Arbitrary<SpeedResult> = fc.record({
  device: fc.constantFrom('CPU SIMD (Chromium 156)', 'WebGPU apple m2', '中文 🙂'),
  backend: fc.constantFrom('simd', 'webgpu'),
  at: fc.nat(2e12),
  protocol: fc.record({
    rounds: fc.integer({ min: 1, max: 50 }),
    slowRounds: fc.constant(3),
    sampleMs: four,
  }),
  points: fc.uniqueArray(point, { maxLength: 40, selector: keyOf }),
});
/** The whole study, with times as different from each other as can be. */
function whole(): SpeedResult {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Number((0.01 + seed / 2 ** 32).toPrecision(4));
  };
  const any = () => ({ median: random(), q1: random(), q3: random() });
  const entries = planStudy({ subjects: SPEED_SUBJECTS, depth: 'full', have: [] }).flatMap((h) => h.entries);
  const points = entries.map(
    ({ subject, series, axis, x, batch }): SpeedPoint => ({
      ...{ subject, series, axis, x, batch, overlap: false },
      macs: { dense: speedMacs(subject), executed: Math.round(speedMacs(subject) * random()) },
      ...{ dense: any(), time: any(), ratio: any() },
    }),
  );
  return {
    device: 'CPU',
    backend: 'simd',
    at: 1,
    protocol: { rounds: 7, slowRounds: 3, sampleMs: 20 },
    points,
  };
}

describe('result in a link', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(result, (r) => {
        expect(readResult(writeResult(r)!)).toEqual({ result: r });
      }),
      { numRuns: 60 },
    );
  });

  it('has only what survives chats, and a letter or digit at the end', () => {
    fc.assert(
      fc.property(result, (r) => /^1\.[0-9A-Za-z]+$/.test(writeResult(r)!)),
      { numRuns: 20 },
    );
  });

  it('a whole study fits, even of times that nothing can compress', () => {
    const text = writeResult(whole());
    expect(text).toBeDefined();
    expect(text!.length).toBeLessThanOrEqual(RESULT_LIMITS.characters);
  });

  it('cut, changed or foreign text is refused in words and never throws', () => {
    const text = writeResult(whole())!;
    const codes = (t: string) => {
      const read = readResult(t);
      return 'problem' in read ? read.problem.code : 'none';
    };
    for (const bad of ['', '1.', 'abc', text.slice(0, -1), text.slice(0, text.length / 2), `${text}0`])
      expect(codes(bad)).toBe('speed.damaged');
    expect(codes(`2.${text.slice(2)}`)).toBe('speed.newer');
    expect(codes('1.'.padEnd(RESULT_LIMITS.characters + 1, '0'))).toBe('speed.long');
    fc.assert(
      fc.property(fc.nat(text.length - 3), fc.constantFrom(...'0aZ'), (at, c) => {
        const changed = text.slice(0, at + 2) + c + text.slice(at + 3);
        return changed === text || codes(changed) === 'speed.damaged';
      }),
      { numRuns: 40 },
    );
    fc.assert(fc.property(fc.string(), (t) => codes(t) !== 'none'));
    fc.assert(fc.property(fc.uint8Array(), (b) => codes(`1.${toBase62(b)}`) === 'speed.damaged'));
  });

  it('well-packed nonsense is refused: wrong types, columns that do not fit, a bomb', async () => {
    const { sha256 } = await import('@noble/hashes/sha2.js');
    const pack = (json: string) => {
      const bytes = new TextEncoder().encode(json);
      return `1.${toBase62(Uint8Array.from([...sha256(bytes).subarray(0, 4), ...deflateSync(bytes)]))}`;
    };
    const columns = {
      ...{ device: 'd', backend: 'b', at: 1, rounds: [7, 3, 20], kernels: [] },
      ...{
        subject: [0],
        series: [0],
        axis: [0],
        x: [0.5],
        batch: [0],
        executed: [1],
        kernel: [0],
        overlap: [0],
      },
      times: Array.from({ length: 9 }, () => [1]),
    };
    const read = (change: object) => readResult(pack(JSON.stringify({ ...columns, ...change })));
    expect(read({})).toHaveProperty('result');
    const twice = Object.fromEntries(
      ['subject', 'series', 'axis', 'x', 'batch', 'executed', 'kernel', 'overlap'].map((k) => [k, [0, 0]]),
    );
    const bad: object[] = [
      { subject: [99] },
      { subject: [0, 1] },
      { x: [-1] },
      { times: [[1]] },
      { times: Array.from({ length: 9 }, () => [0]) },
      { device: 'x'.repeat(200) },
      { at: 'yesterday' },
      { ...twice, times: Array.from({ length: 9 }, () => [1, 1]) },
    ];
    for (const change of bad) expect(read(change), JSON.stringify(change)).toHaveProperty('problem');
    expect(readResult(pack(' '.repeat(4e6)))).toHaveProperty('problem');
    expect(readResult(pack('null'))).toHaveProperty('problem');
  });

  it('control characters of a device’s name do not reach the page', () => {
    const read = readResult(writeResult({ ...whole(), points: [], device: 'a\u202eb\nc' })!);
    expect('result' in read && read.result.device).toBe('a b c');
  });

  it('hashes tell results apart', () => {
    const r = whole();
    expect(resultHash(r)).toMatch(/^[0-9a-f]{8}$/);
    expect(resultHash({ ...r, at: 2 })).not.toBe(resultHash(r));
  });
});
