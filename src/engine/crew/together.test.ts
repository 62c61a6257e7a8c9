import { afterAll, describe, expect, it } from 'vitest';
import { hash } from '../../catalog';
import { dataDir, fileReader } from '../../cli/file-reader';
import { mlp } from '../../models/mlp';
import type { Experiment, Row } from '../../spec/types';
import { type Machine, openBackend } from '../device';
import { Lab } from '../lab';
import type { Backend, Network } from '../types';
import { Table } from './together';

const arch = mlp([4]).build([2, 2, 1], 3);
const other = mlp([5]).build([2, 2, 1], 3);

/** Counts what it opens; networks do nothing. */
function bank(width: number, fail = false) {
  const opened: { id: number; disposed: boolean }[] = [];
  const open = async (wanted: typeof arch, count: number): Promise<Network[]> => {
    if (fail) throw new Error('no memory');
    return Array.from({ length: count }, () => {
      const entry = { id: opened.length, disposed: false };
      opened.push(entry);
      const dispose = () => {
        entry.disposed = true;
      };
      return { arch: wanted, dispose, time: async () => entry.id } as unknown as Network;
    });
  };
  return { opened, table: new Table({ width: () => width, open }) };
}
const idOf = (network: Network) => network.time(1, 1);

describe('Table', () => {
  it('seats networks of one architecture beside each other, the lowest free place first', async () => {
    const { table, opened } = bank(3);
    const [a, b, x] = await Promise.all([table.sit(arch), table.sit(arch), table.sit(other)]);
    expect([await idOf(a), await idOf(b), await idOf(x)]).toEqual([0, 1, 3]);
    expect(opened).toHaveLength(6);
    a.dispose();
    a.dispose();
    expect(await idOf(await table.sit(arch))).toBe(0);
    expect(await idOf(await table.sit(arch))).toBe(2);
    expect(opened).toHaveLength(6);
    expect(await idOf(await table.sit(arch))).toBe(6);
  });
  it('disposes of a row when its last place is given back', async () => {
    const { table, opened } = bank(2);
    const [a, b] = [await table.sit(arch), await table.sit(arch)];
    a.dispose();
    await Promise.resolve();
    expect(opened.map(({ disposed }) => disposed)).toEqual([false, false]);
    b.dispose();
    await new Promise((resolve) => setTimeout(resolve));
    expect(opened.map(({ disposed }) => disposed)).toEqual([true, true]);
    expect(await idOf(await table.sit(arch))).toBe(2);
  });
  it('says why there is no row', async () => {
    await expect(bank(2, true).table.sit(arch)).rejects.toThrow('no memory');
  });
});

describe('replicates on a device that trains networks together', () => {
  const labs: Lab[] = [];
  afterAll(async () => {
    for (const lab of labs) await lab.dispose();
  });
  const experiment: Experiment = {
    v: 1,
    data: 'mnist',
    model: 'mlp-16',
    recipe: [
      { do: 'train', with: { steps: 12, evalEvery: 6 } },
      {
        fork: {
          ticket: [
            { do: 'prune', with: { sparsity: 0.5 } },
            { do: 'train', with: { steps: 12, evalEvery: 6 } },
          ],
          random: [{ do: 'reinit' }, { do: 'train', with: { steps: 12, evalEvery: 6 } }],
        },
      },
    ],
    seeds: { init: 3, order: 5, method: 7 },
    replicates: 3,
  };
  /** SIMD under another name, with networks together or without. */
  async function rowsOf(width: number) {
    const busy = { now: 0, most: 0 };
    const simd = await openBackend('simd');
    const watched = (net: Network): Network => ({
      arch: net.arch,
      load: (weights) => net.load(weights),
      read: () => net.read(),
      evaluate: (...args) => net.evaluate(...args),
      logits: (...args) => net.logits(...args),
      time: (...args) => net.time(...args),
      dispose: () => net.dispose(),
      train(job) {
        const training = net.train(job);
        busy.most = Math.max(busy.most, ++busy.now);
        return {
          run: (steps) => training.run(steps),
          mask: (masks) => training.mask(masks),
          dispose() {
            busy.now--;
            training.dispose();
          },
        };
      },
    });
    const open = async (count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => watched(await simd.open(mlp([16]).build([28, 28, 1], 10)))),
      );
    const gpu: Backend = {
      id: 'webgpu',
      device: 'fake',
      open: (wanted) => simd.open(wanted),
      ...(width > 1 && { together: { width: () => width, open: (_, count) => open(count) } }),
      dispose() {},
    };
    const machine: Machine = {
      probe: async () => ({ options: [], hardwareGpu: true }),
      open: (id) => (id === 'webgpu' ? Promise.resolve(gpu) : openBackend(id)),
      time: async () => 1,
    };
    const rows: Row[] = [];
    const emit = (event: { type: string; rows?: Row[] }) => {
      if (event.type === 'rows') rows.push(...(event.rows as Row[]));
    };
    const lab = new Lab((id) => fileReader(dataDir(id)), hash, emit, undefined, undefined, machine);
    labs.push(lab);
    await lab.use('webgpu');
    const end = await lab.run(experiment);
    return { end, busy, rows: rows.map((row) => JSON.stringify(row)).sort() };
  }

  it('go on side by side and give what they give one after the other', { timeout: 120_000 }, async () => {
    const together = await rowsOf(2);
    const alone = await rowsOf(1);
    expect(together.busy).toEqual({ now: 0, most: 2 });
    expect(together.rows.length).toBeGreaterThan(20);
    expect(together.rows).toEqual(alone.rows);
    expect(together.end?.tensors).toEqual(alone.end?.tensors);
  });
});
