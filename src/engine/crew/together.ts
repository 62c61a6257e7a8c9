/**
 * Hands inside the lab whose trainings go on side by side on one device. Their networks sit beside each other in the
 * executor, which trains them together where that is faster (`Backend.together`).
 */
import type { Arch } from '../../models/types';
import type { Backend, Network, Together } from '../types';
import { makeHand } from './hand';
import type { Hire } from './types';

/** Networks kept open by each hand; each has its neighbours, which take memory, too. */
const KEPT = 2;

export function togetherHire(backend: Backend, together: Together): Hire {
  const table = new Table(together);
  const shared: Backend = { ...backend, open: (arch) => table.sit(arch) };
  return () => {
    const api = makeHand(async () => shared, KEPT);
    return { api, thread: false, dismiss: () => api.close() };
  };
}

interface Row {
  networks: Promise<Network[]>;
  /** By place: whether a hand has it. */
  taken: boolean[];
}

/** Rows of networks of one architecture each; the lowest free place is given first, and a row that is free goes. */
export class Table {
  readonly #rows = new Map<string, Row[]>();
  constructor(readonly together: Together) {}

  async sit(arch: Arch): Promise<Network> {
    const key = JSON.stringify(arch);
    const rows = this.#rows.get(key) ?? [];
    this.#rows.set(key, rows);
    let row = rows.find(({ taken }) => taken.includes(false));
    if (!row) {
      const width = this.together.width(arch);
      row = { networks: this.together.open(arch, width), taken: new Array(width).fill(false) };
      rows.push(row);
    }
    const place = row.taken.indexOf(false);
    row.taken[place] = true;
    const here = row;
    try {
      const network = (await row.networks)[place];
      return seat(network, () => this.#leave(key, here, place));
    } catch (error) {
      this.#rows.set(
        key,
        (this.#rows.get(key) ?? []).filter((other) => other !== here),
      );
      throw error;
    }
  }

  #leave(key: string, row: Row, place: number): void {
    row.taken[place] = false;
    if (row.taken.includes(true)) return;
    this.#rows.set(
      key,
      (this.#rows.get(key) ?? []).filter((other) => other !== row),
    );
    void row.networks.then((networks) => {
      for (const network of networks) network.dispose();
    });
  }
}

/** The network, except that disposing of it only gives back the place. */
function seat(network: Network, leave: () => void): Network {
  let left = false;
  let training: ReturnType<Network['train']> | undefined;
  return {
    arch: network.arch,
    load: (weights) => network.load(weights),
    read: () => network.read(),
    train(job) {
      training = network.train(job);
      return training;
    },
    evaluate: (examples, from, to) => network.evaluate(examples, from, to),
    logits: (pixels, n, scale, shift) => network.logits(pixels, n, scale, shift),
    time: (batch, repetitions) => network.time(batch, repetitions),
    dispose() {
      if (left) return;
      left = true;
      training?.dispose();
      leave();
    },
  };
}
