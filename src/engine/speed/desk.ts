/** One study at a time for the lab: opens what it needs, stops it, and waits while the tab is hidden. */
import { type Problem, problemOf } from '../../spec/problem';
import type { SpeedEvent, SpeedWish } from '../../worker/api';
import { Control } from '../control';
import { openBackend } from '../device';
import { grainOf } from '../timing/race';
import type { Backend, BackendId } from '../types';
import { planStudy } from './plan';
import type { Pace } from './race';
import { runStudy, type Sight } from './study';

export const PACE: Pace = { rounds: 7, slowRounds: 3, sampleMs: 20 };
/** A study ends by itself before two minutes are over, whatever the machine. */
export const BUDGET_MS = 112_000;
/** TensorFlow.js on the same device, with its fused kernels. */
const PEERS: Partial<Record<BackendId, BackendId>> = { simd: 'wasm', webgpu: 'tfjs-webgpu' };

export interface DeskOptions {
  pace?: Pace;
  budgetMs?: number;
  openPeer?(id: BackendId): Promise<Backend>;
}

export class SpeedDesk {
  #control: Control | undefined;
  #finished: Promise<void> = Promise.resolve();
  #hidden = false;
  #watchers: (() => void)[] = [];

  constructor(readonly options: DeskOptions = {}) {}

  get running(): boolean {
    return this.#control !== undefined;
  }
  visible(shown: boolean): void {
    this.#hidden = !shown;
    if (shown) this.#wake();
  }
  /** Resolves when the study, if any, has let go of the device. */
  async stop(): Promise<void> {
    this.#control?.stop();
    this.#wake();
    await this.#finished;
  }

  /** An earlier study is stopped first. Resolves at the end; what goes wrong is told. */
  async measure(backend: Backend, wish: SpeedWish, tell: (event: SpeedEvent) => void): Promise<void> {
    await this.stop();
    const control = new Control();
    this.#control = control;
    const study = this.#study(backend, wish, control, tell).catch((error) =>
      tell({ type: 'problem', problem: problemOf(error) }),
    );
    this.#finished = study.finally(() => {
      if (this.#control === control) this.#control = undefined;
    });
    await this.#finished;
  }

  async #study(backend: Backend, wish: SpeedWish, control: Control, tell: (event: SpeedEvent) => void) {
    const { pace = PACE, budgetMs = BUDGET_MS, openPeer = openBackend } = this.options;
    let peer: Promise<Backend | undefined> | undefined;
    const open = async () => {
      const id = PEERS[backend.id];
      return id && openPeer(id).catch(() => undefined);
    };
    tell({ type: 'start', backend: backend.id, device: backend.device, protocol: { ...pace } });
    try {
      await runStudy({
        backend,
        peer: () => {
          peer ??= open();
          return peer;
        },
        heats: planStudy(wish),
        pace,
        budgetMs,
        sight: this.#sight(control),
        turn: () => control.turn(),
        tell,
        now: () => performance.now(),
        grain: grainOf(),
      });
    } finally {
      (await peer)?.dispose();
    }
  }

  #sight(control: Control): Sight {
    const desk = this;
    return {
      get hidden() {
        return desk.#hidden;
      },
      seen: () =>
        !desk.#hidden || control.stopped
          ? Promise.resolve()
          : new Promise((resolve) => desk.#watchers.push(resolve)),
    };
  }
  #wake(): void {
    for (const seen of this.#watchers.splice(0)) seen();
  }
}

/** Why a study cannot begin now. */
export const busyProblem: Problem = {
  code: 'speed.busy',
  path: '',
  message: 'a training is running, and times taken beside it mean nothing: stop it or wait for its end',
};
