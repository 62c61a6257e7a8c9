import { describe, expect, it } from 'vitest';
import { SPEED_SUBJECTS, speedArch, speedMacs } from '../../catalog/speed';
import { kernelName, kernelSize, macs, weightLayers } from '../../models/build';
import type { Arch } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { SpeedEvent, SpeedPoint, SpeedWish } from '../../worker/api';
import type { Backend, Deployer, Inference } from '../types';
import { SpeedDesk } from './desk';
import { blockMask, groupMask, narrowed, randomTensors, removed, thinned } from './patterns';
import { keyOf, planStudy } from './plan';

const all: SpeedWish = { subjects: SPEED_SUBJECTS, depth: 'full', have: [] };

/** Answers how long something would take and takes no time. */
class FakeTimes {
  opened = 0;
  disposed = 0;
  samples = 0;
  onSample: () => void = () => {};
  inference(arch: Arch, msPerMac: number): Inference {
    this.opened++;
    const unused = () => Promise.reject(new Error('not asked for'));
    return {
      arch,
      evaluate: unused,
      logits: unused,
      time: async (batch, repetitions) => {
        this.samples++;
        this.onSample();
        return batch * repetitions * msPerMac * macs(arch);
      },
      dispose: () => {
        this.disposed++;
      },
    };
  }
  /** Dense costs 1 per MAC; csr a tenth; no other form can be held. */
  backend(deploys = true): Backend {
    const deploy: Deployer = {
      formsOf: (layer) => (layer.kind === 'dense' ? ['dense', 'csr'] : ['dense']),
      open: async (arch, _, forms) => {
        const used = new Set(Object.values(forms));
        const some = used.delete('csr');
        if (used.size > 0) throw new WinnowError({ code: 'engine.form', path: '', message: 'csr only' });
        return this.inference(arch, some ? 1e-7 : 1e-6);
      },
    };
    const open = async (arch: Arch) => ({
      ...this.inference(arch, 1e-6),
      load: async () => {},
      read: async () => ({}),
      train: () => {
        throw new Error('not asked for');
      },
    });
    return { id: 'reference', device: 'fake', open, ...(deploys && { deploy }), dispose: () => {} };
  }
}
async function run(fake: FakeTimes, wish: SpeedWish, desk = new SpeedDesk(), deploys = true) {
  const events: SpeedEvent[] = [];
  await desk.measure(fake.backend(deploys), wish, (e) => events.push(e));
  const points = events.flatMap((e) => (e.type === 'points' ? e.points : []));
  return { events, points, end: events.at(-1) };
}
const few: SpeedWish = { subjects: ['fc-300x100'], depth: 'coarse', have: [] };

describe('plan', () => {
  const heats = planStudy(all);
  const entries = heats.flatMap((h) => h.entries);

  it('names every contestant once', () => {
    expect(new Set(entries.map(keyOf)).size).toBe(entries.length);
  });

  it('has every subject at both batch sizes on the axis of sparsity, and every series somewhere', () => {
    const places = new Set(entries.map((e) => `${e.subject} ${e.batch} ${e.axis}`));
    for (const subject of SPEED_SUBJECTS)
      for (const batch of [1, 256]) expect(places).toContain(`${subject} ${batch} sparsity`);
    const series = 'masked csr block4 nm bitmap channels int8 int8-weights int4 codebook xnor low-rank tfjs';
    expect(new Set(entries.map((e) => e.series))).toEqual(new Set(series.split(' ')));
  });

  it('is complete, coarsely, before anything is refined', () => {
    const coarse = planStudy({ ...all, depth: 'coarse' });
    expect(heats.slice(0, coarse.length).map((h) => h.entries.map(keyOf))).toEqual(
      coarse.map((h) => h.entries.map(keyOf)),
    );
    expect(heats.length).toBeGreaterThan(coarse.length);
  });

  it('leaves out what is there', () => {
    const have = entries.slice(0, 7);
    const rest = planStudy({ ...all, have }).flatMap((h) => h.entries);
    expect(rest).toHaveLength(entries.length - 7);
    for (const entry of have) expect(rest.map(keyOf)).not.toContain(keyOf(entry));
    expect(planStudy({ ...all, have: entries })).toEqual([]);
  });

  it('ranks reach the one at which arithmetic breaks even: 217 for 784 x 300', () => {
    const ranks = entries.filter((e) => e.subject === 'fc-784x300' && e.axis === 'rank' && e.batch === 1);
    expect(Math.max(...ranks.map((e) => e.x))).toBe(217);
    for (const { arch } of ranks) expect(arch?.().layers).toHaveLength(2);
    expect(entries.filter((e) => e.subject === 'conv-3x3' && e.axis === 'rank')).toEqual([]);
  });
});

describe('patterns', () => {
  const [layer] = weightLayers(speedArch('conv-5x5'));
  const share = (mask: Uint8Array) => 1 - mask.reduce((s, v) => s + v, 0) / mask.length;

  it.each([1, 4])('blocks of %i: as sparse as asked, whole blocks of neighbouring outputs', (block) => {
    for (const sparsity of [0.5, 0.8, 0.95]) {
      const mask = blockMask(layer, sparsity, block);
      expect(Math.abs(share(mask) - sparsity)).toBeLessThan(0.005);
      // 50 outputs: twelve blocks of four and one of two.
      for (let row = 0; row < mask.length / 50; row += 17)
        for (let from = 0; from < 50; from += block) {
          const group = mask.subarray(row * 50 + from, row * 50 + Math.min(50, from + block));
          expect(new Set(group).size).toBe(1);
        }
    }
  });

  it('groups keep exactly n of m along the inputs of every output', () => {
    const mask = groupMask(layer, 2, 4);
    expect(share(mask)).toBe(0.5);
    for (let o = 0; o < 50; o += 7)
      for (let from = 0; from < 500; from += 4) {
        const kept = [0, 1, 2, 3].reduce((s, k) => s + mask[(from + k) * 50 + o], 0);
        expect(kept).toBe(2);
      }
  });

  it('are the same every time, and weights are finite and never zero', () => {
    expect(blockMask(layer, 0.8, 1)).toEqual(blockMask(layer, 0.8, 1));
    const tensors = randomTensors(speedArch('lenet-5'));
    for (const t of Object.values(tensors)) expect(t.every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
  });

  it('channels halved in LeNet-5: hidden layers have half their units, the output keeps its ten', () => {
    const arch = speedArch('lenet-5');
    const half = narrowed(arch, 0.5);
    expect(weightLayers(half).map((l) => (l.kind === 'dense' ? l.out : l.out[2]))).toEqual([10, 25, 250, 10]);
    const kept = weightLayers(half).reduce((s, l) => s + kernelSize(l), 0);
    expect(removed(arch, half, { masks: {} })).toBeCloseTo(1 - kept / 430_500, 12);
  });

  it('thin layers stand where the dense one was', () => {
    const arch = thinned(speedArch('lenet-300-100'), ['fc1'], 50);
    expect(weightLayers(arch).map(kernelName)).toEqual([
      'fc1.u/kernel',
      'fc1.v/kernel',
      'fc2/kernel',
      'out/kernel',
    ]);
    expect(macs(arch)).toBe(50 * 1084 + 30_000 + 1000);
  });
});

describe('study', () => {
  it('measures what the device can, reports times per pass, and lets everything go', async () => {
    const fake = new FakeTimes();
    const { points, end, events } = await run(fake, few);
    expect(end).toEqual({ type: 'end', how: 'done', left: 0 });
    expect(events[0]).toMatchObject({ type: 'start', device: 'fake' });
    const series = new Set(points.map((p) => p.series));
    expect(series).toEqual(new Set(['masked', 'csr', 'channels', 'low-rank']));
    const csr = points.filter((p) => p.series === 'csr' && p.batch === 256);
    expect(csr.map((p) => p.x)).toEqual([0.5, 0.8, 0.95]);
    for (const p of csr) {
      expect(p.dense.median).toBeCloseTo(256 * 30_000 * 1e-6, 6);
      expect(p.ratio.median).toBeCloseTo(10, 6);
      expect(p.overlap).toBe(false);
      expect(p.macs).toEqual({ dense: 30_000, executed: Math.round(30_000 * (1 - p.x)) });
    }
    const masked = points.filter((p) => p.series === 'masked');
    expect(masked.every((p) => p.macs.executed === p.macs.dense && p.ratio.median === 1 && p.overlap)).toBe(
      true,
    );
    expect(fake.disposed).toBe(fake.opened);
  });

  it('without forms measures what needs none', async () => {
    const { points } = await run(new FakeTimes(), few, new SpeedDesk(), false);
    expect(new Set(points.map((p) => p.series))).toEqual(new Set(['masked', 'channels', 'low-rank']));
  });

  it('ends with every subject measured, and progress counts to its end', async () => {
    // Packing the 4.3 million weights of Conv-2 for nothing would take longer than everything else.
    const subjects = SPEED_SUBJECTS.filter((s) => s !== 'conv-2');
    const { points, events, end } = await run(new FakeTimes(), { ...all, subjects, depth: 'coarse' });
    expect(end).toMatchObject({ how: 'done', left: 0 });
    expect(new Set(points.map((p) => p.subject))).toEqual(new Set(subjects));
    const told = events.flatMap((e) => (e.type === 'progress' ? [e] : []));
    expect(told.at(-1)!.done).toBe(told[0].total);
    expect(told.every((p, i) => i === 0 || p.done >= told[i - 1].done)).toBe(true);
    for (const p of points) expect(p.macs.dense).toBe(speedMacs(p.subject));
  });

  it('stops between two samples and keeps what it has; going on measures only the rest', async () => {
    const fake = new FakeTimes();
    const desk = new SpeedDesk();
    let heats = 0;
    const events: SpeedEvent[] = [];
    await desk.measure(fake.backend(), few, (e) => {
      events.push(e);
      if (e.type === 'points' && ++heats === 2) fake.onSample = () => void desk.stop();
    });
    const points = events.flatMap((e) => (e.type === 'points' ? e.points : []));
    const end = events.at(-1) as Extract<SpeedEvent, { type: 'end' }>;
    expect(end.how).toBe('stopped');
    expect(end.left).toBeGreaterThan(0);
    expect(points.length).toBeGreaterThan(0);
    expect(fake.disposed).toBe(fake.opened);
    fake.onSample = () => {};
    const more = await run(fake, { ...few, have: points });
    const keys = (some: SpeedPoint[]) => some.map(keyOf).sort();
    const whole = await run(new FakeTimes(), few);
    expect(keys([...points, ...more.points])).toEqual(keys(whole.points));
  });

  it('begins no heat when its time is over, and says how much is left', async () => {
    const fake = new FakeTimes();
    const { end, points } = await run(fake, few, new SpeedDesk({ budgetMs: 0 }));
    const planned = planStudy(few).reduce((s, h) => s + h.entries.length, 0);
    expect(end).toEqual({ type: 'end', how: 'budget', left: planned });
    expect(points).toEqual([]);
  });

  it('times nothing while the tab is hidden, and takes the interrupted heat again', async () => {
    const fake = new FakeTimes();
    const desk = new SpeedDesk();
    let samples = 0;
    const events: SpeedEvent[] = [];
    fake.onSample = () => {
      if (++samples === 10) desk.visible(false);
    };
    const study = desk.measure(fake.backend(), few, (e) => {
      events.push(e);
      if (e.type === 'hidden' && e.hidden) {
        const before = fake.samples;
        setTimeout(() => {
          expect(fake.samples).toBe(before);
          desk.visible(true);
        }, 30);
      }
    });
    await study;
    expect(events.filter((e) => e.type === 'hidden')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ how: 'done' });
    const points = events.flatMap((e) => (e.type === 'points' ? e.points : []));
    expect(new Set(points.map(keyOf)).size).toBe(points.length);
  });

  it('can be stopped while hidden', async () => {
    const desk = new SpeedDesk();
    desk.visible(false);
    const events: SpeedEvent[] = [];
    await desk.measure(new FakeTimes().backend(), few, (e) => {
      events.push(e);
      if (e.type === 'hidden') void desk.stop();
    });
    expect(events.at(-1)).toMatchObject({ type: 'end', how: 'stopped' });
  });

  it('tells what goes wrong', async () => {
    const backend: Backend = {
      ...new FakeTimes().backend(),
      deploy: {
        formsOf: () => ['dense'],
        open: () => Promise.reject(new Error('out of memory')),
      },
    };
    const events: SpeedEvent[] = [];
    await new SpeedDesk().measure(backend, few, (e) => events.push(e));
    expect(events.at(-1)).toMatchObject({ type: 'problem', problem: { message: 'out of memory' } });
  });

  it('TensorFlow.js is one contestant where it is there, opened once and closed', async () => {
    const fake = new FakeTimes();
    let closed = 0;
    const peer = { ...fake.backend(false), device: 'TensorFlow.js', dispose: () => void closed++ };
    const desk = new SpeedDesk({ openPeer: async () => peer });
    const backend: Backend = { ...fake.backend(), id: 'simd' };
    const events: SpeedEvent[] = [];
    await desk.measure(backend, few, (e) => events.push(e));
    const tfjs = events.flatMap((e) =>
      e.type === 'points' ? e.points.filter((p) => p.series === 'tfjs') : [],
    );
    expect(tfjs.map((p) => [p.batch, p.kernel])).toEqual([
      [1, 'TensorFlow.js'],
      [256, 'TensorFlow.js'],
    ]);
    expect(closed).toBe(1);
  });
});
