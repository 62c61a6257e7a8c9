/** Pause, resume and stop for long work that runs in short blocks. */
import { Cancelled } from '../spec/problem';

/** Lets waiting messages and timers run, without the 4 ms that nested timeouts cost. */
export function breathe(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export type ControlState = 'running' | 'paused' | 'stopped';

/** Stopped is for good. A part of the work may have a control of its own, which follows that of the whole. */
export class Control {
  #state: ControlState = 'running';
  #resume: (() => void) | undefined;
  #gate: Promise<void> | undefined;
  readonly #watchers = new Set<(state: ControlState) => void>();

  /** @param whole what happens to it happens to this one, not the other way round */
  constructor(whole?: Control) {
    whole?.watch((state) => this.steer(state));
  }
  get paused(): boolean {
    return this.#state === 'paused';
  }
  get stopped(): boolean {
    return this.#state === 'stopped';
  }
  pause(): void {
    if (this.#state !== 'running') return;
    this.#gate = new Promise((resolve) => {
      this.#resume = resolve;
    });
    this.#become('paused');
  }
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#open();
    this.#become('running');
  }
  stop(): void {
    if (this.#state === 'stopped') return;
    this.#open();
    this.#become('stopped');
  }
  steer(state: ControlState): void {
    if (state === 'paused') this.pause();
    else if (state === 'running') this.resume();
    else this.stop();
  }
  /**
   * Told of every change from now on, and at once if this is not running now.
   * @returns ends the watching
   */
  watch(watcher: (state: ControlState) => void): () => void {
    this.#watchers.add(watcher);
    if (this.#state !== 'running') watcher(this.#state);
    return () => this.#watchers.delete(watcher);
  }
  /** To be awaited between blocks. @throws Cancelled once stopped. */
  async turn(): Promise<void> {
    await breathe();
    while (this.#gate && !this.stopped) await this.#gate;
    if (this.stopped) throw new Cancelled();
  }

  #open(): void {
    this.#resume?.();
    this.#gate = undefined;
    this.#resume = undefined;
  }
  #become(state: ControlState): void {
    this.#state = state;
    for (const watcher of [...this.#watchers]) watcher(state);
  }
}
