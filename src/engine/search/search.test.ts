/** Scan and search end to end, on a small perceptron with the reference executor and real MNIST. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hash } from '../../catalog';
import { dataDir, fileReader } from '../../cli/file-reader';
import { mlpId } from '../../models/mlp';
import { frontOf } from '../../spec/front';
import type { Experiment, Step } from '../../spec/types';
import type { ScanEvent, ScanPoint, SearchEvent, SearchSubject, Tried } from '../../worker/api-search';
import { Lab } from '../lab';

const TIMEOUT = 120_000;
const recipe: Step[] = [
  { do: 'train', with: { steps: 80, evalEvery: 1000 } },
  { do: 'prune', with: { sparsity: 0.5 } },
  { do: 'quantize', off: true },
];
const experiment = (steps: Step[] = recipe): Experiment => ({
  v: 1,
  data: 'mnist',
  model: mlpId([12, 8]),
  recipe: steps,
  seeds: { init: 3, order: 5, method: 7 },
  replicates: 1,
});
const subject = (more: Partial<SearchSubject> = {}): SearchSubject => ({
  experiment: experiment(),
  at: 'recipe.1',
  param: 'layers',
  layers: ['fc1', 'fc2', 'out'],
  ...more,
});
const labs: Lab[] = [];
async function openLab(id: 'reference' | 'simd' = 'reference') {
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    () => {},
  );
  labs.push(lab);
  await lab.use(id);
  return lab;
}
let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
  await lab.run(experiment());
}, TIMEOUT);
afterAll(async () => {
  for (const one of labs) await one.dispose();
});

const pointsOf = (events: ScanEvent[]): ScanPoint[] =>
  events.flatMap((e) => (e.type === 'points' ? e.points : []));
/** As the page has them: the latest of each number. */
function triedOf(events: SearchEvent[]): Tried[] {
  const byNumber = new Map<number, Tried>();
  for (const e of events) if (e.type === 'tried') for (const t of e.tried) byNumber.set(t.number, t);
  return [...byNumber.values()];
}
const endOf = (events: SearchEvent[]) => events.find((e) => e.type === 'end');

describe('Lab.scanLayers', () => {
  it('measures every layer alone at every value, coarse to fine, on validation images', {
    timeout: TIMEOUT,
  }, async () => {
    const events: ScanEvent[] = [];
    await lab.scanLayers(subject(), (e) => events.push(e));
    const [start] = events;
    expect(start).toMatchObject({ type: 'start', total: 39, untouched: { count: 1000 } });
    expect(events.at(-1)).toEqual({ type: 'end', how: 'done' });
    const points = pointsOf(events);
    expect(new Set(points.map((p) => `${p.layer} ${p.value}`)).size).toBe(39);
    // Ends of the axis first, all layers in turn.
    expect(points.slice(0, 6).map((p) => `${p.layer} ${p.value}`)).toEqual([
      'fc1 0',
      'fc2 0',
      'out 0',
      'fc1 1',
      'fc2 1',
      'out 1',
    ]);
    const { correct } = (start as Extract<ScanEvent, { type: 'start' }>).untouched;
    for (const p of points.filter((p) => p.value === 0)) expect(p.correct).toBe(correct);
    // A whole layer gone is worse than guessing well.
    for (const p of points.filter((p) => p.value === 1)) expect(p.correct).toBeLessThan(correct / 2);
  });

  it('is what the card itself does to that layer alone', { timeout: TIMEOUT }, async () => {
    const events: ScanEvent[] = [];
    await lab.scanLayers(subject(), (e) => events.push(e));
    const point = pointsOf(events).find((p) => p.layer === 'fc2' && p.value > 0.6 && p.value < 0.9)!;
    const alone = experiment([
      recipe[0],
      { do: 'prune', with: { layers: { fc1: 0, fc2: point.value, out: 0 } } },
    ]);
    const seen: number[] = [];
    const watcher = await openLab();
    await watcher.run(alone);
    Object.assign(watcher, {
      emit: (e: { type: string; preview?: { quick?: { correct: number } } }) => {
        if (e.type === 'preview' && e.preview?.quick) seen.push(e.preview.quick.correct);
      },
    });
    const other = { ...alone, recipe: [...alone.recipe, { do: 'prune', with: { sparsity: 0 } }] };
    await watcher.preview(other);
    expect(seen[0]).toBe(point.correct);
  });

  it('comes back at once for a card whose slider moved, and not for another criterion of the state', {
    timeout: TIMEOUT,
  }, async () => {
    const again: ScanEvent[] = [];
    const moved = experiment([recipe[0], { do: 'prune', with: { sparsity: 0.5, layers: { fc1: 0.3 } } }]);
    await lab.scanLayers(subject({ experiment: moved }), (e) => again.push(e));
    const batches = again.filter((e) => e.type === 'points');
    expect(batches[0].type === 'points' && batches[0].points.length).toBe(39);
    expect(batches).toHaveLength(1);
  });

  it('leaves other layers unquantized', { timeout: TIMEOUT }, async () => {
    const events: ScanEvent[] = [];
    const quantized = experiment([recipe[0], { do: 'quantize' }]);
    await lab.scanLayers(subject({ experiment: quantized }), (e) => events.push(e));
    const points = pointsOf(events);
    expect(points).toHaveLength(24);
    const { untouched } = events[0] as Extract<ScanEvent, { type: 'start' }>;
    for (const p of points.filter((p) => p.value === 8)) {
      expect(Math.abs(p.correct - untouched.correct)).toBeLessThanOrEqual(20);
    }
  });

  it('says why it cannot: nothing trained, no such parameter, a layer that is not there', {
    timeout: TIMEOUT,
  }, async () => {
    const codes: string[] = [];
    const tell = (e: ScanEvent) => e.type === 'problem' && codes.push(e.problem.code);
    await lab.scanLayers(
      subject({ experiment: { ...experiment(), seeds: { init: 9, order: 9, method: 9 } } }),
      tell,
    );
    await lab.scanLayers(subject({ param: 'scope' }), tell);
    await lab.scanLayers(subject({ at: 'recipe.0' }), tell);
    await lab.scanLayers(subject({ layers: ['fc1', 'nowhere'] }), tell);
    expect(codes).toEqual(['search.untrained', 'search.card', 'search.card', 'layer.unknown']);
  });

  it('stops when told, keeps what it has, and goes on from there', { timeout: TIMEOUT }, async () => {
    lab.forget(experiment(), 'recipe.2');
    const events: ScanEvent[] = [];
    await lab.scanLayers(subject(), (e) => {
      events.push(e);
      if (pointsOf(events).length === 10) void lab.stopSearch();
    });
    expect(events.at(-1)).toEqual({ type: 'end', how: 'stopped' });
    const had = pointsOf(events).length;
    expect(had).toBeLessThan(39);
    const more: ScanEvent[] = [];
    await lab.scanLayers(subject(), (e) => more.push(e));
    const first = more.find((e) => e.type === 'points');
    expect(first?.type === 'points' && first.points.length).toBe(had);
    expect(pointsOf(more)).toHaveLength(39);
  });

  it('ends when a training begins, and does not begin while one runs', { timeout: TIMEOUT }, async () => {
    lab.forget(experiment(), 'recipe.2');
    const events: ScanEvent[] = [];
    const longer = experiment([{ do: 'train', with: { steps: 90, evalEvery: 1000 } }]);
    let run: Promise<unknown> | undefined;
    await lab.scanLayers(subject(), (e) => {
      events.push(e);
      if (pointsOf(events).length === 5) run ??= lab.run(longer);
    });
    expect(events.at(-1)).toEqual({ type: 'end', how: 'interrupted' });
    const refused: ScanEvent[] = [];
    await lab.scanLayers(subject(), (e) => refused.push(e));
    expect(refused).toEqual([{ type: 'end', how: 'interrupted' }]);
    await run;
  });
});

describe('Lab.findSettings', () => {
  let fast: Lab;
  beforeAll(async () => {
    fast = await openLab('simd');
    await fast.run(experiment());
  }, TIMEOUT);
  type SearchGoal = Parameters<Lab['findSettings']>[0]['goal'];
  /** Stopped after so many settings: no test hangs on a clock. */
  const find = async (goal: SearchGoal, settings: number, seed?: number) => {
    const events: SearchEvent[] = [];
    await fast.findSettings({ ...subject(), goal, seconds: 600, seed }, (e) => {
      events.push(e);
      if (e.type === 'tried' && triedOf(events).length >= settings) void fast.stopSearch();
    });
    return events;
  };

  it('smallest: keeps to the goal, is the smallest tried, and its bytes are those of the written file', {
    timeout: TIMEOUT,
  }, async () => {
    const events = await find({ kind: 'smallest', points: 1 }, 40);
    const start = events.find((e) => e.type === 'start')!;
    const tried = triedOf(events);
    const end = endOf(events)!;
    const best = tried.find((t) => t.number === (end.type === 'end' && end.best))!;
    const floor = start.type === 'start' ? start.dense.correct / start.dense.count - 0.01 : 1;
    const able = tried.filter((t) => t.full && t.full.correct / t.full.count >= floor - 1e-9);
    expect(able).toContain(best);
    expect(best.bytes).toBe(Math.min(...able.map((t) => t.bytes)));
    const step = { do: 'prune', with: { layers: { ...best.setting } } };
    const file = await fast.encoded(experiment([recipe[0], step]));
    expect(file!.length).toBe(best.bytes);
    const count = (by: string) => tried.filter((t) => t.by === by).length;
    expect(count('curves')).toBeGreaterThan(2);
    for (const by of ['evolution', 'bayes']) {
      expect(Math.abs(count('random') - count(by))).toBeLessThanOrEqual(1);
    }
    const full = tried.filter((t) => t.full);
    expect(frontOf(full, (t) => ({ cost: t.bytes, gain: t.full!.correct }))).toContain(best);
  });

  it('tries the same settings in the same order with the same seed', { timeout: TIMEOUT }, async () => {
    const keys = async (seed?: number) => {
      const tried = triedOf(await find({ kind: 'smallest', points: 1 }, 30, seed));
      return tried
        .slice(0, 30)
        .map((t) => `${t.by} ${JSON.stringify(t.setting)} ${t.bytes} ${t.quick.correct}`);
    };
    const once = await keys();
    expect(await keys()).toEqual(once);
    expect(await keys(2)).not.toEqual(once);
  });

  it('most accurate within bytes; and says what comes closest where nothing fits', {
    timeout: TIMEOUT,
  }, async () => {
    const some = await find({ kind: 'accurate', bytes: 9000 }, 40);
    const end = endOf(some)!;
    const best = triedOf(some).find((t) => end.type === 'end' && t.number === end.best)!;
    expect(best.bytes).toBeLessThanOrEqual(9000);
    const none = await find({ kind: 'accurate', bytes: 10 }, 12);
    expect(endOf(none)).toMatchObject({ how: 'stopped', closest: expect.any(Number) });
    expect(endOf(none)).not.toHaveProperty('best');
  });

  it('ends by itself when the time is over, with what the curves gave', { timeout: TIMEOUT }, async () => {
    const events: SearchEvent[] = [];
    const goal = { kind: 'smallest', points: 3 } as const;
    await fast.findSettings({ ...subject(), goal, seconds: 0 }, (e) => events.push(e));
    const tried = triedOf(events);
    expect(new Set(tried.map((t) => t.by))).toEqual(new Set(['curves']));
    expect(endOf(events)).toMatchObject({ how: 'done' });
    // Members of the front have been timed.
    expect(tried.some((t) => t.time && t.time.ms > 0)).toBe(true);
  });

  it('fastest: has times, and takes the least of those that are accurate enough', {
    timeout: TIMEOUT,
  }, async () => {
    const events = await find({ kind: 'fastest', accuracy: 0.15 }, 14);
    const end = endOf(events)!;
    const timed = triedOf(events).filter((t) => t.time);
    expect(timed.length).toBeGreaterThan(0);
    const best = timed.find((t) => end.type === 'end' && t.number === end.best)!;
    const able = timed.filter((t) => t.full!.correct >= 0.15 * t.full!.count);
    expect(best.time!.ms).toBe(Math.min(...able.map((t) => t.time!.ms)));
  });

  it('measures bits, too, and comes upon the same setting by several ways', {
    timeout: TIMEOUT,
  }, async () => {
    const events: SearchEvent[] = [];
    const quantized = experiment([recipe[0], { do: 'quantize' }]);
    const goal = { kind: 'smallest', points: 1 } as const;
    await fast.findSettings({ ...subject({ experiment: quantized }), goal, seconds: 600 }, (e) => {
      events.push(e);
      if (e.type === 'tried' && triedOf(events).length >= 30) void fast.stopSearch();
    });
    const tried = triedOf(events);
    expect(endOf(events)).toMatchObject({ best: expect.any(Number) });
    for (const { setting } of tried)
      for (const v of Object.values(setting)) expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(v);
    const seen = new Map<string, Tried>();
    for (const t of tried) {
      const key = JSON.stringify(t.setting);
      const twin = seen.get(key);
      seen.set(key, t);
      expect([twin?.bytes ?? t.bytes, twin?.quick ?? t.quick]).toEqual([t.bytes, t.quick]);
      expect(twin?.by).not.toBe(t.by);
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it('stops with the best so far; a scan that is asked for meanwhile does not disturb it', {
    timeout: TIMEOUT,
  }, async () => {
    const events: SearchEvent[] = [];
    const scans: ScanEvent[] = [];
    const goal = { kind: 'smallest', points: 5 } as const;
    await fast.findSettings({ ...subject(), goal, seconds: 600 }, (e) => {
      events.push(e);
      if (e.type !== 'tried') return;
      const { length } = triedOf(events);
      if (length === 3) void fast.scanLayers(subject(), (s) => scans.push(s));
      if (length === 12) void fast.stopSearch();
    });
    expect(scans).toEqual([{ type: 'end', how: 'interrupted' }]);
    expect(endOf(events)).toMatchObject({ how: 'stopped', best: expect.any(Number) });
    expect(triedOf(events).length).toBeLessThan(16);
  });

  it('waits while somebody looks, and goes on afterwards', { timeout: TIMEOUT }, async () => {
    const order: string[] = [];
    const emit = fast.emit;
    Object.assign(fast, { emit: (e: { type: string }) => e.type === 'preview' && order.push('look') });
    let looked: Promise<void> | undefined;
    const goal = { kind: 'smallest', points: 5 } as const;
    await fast.findSettings({ ...subject(), goal, seconds: 600 }, (e) => {
      if (e.type !== 'tried') return;
      order.push('tried');
      const moved = experiment([recipe[0], { do: 'prune', with: { sparsity: 0.61 } }]);
      if (order.length === 3) looked = fast.preview(moved);
      if (order.filter((o) => o === 'tried').length === 12) void fast.stopSearch();
    });
    await looked;
    Object.assign(fast, { emit });
    const first = order.indexOf('look');
    const last = order.lastIndexOf('look');
    expect(first).toBeGreaterThan(0);
    // At most the setting that was being measured comes between.
    expect(order.slice(first, last).filter((o) => o === 'tried').length).toBeLessThanOrEqual(1);
    expect(order.slice(last).length).toBeGreaterThan(1);
  });

  it('is refused while a training runs', { timeout: TIMEOUT }, async () => {
    const run = fast.run(experiment([{ do: 'train', with: { steps: 95, evalEvery: 1000 } }]));
    const events = await find({ kind: 'smallest', points: 1 }, 5);
    expect(events).toEqual([{ type: 'problem', problem: expect.objectContaining({ code: 'search.busy' }) }]);
    await fast.stop();
    await run;
  });
});
