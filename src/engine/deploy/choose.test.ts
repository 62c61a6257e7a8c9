import { describe, expect, it } from 'vitest';
import { layerMacs, macs, weightLayers } from '../../models/build';
import type { Arch, NetState } from '../../models/types';
import { tinyCnn, tinyMasks, tinyMlp, tinyWeights } from '../device/trial';
import { Networks } from '../networks';
import type { Backend, Deployer, ExecForm, Inference, LayerForms } from '../types';
import { alone, chooseForms } from './choose';
import { formsOf, packLayers } from './pack';
import { rounds, speedOf } from './speed';

/** A device on which a pass takes what the forms of its layers say, by its own clock. */
class FakeDevice {
  opened: LayerForms[] = [];
  open = 0;
  constructor(readonly ms: (form: ExecForm, layer: string) => number) {}
  #network(arch: Arch, forms: LayerForms): Inference {
    this.open++;
    const unused = () => Promise.reject(new Error('not asked for'));
    const each = weightLayers(arch).reduce((sum, { name }) => sum + this.ms(forms[name] ?? 'dense', name), 0);
    return {
      arch,
      evaluate: unused,
      logits: unused,
      time: async (batch, n) => batch * n * each,
      dispose: () => {
        this.open--;
      },
    };
  }
  get backend(): Backend {
    const deploy: Deployer = {
      formsOf,
      open: async (arch, weights, forms) => {
        packLayers(arch, weights, forms);
        this.opened.push(forms);
        return this.#network(arch, forms);
      },
    };
    const open = async (arch: Arch) => ({
      ...this.#network(arch, {}),
      load: async () => {},
      read: async () => ({}),
      train: () => {
        throw new Error('not asked for');
      },
    });
    return { id: 'reference', device: 'fake', open, deploy, dispose() {} };
  }
}
const free = { turn: async () => {} };
const stateOf = (arch: Arch, sparsity: number): NetState => {
  const tensors = tinyWeights(arch);
  const masks = sparsity > 0 ? tinyMasks(arch, sparsity) : {};
  return { arch, tensors, masks, quant: {}, start: tensors, trainings: 1, steps: 1 };
};
const arch = tinyMlp();
const forms = (layers: { layer: string; form: ExecForm }[]) => layers.map(({ form }) => form);

describe('chooseForms', () => {
  it('takes the fastest exact form of each layer, and dense where nothing is faster', async () => {
    const device = new FakeDevice((form, layer) =>
      form === 'dense' ? 2 : form === 'csr' ? (layer === 'fc1' ? 1 : 3) : 5,
    );
    const chosen = await chooseForms(device.backend, arch, stateOf(arch, 0.9), 1, {}, free);
    expect(forms(chosen)).toEqual(['csr', 'dense']);
    expect(chosen.map((l) => l.chosen)).toEqual(['measured', 'measured']);
    const [{ candidates, macs: executed }] = chosen;
    expect(candidates[0]).toMatchObject({ form: 'dense', macs: layerMacs(weightLayers(arch)[0]) });
    expect(candidates.find(({ form }) => form === 'csr')!.ratio.median).toBeCloseTo(2, 9);
    expect(executed).toBe(candidates.find(({ form }) => form === 'csr')!.macs);
    expect(executed).toBeLessThan(0.2 * layerMacs(weightLayers(arch)[0]));
    expect(device.open).toBe(0);
  });

  it('times nothing where there is nothing to choose', async () => {
    const device = new FakeDevice(() => 1);
    const chosen = await chooseForms(device.backend, arch, stateOf(arch, 0), 1, {}, free);
    expect(chosen).toMatchObject([
      { form: 'dense', chosen: 'only', candidates: [] },
      { form: 'dense', chosen: 'only', candidates: [] },
    ]);
    expect(device.opened).toEqual([]);
  });

  it('remembers layers of the same shape and about as many weights, on the same device', async () => {
    const device = new FakeDevice((form) => (form === 'csr' ? 1 : 2));
    const { backend } = device;
    await chooseForms(backend, arch, stateOf(arch, 0.9), 1, {}, free);
    const first = device.opened.length;
    expect(first).toBeGreaterThan(0);
    await chooseForms(backend, arch, stateOf(arch, 0.9), 1, {}, free);
    expect(device.opened.length).toBe(first);
    await chooseForms(backend, arch, stateOf(arch, 0.9), 256, {}, free);
    expect(device.opened.length).toBe(2 * first);
    await chooseForms(backend, arch, stateOf(arch, 0.6), 1, {}, free);
    expect(device.opened.length).toBeGreaterThan(2 * first);
  });

  it('does what it is told where that can be, and chooses elsewhere', async () => {
    const device = new FakeDevice((form) => (form === 'csr' ? 1 : 2));
    const wish: LayerForms = { fc1: 'dense', fc2: 'xnor', gone: 'csr' };
    const chosen = await chooseForms(device.backend, arch, stateOf(arch, 0.9), 1, wish, free);
    expect(chosen).toMatchObject([
      { layer: 'fc1', form: 'dense', chosen: 'override' },
      { layer: 'fc2', form: 'csr', chosen: 'measured' },
    ]);
  });

  it('lets go of everything when it has to give up', async () => {
    const device = new FakeDevice((form) => (form === 'csr' ? 1 : 2));
    let left = 7;
    const turn = async () => {
      if (left-- === 0) throw new Error('enough');
    };
    const choosing = chooseForms(device.backend, arch, stateOf(arch, 0.9), 1, {}, { turn });
    await expect(choosing).rejects.toThrow('enough');
    expect(device.open).toBe(0);
  });

  it('stands each layer alone with its own inputs', () => {
    for (const layer of weightLayers(tinyCnn())) {
      const solo = alone({ ...layer, from: 'elsewhere' });
      expect(solo.layers).toHaveLength(1);
      expect(solo.layers[0].from).toBeUndefined();
      expect(solo.input.reduce((a, b) => a * b)).toBe(
        layer.kind === 'dense' ? layer.in : layer.in.reduce((a, b) => a * b),
      );
    }
  });
});

describe('speedOf', () => {
  const report = (device: FakeDevice, sparsity: number, wish: LayerForms = {}) => {
    const { backend } = device;
    const [baseline, looking] = [new Networks(backend), new Networks(backend)];
    const track = { baseline, looking, conditions: free, forms: wish };
    return speedOf(track, stateOf(arch, 0), stateOf(arch, sparsity), 'fake');
  };

  it('says what was executed and what the arithmetic promised', async () => {
    const speed = await report(new FakeDevice((form) => (form === 'csr' ? 1 : 4)), 0.9);
    expect(speed.latency).toMatchObject({ batch: 1, overlap: false });
    expect(speed.throughput.batch).toBe(256);
    expect(speed.latency.ratio.median).toBeCloseTo(4, 9);
    expect(speed.latency.slope.agrees).toBe(true);
    expect(speed.latency.slope.dense).toBeCloseTo(8, 9);
    expect(speed.latency.macs.dense).toBe(macs(arch));
    expect(speed.latency.macs.executed).toBe(speed.latency.layers.reduce((sum, l) => sum + l.macs, 0));
    expect(speed.latency.macs.executed).toBeLessThan(0.2 * macs(arch));
    expect(rounds(speed)).toBe(false);
  });

  it('a masked network that runs dense executes all of its zeros', async () => {
    const speed = await report(new FakeDevice(() => 1), 0.9);
    expect(speed.latency.macs.executed).toBe(macs(arch));
    expect(speed.latency).toMatchObject({ overlap: true, ratio: { median: 1 } });
  });
});
