import { describe, expect, it, vi } from 'vitest';
import { WinnowError } from '../spec/problem';
import { chooseBackend, type Machine, openBackend, probe } from './device';
import { adapterName, isSoftware } from './device/adapter';
import { probeDevices } from './device/probe';
import { timeTraining } from './device/self-test';
import type { Backend, BackendId, Network } from './types';

/** A machine with a hardware GPU that is played by `gpu`, and the real CPU paths. */
function machineWith(gpu: () => Promise<Backend>, gpuTime = 9, without: BackendId[] = []): Machine {
  return {
    async probe() {
      const { options } = await probeDevices();
      for (const o of options) {
        if (o.id === 'webgpu') Object.assign(o, { available: true, detail: 'WebGPU acme' });
        if (without.includes(o.id)) o.available = false;
      }
      return { options, hardwareGpu: true };
    },
    open(id, onLost) {
      return id === 'webgpu' ? gpu() : openBackend(id, onLost);
    },
    time: async (backend) => (backend.id === 'webgpu' ? gpuTime : 5),
  };
}
/** The SIMD backend under another name, its networks changed by `change`. */
async function imposter(change: (net: Network) => Network = (net) => net): Promise<Backend> {
  const inner = await openBackend('simd');
  return {
    id: 'webgpu',
    device: 'WebGPU acme',
    open: async (arch) => change(await inner.open(arch)),
    dispose: () => inner.dispose(),
  };
}
const over = (net: Network, part: Partial<Network>): Network =>
  new Proxy(net, {
    get: (target, key) => {
      const own = part[key as keyof Network];
      const value = own ?? target[key as keyof Network];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
describe('choosing a backend', () => {
  it('goes straight to SIMD without a GPU and imports no TensorFlow.js', async () => {
    const opened: BackendId[] = [];
    const { backend, report, problem } = await chooseBackend('auto', undefined, undefined, {
      probe: probeDevices,
      open: (id) => {
        opened.push(id);
        return openBackend(id);
      },
      time: timeTraining,
    });
    expect(opened).toEqual(['simd']);
    expect(report).toMatchObject({ id: 'simd', why: 'fallback', timings: {} });
    expect(problem).toBeUndefined();
    expect((globalThis as { _tfGlobals?: unknown })._tfGlobals).toBeUndefined();
    backend.dispose();
  });

  it('opens what is wanted', async () => {
    const { backend, report } = await chooseBackend('wasm');
    expect(backend.id).toBe('wasm');
    // The mark that TensorFlow.js leaves, whose absence is asserted above.
    expect((globalThis as { _tfGlobals?: unknown })._tfGlobals).toBeDefined();
    expect(report).toMatchObject({ id: 'wasm', why: 'chosen' });
    backend.dispose();
  });

  it('says why the wanted one is not there, and takes the fastest CPU path', async () => {
    for (const id of ['webgpu', 'tfjs-webgpu', 'webgl'] as const) {
      const { backend, report, problem } = await chooseBackend(id);
      expect(report).toMatchObject({ id: 'simd', why: 'fallback' });
      expect(problem).toMatchObject({ code: 'backend.unavailable', path: 'backend' });
      expect(problem?.message).toContain(`${id.replace('tfjs-', '')} is not available here`);
      backend.dispose();
    }
  });

  it('takes the next CPU path where there is no SIMD', async () => {
    const { options } = await probeDevices();
    options.find((o) => o.id === 'simd')!.available = false;
    const machine = {
      probe: async () => ({ options, hardwareGpu: false }),
      open: openBackend,
      time: timeTraining,
    };
    const { backend, report } = await chooseBackend('auto', undefined, undefined, machine);
    expect(report.id).toBe('wasm');
    backend.dispose();
  });

  it.each([
    [9, 'simd'],
    [2, 'webgpu'],
  ] as const)('races a trusted GPU of %d ms per step against SIMD of 5: %s', async (gpuTime, winner) => {
    const stages: string[] = [];
    const machine = machineWith(() => imposter(), gpuTime);
    const tell = (p: { stage: string }) => stages.push(p.stage);
    const { backend, report, problem } = await chooseBackend('auto', tell, undefined, machine);
    expect(report).toMatchObject({ id: winner, why: 'measured', timings: { webgpu: gpuTime, simd: 5 } });
    expect(backend.id).toBe(winner);
    expect(problem).toBeUndefined();
    expect(stages).toEqual(['probe', 'open', 'self-test', 'timing', 'open', 'timing']);
    backend.dispose();
  });

  it('keeps a GPU where there is nothing to race', async () => {
    const machine = machineWith(() => imposter(), 9, ['simd']);
    const { backend, report } = await chooseBackend('auto', undefined, undefined, machine);
    expect(report).toMatchObject({ id: 'webgpu', why: 'measured' });
    backend.dispose();
  });

  it('times real training steps', async () => {
    const backend = await openBackend('simd');
    expect(await timeTraining(backend, 2, 0)).toBeGreaterThan(0);
    backend.dispose();
  });

  it.each([
    ['wrong weights', { read: async () => ({}) }],
    ['a loss that is not a number', { evaluate: async () => ({ correct: 0, loss: Number.NaN, count: 64 }) }],
  ] as [string, Partial<Network>][])('does not trust a GPU with %s', async (_, broken) => {
    const wanted = await chooseBackend(
      'webgpu',
      undefined,
      undefined,
      machineWith(() => imposter((net) => over(net, broken))),
    );
    expect(wanted.report.id).toBe('simd');
    expect(wanted.problem?.code).toBe('backend.wrong');
    wanted.backend.dispose();
    const dispose = vi.fn();
    const machine = machineWith(async () => ({ ...(await imposter((net) => over(net, broken))), dispose }));
    const { backend, report, problem } = await chooseBackend('auto', undefined, undefined, machine);
    expect(report).toMatchObject({ id: 'simd', why: 'fallback' });
    expect(problem?.code).toBe('backend.wrong');
    expect(report.options.find((o) => o.id === 'webgpu')).toMatchObject({
      available: false,
      detail: problem?.message,
    });
    expect(dispose).toHaveBeenCalledOnce();
    backend.dispose();
  });

  it('lets TensorFlow.js try the GPU on which our kernels compute wrong results, and says so', async () => {
    const wrong: Partial<Network> = { read: async () => ({}) };
    const machine = machineWith(() => imposter((net) => over(net, wrong)), 2);
    let opened: Backend | undefined;
    machine.openSecond = async () => {
      opened = await imposter();
      return opened;
    };
    for (const want of ['webgpu', 'auto'] as const) {
      const { backend, report, problem } = await chooseBackend(want, undefined, undefined, machine);
      expect(backend).toBe(opened);
      expect(report.id).toBe('webgpu');
      expect(problem?.code).toBe('backend.wrong');
      expect(problem?.message).toMatch(/wrong results.*TensorFlow\.js/);
      backend.dispose();
    }
    machine.openSecond = () => imposter((net) => over(net, wrong));
    const neither = await chooseBackend('webgpu', undefined, undefined, machine);
    expect(neither.report.id).toBe('simd');
    expect(neither.problem?.message).not.toContain('TensorFlow.js');
    neither.backend.dispose();
  });

  it('passes on the loss of the chosen GPU, not of one that was given up', async () => {
    const lost = new WinnowError({ code: 'gpu.lost', path: 'backend', message: 'gone' });
    const told: unknown[] = [];
    const tell: ((error: WinnowError) => void)[] = [];
    const machine = machineWith(() => imposter());
    const open = machine.open;
    machine.open = (id, onLost) => {
      if (onLost) tell.push(onLost);
      return open(id, onLost);
    };
    const raced = await chooseBackend('auto', undefined, (e) => told.push(e), machine);
    tell[0](lost);
    expect(told).toEqual([]);
    raced.backend.dispose();
    tell.length = 0;
    const chosen = await chooseBackend('webgpu', undefined, (e) => told.push(e), machine);
    tell[0](lost);
    expect(told).toEqual([lost]);
    chosen.backend.dispose();
  });
});

describe('what there is', () => {
  it('in Node: no GPU, all CPU paths', async () => {
    const there = Object.fromEntries((await probe()).map((o) => [o.id, o.available]));
    expect(there).toEqual({
      webgpu: false,
      'tfjs-webgpu': false,
      webgl: false,
      simd: true,
      wasm: true,
      cpu: true,
      reference: true,
    });
  });
  it.each([
    [{ vendor: 'google', architecture: 'swiftshader' }, true, 'WebGPU google swiftshader (software)'],
    [{ vendor: 'mesa', architecture: '', description: 'llvmpipe (LLVM 15)' }, true, 'WebGPU mesa (software)'],
    [{ vendor: 'apple', architecture: 'metal-3' }, false, 'WebGPU apple metal-3'],
    [
      { vendor: 'intel', architecture: 'gen-12lp', isFallbackAdapter: true },
      true,
      'WebGPU intel gen-12lp (software)',
    ],
  ])('names the adapter %o', (part, software, name) => {
    const info = {
      device: '',
      description: '',
      isFallbackAdapter: false,
      ...part,
    } as unknown as GPUAdapterInfo;
    expect(isSoftware(info)).toBe(software);
    expect(adapterName(info)).toBe(name);
  });
});
