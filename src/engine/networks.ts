/** Networks opened on a backend, kept for the next use: opening compiles kernels and takes memory. */
import type { Arch, NetState, Weights } from '../models/types';
import type { Backend, Network } from './types';

const KEPT = 4;

/**
 * One pool per purpose (training, looking): a network holds one set of weights, so that looking at another
 * state must not touch a training that is paused.
 */
export class Networks {
  readonly #open = new Map<string, { network: Promise<Network>; weights?: Weights }>();
  /** @param kept open at most so many; the one used longest ago is closed first */
  constructor(
    readonly backend: Backend,
    readonly kept = KEPT,
  ) {}

  /** A network of this architecture, weights whatever they were. */
  async open(arch: Arch): Promise<Network> {
    return this.#entry(arch).network;
  }
  /** The network with these weights loaded; loading is skipped when they are there already. */
  async with(state: NetState): Promise<Network> {
    const entry = this.#entry(state.arch);
    const network = await entry.network;
    if (entry.weights !== state) {
      entry.weights = state;
      await network.load(state);
    }
    return network;
  }
  /** To be called when something else (a training) changed the weights. */
  touched(arch: Arch): void {
    this.#entry(arch).weights = undefined;
  }
  async dispose(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const { network } of all) (await network.catch(() => undefined))?.dispose();
  }

  #entry(arch: Arch) {
    const key = JSON.stringify(arch);
    const found = this.#open.get(key);
    const entry = found ?? { network: this.backend.open(arch) };
    this.#open.delete(key);
    this.#open.set(key, entry);
    if (!found) entry.network.catch(() => this.#open.delete(key));
    for (const [oldest, { network }] of this.#open) {
      if (this.#open.size <= this.kept) break;
      this.#open.delete(oldest);
      void network.then((n) => n.dispose());
    }
    return entry;
  }
}
