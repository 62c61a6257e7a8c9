/**
 * Which backend to compute on: by measurement where there is a choice, by the user's wish where there is
 * one. Executors are imported only when opened; TensorFlow.js is downloaded only where it is used.
 */
import { messageOf, type Problem, WinnowError } from '../spec/problem';
import type { DeviceOption, DeviceReport } from '../worker/api';
import { type Probe, probeDevices } from './device/probe';
import { selfTest, timeTraining } from './device/self-test';
import type { Backend, BackendId } from './types';

export interface Choice {
  /** Dispose of it before the next `chooseBackend`. */
  backend: Backend;
  report: DeviceReport;
  /** Why it is not what was wanted, or why a GPU that is there is not used. */
  problem?: Problem;
}
export type OnLost = (error: WinnowError) => void;
export interface DeviceProgress {
  stage: 'probe' | 'open' | 'self-test' | 'timing';
  id?: BackendId;
}
/** What the choice depends on; replaced in tests. */
export interface Machine {
  probe(): Promise<Probe>;
  open(id: BackendId, onLost?: OnLost): Promise<Backend>;
  /** TensorFlow.js on the GPU, for where our own kernels do not pass the self-test. */
  openSecond?(onLost?: OnLost): Promise<Backend>;
  /** Milliseconds per training step. */
  time(backend: Backend): Promise<number>;
}

export const probe = async (): Promise<DeviceOption[]> => (await probeDevices()).options;

/** @throws WinnowError when the device does not have it. */
export async function openBackend(id: BackendId, onLost?: OnLost): Promise<Backend> {
  if (id === 'simd') return (await import('./backends/simd')).openSimd();
  if (id === 'reference') return (await import('./backends/reference')).openReference();
  if (id === 'webgpu') return openOwnWebgpu(onLost);
  // Under its own name when asked for by it; the one that stands in for ours is called `webgpu`.
  if (id === 'tfjs-webgpu') return { ...(await openTfjsWebgpu(onLost)), id };
  return (await import('./backends/tfjs')).openTfjs(id, { onLost });
}

async function openOwnWebgpu(onLost?: OnLost): Promise<Backend> {
  const [{ openWebgpu }, { openNotes }] = await Promise.all([
    import('./backends/webgpu'),
    import('./device/notes'),
  ]);
  return openWebgpu({ onLost, notes: openNotes });
}
const openTfjsWebgpu = async (onLost?: OnLost): Promise<Backend> =>
  (await import('./backends/tfjs')).openTfjs('webgpu', { onLost });

/** Drivers have been seen to compute wrong numbers, so what runs on them has to pass the self-test. */
const ON_GPU: readonly BackendId[] = ['webgpu', 'tfjs-webgpu', 'webgl'];

/** CPU paths from fast to slow. */
const CPU: readonly BackendId[] = ['simd', 'wasm', 'cpu'];

/**
 * Opens the wanted backend, or the best one: the faster of a hardware GPU (that passes the self-test) and
 * the CPU, else the fastest CPU path there is. Always gives a backend; `problem` says if it is second best.
 * A software GPU is only used when asked for. A GPU has to pass the self-test even then; where our kernels fail
 * it, TensorFlow.js gets a try on the same GPU.
 * @param onLost told once if the chosen GPU is lost later; the backend is of no use from then on.
 */
export async function chooseBackend(
  want: BackendId | 'auto' = 'auto',
  onProgress: (progress: DeviceProgress) => void = () => {},
  onLost?: OnLost,
  machine: Machine = {
    probe: probeDevices,
    open: openBackend,
    openSecond: openTfjsWebgpu,
    time: timeTraining,
  },
): Promise<Choice> {
  onProgress({ stage: 'probe' });
  const found = await machine.probe();
  const chooser = new Chooser(machine, found, onProgress, onLost);
  if (want !== 'auto') return chooser.wanted(want);
  return found.hardwareGpu ? chooser.race() : chooser.cpu();
}

interface Trusted {
  gpu: Backend;
  /** Why it is not our own kernels that run. */
  problem?: Problem;
}

class Chooser {
  readonly #timings: DeviceReport['timings'] = {};
  #chosen: Backend | null = null;
  constructor(
    private readonly machine: Machine,
    private readonly found: Probe,
    private readonly onProgress: (progress: DeviceProgress) => void,
    private readonly onLost?: OnLost,
  ) {}

  async wanted(id: BackendId): Promise<Choice> {
    try {
      if (!ON_GPU.includes(id)) return this.#choice(await this.#open(id), 'chosen');
      const { gpu, problem } = await this.#trusted(id);
      return this.#choice(gpu, 'chosen', problem);
    } catch (error) {
      return this.cpu(problemOf(error, id), id);
    }
  }

  /** The fastest CPU path that opens, `not` left out because it has failed already. */
  async cpu(problem?: Problem, not?: BackendId): Promise<Choice> {
    let last = problem;
    for (const id of CPU) {
      if (id === not || !this.#option(id)?.available) continue;
      try {
        return this.#choice(await this.#open(id), 'fallback', last);
      } catch (error) {
        last ??= problemOf(error, id);
      }
    }
    throw new WinnowError(last ?? problemOf(new Error('no CPU path opens'), 'cpu'));
  }

  /** Hardware GPU against the CPU. */
  async race(): Promise<Choice> {
    let trusted: Trusted;
    try {
      trusted = await this.#trusted('webgpu', (backend) => this.#time(backend));
    } catch (error) {
      const problem = problemOf(error, 'webgpu');
      this.#refuse('webgpu', problem.message);
      return this.cpu(problem);
    }
    const { gpu, problem } = trusted;
    // The other CPU paths are TensorFlow.js, too, which runs one backend at a time and is slower than a GPU.
    if (!this.#option('simd')?.available) return this.#choice(gpu, 'measured', problem);
    const simd = await this.#open('simd').catch(() => null);
    if (!simd) return this.#choice(gpu, 'measured', problem);
    await this.#time(simd);
    const gpuWins = this.#timings.webgpu! < this.#timings.simd!;
    (gpuWins ? simd : gpu).dispose();
    return this.#choice(gpuWins ? gpu : simd, 'measured', problem);
  }

  /** A GPU that has passed the self-test and what else is asked of it: by our kernels or, if need be, TensorFlow.js. */
  async #trusted(id: BackendId, also?: (backend: Backend) => Promise<void>): Promise<Trusted> {
    try {
      return { gpu: await this.#tested(id, this.#open(id), also) };
    } catch (error) {
      const problem = problemOf(error, id);
      const { openSecond } = this.machine;
      if (id !== 'webgpu' || problem.code === 'backend.unavailable' || !openSecond) throw error;
      try {
        const gpu = await this.#tested(id, this.#watched(openSecond), also);
        const message = `${problem.message}; TensorFlow.js computes on it instead, which is slower`;
        return { gpu, problem: { ...problem, message } };
      } catch {
        throw error;
      }
    }
  }
  async #tested(id: BackendId, opening: Promise<Backend>, also?: (backend: Backend) => Promise<void>) {
    const gpu = await opening;
    try {
      this.onProgress({ stage: 'self-test', id });
      await selfTest(gpu, await this.machine.open('reference'));
      await also?.(gpu);
      return gpu;
    } catch (error) {
      gpu.dispose();
      throw error;
    }
  }
  async #time(backend: Backend): Promise<void> {
    this.onProgress({ stage: 'timing', id: backend.id });
    this.#timings[backend.id] = await this.machine.time(backend);
  }
  #open(id: BackendId): Promise<Backend> {
    this.onProgress({ stage: 'open', id });
    return this.#watched((onLost) => this.machine.open(id, onLost));
  }
  /** A GPU that fails before the choice is made is a reason for the choice, not a loss. */
  async #watched(open: (onLost: OnLost) => Promise<Backend>): Promise<Backend> {
    let backend: Backend | undefined;
    backend = await open((error) => {
      if (backend && this.#chosen === backend) this.onLost?.(error);
    });
    return backend;
  }
  #option(id: BackendId): DeviceOption | undefined {
    return this.found.options.find((option) => option.id === id);
  }
  #refuse(id: BackendId, detail: string): void {
    const option = this.#option(id);
    if (option) Object.assign(option, { available: false, detail });
  }
  #choice(backend: Backend, why: DeviceReport['why'], problem?: Problem): Choice {
    const { id, device } = backend;
    this.#chosen = backend;
    return {
      backend,
      report: { id, device, why, timings: this.#timings, options: this.found.options },
      ...(problem && { problem }),
    };
  }
}

function problemOf(error: unknown, id: BackendId): Problem {
  if (error instanceof WinnowError) return error.problem;
  const reason = messageOf(error);
  return {
    code: 'backend.unavailable',
    path: 'backend',
    message: `${id} could not be opened here: ${reason}`,
    values: { backend: id, reason },
  };
}
