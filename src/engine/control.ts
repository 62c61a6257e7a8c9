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

export class Control {
  #stopped = false;
  #resume: (() => void) | undefined;
  #gate: Promise<void> | undefined;

  get paused(): boolean {
    return this.#gate !== undefined;
  }
  get stopped(): boolean {
    return this.#stopped;
  }
  pause(): void {
    if (this.#stopped || this.#gate) return;
    this.#gate = new Promise((resolve) => {
      this.#resume = resolve;
    });
  }
  resume(): void {
    this.#resume?.();
    this.#gate = undefined;
    this.#resume = undefined;
  }
  stop(): void {
    this.#stopped = true;
    this.resume();
  }
  /** To be awaited between blocks. @throws Cancelled once stopped. */
  async turn(): Promise<void> {
    await breathe();
    while (this.#gate && !this.#stopped) await this.#gate;
    if (this.#stopped) throw new Cancelled();
  }
}
