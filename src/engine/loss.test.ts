/** Runs whose GPU goes away: a fake one, which computes as SIMD does until it dies at a chosen step. */
import { afterAll, describe, expect, it } from 'vitest';
import { hash } from '../catalog';
import { dataDir, fileReader } from '../cli/file-reader';
import type { NetState } from '../models/types';
import { WinnowError } from '../spec/problem';
import type { Experiment } from '../spec/types';
import type { LabEvent } from '../worker/api';
import { type Machine, type OnLost, openBackend } from './device';
import { Lab } from './lab';
import type { Backend, Network, TrainJob } from './types';

const TIMEOUT = 120_000;
const BATCH = 60;
const experiment: Experiment = {
  v: 1,
  data: 'mnist',
  model: 'mlp-16',
  recipe: [
    { do: 'train', with: { steps: 40, evalEvery: 25, batch: BATCH } },
    { do: 'prune', with: { sparsity: 0.5 } },
    { do: 'train', with: { steps: 20, evalEvery: 25, batch: BATCH } },
  ],
  seeds: { init: 3, order: 5, method: 7 },
  replicates: 1,
};

interface Fake {
  /** Steps after which each device dies, in the order in which they are opened; the rest live on. */
  lives: number[];
  /** Milliseconds between two kept states. */
  keepMs: number;
  opened: number;
  steps: number;
}
async function dyingGpu(fake: Fake, onLost?: OnLost): Promise<Backend> {
  const simd = await openBackend('simd');
  let left = fake.lives[fake.opened++] ?? Number.POSITIVE_INFINITY;
  const error = new WinnowError({
    code: 'gpu.lost',
    path: 'backend',
    message: 'the GPU device was lost (test)',
  });
  const alive = () => {
    if (left < 0) throw error;
  };
  const wrap = (net: Network): Network => ({
    arch: net.arch,
    load: (weights) => net.load(weights),
    read: async () => {
      alive();
      return net.read();
    },
    evaluate: async (...args) => {
      alive();
      return net.evaluate(...args);
    },
    logits: (...args) => net.logits(...args),
    time: (...args) => net.time(...args),
    dispose: () => net.dispose(),
    train(job: TrainJob) {
      const training = net.train(job);
      return {
        mask: (masks) => training.mask(masks),
        save: () => training.save!(),
        restore: (state) => training.restore!(state),
        dispose: () => training.dispose(),
        async run(steps) {
          alive();
          // The self-test has batches of its own.
          if (job.batch !== BATCH) return training.run(steps);
          left -= steps;
          if (left < 0) {
            onLost?.(error);
            throw error;
          }
          fake.steps += steps;
          return training.run(steps);
        },
      };
    },
  });
  return {
    id: 'webgpu',
    device: 'WebGPU fake',
    keepMs: fake.keepMs,
    open: async (arch) => wrap(await simd.open(arch)),
    dispose: () => simd.dispose(),
  };
}

const labs: Lab[] = [];
async function openLab(lives: number[], keepMs = 0) {
  const fake: Fake = { lives, keepMs, opened: 0, steps: 0 };
  const events: LabEvent[] = [];
  const machine: Machine = {
    probe: async () => ({ options: [{ id: 'simd', available: true, detail: '' }], hardwareGpu: true }),
    open: (id, onLost) => (id === 'webgpu' ? dyingGpu(fake, onLost) : openBackend(id, onLost)),
    time: async () => 1,
  };
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    (event) => events.push(event),
    undefined,
    undefined,
    machine,
  );
  labs.push(lab);
  await lab.use('webgpu');
  const problems = () => events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []));
  const devices = () => events.flatMap((e) => (e.type === 'device' ? [e.report.id] : []));
  const statuses = () => events.flatMap((e) => (e.type === 'run' ? [e.status] : []));
  return { lab, fake, events, problems, devices, statuses };
}
afterAll(async () => {
  for (const lab of labs) await lab.dispose();
});
const bytesOf = ({ tensors, masks }: NetState) => ({ tensors, masks });

describe('a run whose GPU is lost', () => {
  it('goes on from what it has kept on new devices, with the numbers of a run that nothing happened to', {
    timeout: TIMEOUT,
  }, async () => {
    const calm = await openLab([]);
    const want = (await calm.lab.run(experiment)) as NetState;
    expect(calm.fake.steps).toBe(60);
    const { lab, fake, problems, devices, statuses } = await openLab([17, 31]);
    const got = (await lab.run(experiment)) as NetState;
    expect(bytesOf(got)).toEqual(bytesOf(want));
    // Every step was done once: none of the card's was lost.
    expect(fake).toMatchObject({ opened: 3, steps: 60 });
    expect(devices()).toEqual(['webgpu', 'webgpu', 'webgpu']);
    expect(problems().map(({ code }) => code)).toEqual(['gpu.replaced', 'gpu.replaced']);
    expect(problems()[0].message).toContain('lost (test); work goes on from what was kept, on a new device');
    expect(statuses()).toEqual(['running', 'stopped', 'running', 'stopped', 'running', 'done']);
  });

  it('ends up on the CPU when devices keep going away', { timeout: TIMEOUT }, async () => {
    const calm = await openLab([]);
    const want = (await calm.lab.run(experiment)) as NetState;
    const { lab, fake, problems, devices } = await openLab([9, 9, 9, 9]);
    const got = (await lab.run(experiment)) as NetState;
    expect(bytesOf(got)).toEqual(bytesOf(want));
    expect(fake).toMatchObject({ opened: 3 });
    expect(devices()).toEqual(['webgpu', 'webgpu', 'webgpu', 'simd']);
    expect(problems().at(-1)).toMatchObject({ code: 'gpu.abandoned' });
    expect(problems()).toHaveLength(3);
  });

  it('begins the card anew where nothing was kept yet', { timeout: TIMEOUT }, async () => {
    const calm = await openLab([]);
    const want = (await calm.lab.run(experiment)) as NetState;
    const { lab, fake } = await openLab([23], 1e9);
    const got = (await lab.run(experiment)) as NetState;
    expect(bytesOf(got)).toEqual(bytesOf(want));
    expect(fake.steps).toBeGreaterThan(60);
  });

  it('may lose two devices anew in the next run', { timeout: TIMEOUT }, async () => {
    const { lab, devices } = await openLab([5, 5, 70, 5]);
    await lab.run(experiment);
    const other = { ...experiment, seeds: { ...experiment.seeds, order: 6 } };
    expect(await lab.run(other)).toBeDefined();
    expect(devices()).toEqual(new Array(5).fill('webgpu'));
  });

  it('stays stopped when it is stopped meanwhile', { timeout: TIMEOUT }, async () => {
    const { lab, events, statuses } = await openLab([5]);
    const running = lab.run(experiment);
    while (!events.some((e) => e.type === 'problem')) await new Promise((resolve) => setTimeout(resolve, 1));
    await lab.stop();
    expect(await running).toBeUndefined();
    expect(statuses()).toEqual(['running', 'stopped']);
  });
});
