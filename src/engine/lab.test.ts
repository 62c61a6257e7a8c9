/** Recipes end to end on real MNIST with the SIMD executor: few steps, every promise of the interpreter. */
import { describe, expect, it } from 'vitest';
import { hash } from '../catalog';
import { dataDir, fileReader } from '../cli/file-reader';
import { Cancelled } from '../spec/problem';
import type { Experiment, Row, Step } from '../spec/types';
import type { LabEvent, Preview, SpeedReport } from '../worker/api';
import { Lab } from './lab';
import { lineage } from './lineage';
import { initialState } from './state';
import { openLab } from './testing/lab';

const TIMEOUT = 120_000;
const experiment = (recipe: Step[], more: Partial<Experiment> = {}): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe,
  seeds: { init: 3, order: 5, method: 7 },
  replicates: 1,
  ...more,
});
const train = (steps: number, more = {}): Step => ({
  do: 'train',
  with: { steps, evalEvery: 1000, ...more },
});
const until = async (done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
};
const prune = (sparsity: number): Step => ({ do: 'prune', with: { sparsity } });
const lottery = (rounds: number): Step[] => [
  train(30),
  {
    repeat: rounds,
    steps: [
      prune(0.2),
      { fork: { ticket: [{ do: 'rewind' }, train(30)], reinit: [{ do: 'reinit' }, train(30)] } },
    ],
  },
];

async function listen() {
  const { lab, events } = await openLab();
  const rows = () => events.flatMap((e) => (e.type === 'rows' ? e.rows : []));
  const steps = () => events.filter((e) => e.type === 'progress').length;
  const problems = () => events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []));
  return { lab, events, rows, steps, problems };
}
const values = (rows: Row[], metric: string) => rows.filter((r) => r.metric === metric).map((r) => r.value);

describe('Lab.open', () => {
  it('tells of the data set asked for last, and only of that', { timeout: TIMEOUT }, async () => {
    const events: LabEvent[] = [];
    const first = new Set(['manifest.json', 'train-00000.bin', 'val-00000.bin']);
    const lab = new Lab(
      (id) => {
        const read = fileReader(dataDir(id));
        // Of the large one no more than training can begin with.
        return (file) => (id === 'mnist' || first.has(file) ? read(file) : new Promise(() => {}));
      },
      hash,
      (event) => events.push(event),
    );
    const mnist = lab.open('mnist');
    const cifar = lab.open('cifar-10');
    await Promise.all([mnist.complete, cifar.ready]);
    const told = events.filter((e) => e.type === 'data');
    expect(told[0]).toEqual({ type: 'data', loaded: 0, total: 70_000, ready: false });
    expect(new Set(told.slice(1).map((e) => e.total))).toEqual(new Set([60_000]));
    expect(told.at(-1)).toEqual({ type: 'data', loaded: 10_000, total: 60_000, ready: true });
    events.length = 0;
    expect(lab.open('mnist')).toBe(mnist);
    expect(events).toEqual([{ type: 'data', loaded: 70_000, total: 70_000, ready: true }]);
    lab.open('mnist');
    expect(events).toHaveLength(1);
  });

  it('gives up a download when another data set is asked for, and takes it up again', {
    timeout: TIMEOUT,
  }, async () => {
    const events: LabEvent[] = [];
    const signals: AbortSignal[] = [];
    const lab = new Lab(
      (id) => fileReader(id === 'mnist' ? dataDir(id) : '/nowhere'),
      hash,
      (event) => events.push(event),
      (_, into, signal) => {
        into.fetching({ host: 'a host', bytes: 1 });
        signals.push(signal!);
        return new Promise((_, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason));
        });
      },
    );
    const cifar = lab.open('cifar-10');
    await expect.poll(() => signals.length).toBe(1);
    lab.open('mnist');
    await expect(cifar.complete).rejects.toBeInstanceOf(Cancelled);
    expect(signals.map((s) => s.aborted)).toEqual([true]);
    const again = lab.open('cifar-10');
    expect(again).not.toBe(cifar);
    await expect.poll(() => signals.map((s) => s.aborted)).toEqual([true, false]);
    expect(events.filter((e) => e.type === 'problem')).toEqual([]);
  });

  it('refuses data that was never made, with what to do', { timeout: TIMEOUT }, async () => {
    const events: LabEvent[] = [];
    const lab = new Lab(
      () => fileReader('/nowhere'),
      hash,
      (event) => events.push(event),
    );
    await lab.use('simd');
    expect(await lab.run(experiment([train(3)], { data: 'cifar-10', model: 'conv-2' }))).toBeUndefined();
    const problems = events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []));
    expect(problems[0]).toMatchObject({ code: 'data.absent', path: 'data' });
    expect(problems[0].message).toContain('npm run assets');
    expect(events.filter((e) => e.type === 'run').at(-1)).toMatchObject({ status: 'failed' });
    await lab.dispose();
  });
});

describe('Lab.run', () => {
  it('trains LeNet-300-100 on colour images', { timeout: TIMEOUT }, async () => {
    const { lab, rows, problems } = await listen();
    const e = experiment([train(60), prune(0.5)], { data: 'cifar-10' });
    expect(await lab.run(e)).toBeDefined();
    expect(problems()).toEqual([]);
    const [accuracy] = values(rows(), 'test.accuracy').slice(-1);
    expect(accuracy).toBeGreaterThan(0.15);
    expect(accuracy).toBeLessThan(0.6);
    expect((await lab.inspect(e))?.keptPerInput).toMatchObject({ height: 32, width: 32, max: 900 });
  });

  it('rewinds to the initial weights bit for bit', { timeout: TIMEOUT }, async () => {
    const { lab } = await listen();
    const e = experiment([train(20), prune(0.9), { do: 'rewind' }]);
    const end = await lab.run(e);
    const start = initialState(end!.arch, e.seeds, 0);
    for (const [name, tensor] of Object.entries(start.tensors)) {
      const mask = end!.masks[name];
      const expected = tensor.map((w, i) => (mask && !mask[i] ? 0 : w));
      expect(new Uint32Array(end!.tensors[name].slice().buffer)).toEqual(new Uint32Array(expected.buffer));
    }
    expect(end!.masks['fc1/kernel'].reduce((a, b) => a + b, 0)).toBe(23_520);
  });

  it('gives both arms the same masks, batches and budget, and other weights', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab, rows } = await listen();
    const e = experiment(lottery(2));
    await lab.run(e);
    const trained = lineage(e)
      .filter((t) => !t.method.live && t.arm)
      .map((t) => lab.results.trained.get(t.key)!.state);
    const [ticket1, reinit1, ticket2] = trained;
    expect(ticket1.masks).toEqual(reinit1.masks);
    expect(ticket1.trainings).toBe(reinit1.trainings);
    expect(ticket1.tensors['fc1/kernel']).not.toEqual(reinit1.tensors['fc1/kernel']);
    for (const [name, mask] of Object.entries(ticket2.masks)) {
      const revived = mask.reduce((n, m, i) => n + (m && !ticket1.masks[name][i] ? 1 : 0), 0);
      const leaked = mask.reduce((n, m, i) => n + (!m && ticket2.tensors[name][i] !== 0 ? 1 : 0), 0);
      expect({ name, revived, leaked }).toEqual({ name, revived: 0, leaked: 0 });
    }
    const arms = rows().filter((r) => r.metric === 'sparsity' && r.arm);
    expect(arms.map((r) => r.arm)).toEqual(['ticket', 'reinit', 'ticket', 'reinit']);
    // Weights remaining after 20 / 20 / 10 % (Frankle and Carbin 2019).
    expect(arms.map((r) => 100 * (1 - r.value))).toEqual(
      [80.04, 80.04, 64.06, 64.06].map((x) => expect.closeTo(x, 1)),
    );
  });

  it('does not recompute what stands before a changed card, and tells its rows again', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab, rows, steps } = await listen();
    await lab.run(experiment([train(20), prune(0.5)]));
    const before = { steps: steps(), curve: values(rows(), 'train.loss') };
    await lab.run(experiment([train(20), prune(0.8)]));
    expect(steps()).toBe(before.steps);
    expect(values(rows(), 'train.loss')).toEqual([...before.curve, ...before.curve]);
    lab.forget(experiment([train(20), prune(0.8)]), 'recipe.0');
    await lab.run(experiment([train(20), prune(0.8)]));
    expect(steps()).toBeGreaterThan(before.steps);
  });

  it('gives the same numbers again, paused or not', { timeout: TIMEOUT }, async () => {
    const e = experiment([train(60), prune(0.9), train(20)]);
    const a = await listen();
    await a.lab.run(e);
    const b = await listen();
    const running = b.lab.run(e);
    await new Promise((resolve) => setTimeout(resolve, 100));
    b.lab.pause();
    await new Promise((resolve) => setTimeout(resolve, 50));
    b.lab.resume();
    await running;
    const plain = (rows: Row[]) => rows.map(({ at, step, metric, value }) => [at, step, metric, value]);
    expect(plain(b.rows())).toEqual(plain(a.rows()));
    expect(a.rows().length).toBeGreaterThan(10);
  });

  it('stops at once and keeps what was finished', { timeout: TIMEOUT }, async () => {
    const { lab, events, steps } = await listen();
    const e = experiment([train(20), train(20_000)]);
    const running = lab.run(e);
    await expect
      .poll(() => events.some((x) => x.type === 'progress' && x.progress.running[0]?.at === 'recipe.1'), {
        timeout: 60_000,
      })
      .toBe(true);
    await lab.stop();
    expect(await running).toBeUndefined();
    expect(events.filter((x) => x.type === 'run').at(-1)).toMatchObject({ status: 'stopped' });
    const [first] = lineage(e);
    expect(lab.results.trained.get(first.key)).toBeDefined();
    const told = steps();
    await lab.run(experiment([train(20)]));
    expect(steps()).toBe(told);
  });

  it('redoes only what starts from a card that is run again; more replicates need a run', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab, events } = await listen();
    const e = experiment([
      train(10),
      { fork: { ticket: [train(10)], reinit: [{ do: 'reinit' }, train(10)] } },
    ]);
    await lab.run(e);
    const kept = () => lineage(e).map((t) => t.method.live || lab.results.trained.get(t.key) !== undefined);
    expect(kept()).toEqual([true, true, true, true]);
    lab.forget(e, 'recipe.1.fork.reinit.1');
    expect(kept()).toEqual([true, true, true, false]);
    lab.forget(e, 'recipe.0');
    expect(kept()).toEqual([false, false, true, false]);
    await lab.run(e);
    await lab.preview({ ...e, replicates: 2 });
    const last = events.flatMap((x) => (x.type === 'preview' ? [x.preview] : [])).at(-1);
    expect(last?.cards['recipe.0']).toBe('needs-run');
  });

  it('lets the newest run win, whatever the others were doing', { timeout: TIMEOUT }, async () => {
    const { lab, events } = await listen();
    const ends = await Promise.all([5000, 4000, 20].map((steps) => lab.run(experiment([train(steps)]))));
    expect(ends.map((end) => end?.steps)).toEqual([undefined, undefined, 20]);
    const statuses = events.flatMap((e) => (e.type === 'run' && e.status !== 'running' ? [e.status] : []));
    expect(statuses).toEqual(['stopped', 'stopped', 'done']);
  });

  it('names the card that cannot be applied and the learning rate that diverges', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab, problems, events } = await listen();
    await lab.run(experiment([train(5), { do: 'factorize' }, { do: 'rewind' }]));
    expect(problems().at(-1)).toMatchObject({ path: 'recipe.2', message: expect.stringContaining('fc1') });
    await lab.run(experiment([train(200, { optimizer: 'sgd', lr: 1, momentum: 0.999 })]));
    expect(problems().at(-1)).toMatchObject({ code: 'diverged', path: 'recipe.0.with.lr' });
    expect(events.filter((x) => x.type === 'run').at(-1)).toMatchObject({ status: 'failed' });
  });

  it('draws replicates from other weights and other batches', { timeout: TIMEOUT }, async () => {
    const { lab, rows } = await listen();
    await lab.run(experiment([train(20)], { replicates: 2 }));
    const accuracy = rows().filter((r) => r.metric === 'test.accuracy');
    expect(accuracy.map((r) => r.replicate)).toEqual([0, 1]);
    const loss = (replicate: number) =>
      values(
        rows().filter((r) => r.replicate === replicate),
        'train.loss',
      );
    expect(loss(0)).not.toEqual(loss(1));
  });

  it('times the end of a recipe against the dense network', { timeout: TIMEOUT }, async () => {
    const { lab, rows } = await listen();
    await lab.run(experiment([train(5), { do: 'factorize', with: { rank: 10 } }]), { timing: true });
    const timed = rows().filter((r) => r.metric === 'latency.ms' || r.metric === 'throughput');
    expect(timed.map((r) => `${r.at} ${r.metric}`)).toEqual([
      'recipe.0 latency.ms',
      'recipe.0 throughput',
      'recipe.1 latency.ms',
      'recipe.1 throughput',
    ]);
    for (const row of timed) expect(row.value).toBeGreaterThan(0);
  });
});

describe('Lab.preview', () => {
  it('shows the frontier, and drops older wishes', { timeout: TIMEOUT }, async () => {
    const { lab, events } = await listen();
    const at = (p: number) => experiment([train(20), prune(p), train(40)]);
    await lab.preview(at(0.5));
    const untrained = events.flatMap((e) => (e.type === 'preview' ? [e.preview] : []));
    expect(untrained.at(-1)).toMatchObject({
      at: '',
      cards: { 'recipe.0': 'needs-run', 'recipe.1': 'needs-run' },
    });
    await lab.run(experiment([train(20)]));
    events.length = 0;
    await Promise.all([0.5, 0.6, 0.7, 0.8].map((p) => lab.preview(at(p))));
    const previews = events.flatMap((e): Preview[] => (e.type === 'preview' ? [e.preview] : []));
    expect(new Set(previews.map((p) => p.token)).size).toBe(1);
    const last = previews.at(-1)!;
    expect(last).toMatchObject({
      at: 'recipe.1',
      cards: { 'recipe.0': 'done', 'recipe.1': 'done', 'recipe.2': 'needs-run' },
    });
    expect(last.facts.sparsity).toBeCloseTo(1 - 0.2 - (0.4 * 1000) / 266_200, 3);
    expect(previews.some((p) => p.quick?.count === 1000)).toBe(true);
    expect(last.test?.count).toBe(10_000);
    const speed = last.speed as SpeedReport;
    // Which form is the fastest depends on the machine.
    expect(speed.latency.layers.map(({ layer }) => layer)).toEqual(['fc1', 'fc2', 'out']);
    for (const { layers, macs } of [speed.latency, speed.throughput]) {
      expect(macs.dense).toBe(266_200);
      expect(macs.executed).toBe(layers.reduce((sum, l) => sum + l.macs, 0));
      for (const { form, candidates } of layers) {
        expect(['dense', ...candidates.map((c) => c.form)]).toContain(form);
      }
    }
  });

  it('times no hidden tab, and executes layers in the forms asked for', { timeout: TIMEOUT }, async () => {
    const { lab, events } = await listen();
    const e = experiment([train(20), prune(0.9)]);
    await lab.run(e);
    lab.visible(false);
    events.length = 0;
    await lab.preview(e);
    const shown = () => events.flatMap((x): Preview[] => (x.type === 'preview' ? [x.preview] : [])).at(-1);
    expect(shown()?.speed).toEqual({ refused: 'hidden' });
    lab.visible(true);
    await until(() => 'latency' in (shown()?.speed ?? {}));
    const { latency } = shown()!.speed as SpeedReport;
    expect(latency.layers.map(({ chosen }) => chosen)).toEqual(['measured', 'measured', 'measured']);
    expect(latency.layers[0].candidates.map(({ form }) => form)).toContain('csr');
    lab.setForms({ fc1: 'csr', fc2: 'dense' });
    const forms = () => (shown()?.speed as SpeedReport | undefined)?.latency?.layers.slice(0, 2);
    const asked = [
      { form: 'csr', chosen: 'override' },
      { form: 'dense', chosen: 'override' },
    ];
    await until(() => forms()?.[0].chosen === 'override');
    expect(forms()).toMatchObject(asked);
  });

  it('sweeps the active slider and puts the current value on the line', { timeout: TIMEOUT }, async () => {
    const { lab, events } = await listen();
    const e = experiment([train(30), { do: 'quantize', with: { bits: 3 } }]);
    await lab.run(e);
    events.length = 0;
    await lab.preview(e, 'recipe.1');
    const points = events.flatMap((x) => (x.type === 'sweep' ? x.points : []));
    const preview = events.flatMap((x) => (x.type === 'preview' ? [x.preview] : [])).at(-1)!;
    expect(new Set(points.map((p) => p.value))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    const here = points.filter((p) => p.value === 3).at(-1)!;
    expect(here.test).toEqual(preview.test);
    expect(here.facts.bytes).toBe(preview.facts.bytes);
    expect(here.speed!.median).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ type: 'sweep', done: true });
  });
});
