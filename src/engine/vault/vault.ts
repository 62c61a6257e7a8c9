/**
 * Finished trainings by lineage key, kept between visits. What cannot be kept there (storage is full or forbidden) is
 * kept in memory. A record that cannot be read is dropped: what it held is computed again.
 */
import type { NetState, Tensors } from '../../models/types';
import { messageOf, type Problem } from '../../spec/problem';
import type { StudyStorage } from '../../worker/api-study';
import { Bounded } from '../bounded';
import type { Measured, Trained } from '../trained';
import { MemoryStore } from './memory';
import {
  packStart,
  packState,
  packTold,
  startId,
  type Told,
  unpackStart,
  unpackState,
  unpackTold,
} from './records';
import type { VaultEntry, VaultStore } from './types';

/** Starts are shared by many states: those used last are not read again. */
const STARTS_BYTES = 24 * 2 ** 20;
/** Storage that does not answer by then is as good as forbidden. */
const PATIENCE_MS = 4000;

const toldId = (key: string): string => `told ${key}`;
const stateId = (key: string): string => `state ${key}`;

export class Vault {
  /** What does not go into the store. */
  readonly #memory = new MemoryStore();
  /** Bytes by id, of both. */
  #index = new Map<string, number>();
  #listing: Promise<void> | undefined;
  #saving: Promise<unknown> = Promise.resolve();
  #problem: Problem | undefined;
  readonly #starts = new Bounded<Tensors>(STARTS_BYTES, (tensors) =>
    Object.values(tensors).reduce((sum, t) => sum + t.byteLength, 0),
  );
  readonly #startIds = new WeakMap<Tensors, string>();
  /** Told once when nothing more can be kept. */
  onProblem: (problem: Problem) => void = () => {};

  constructor(readonly store: VaultStore) {}

  /** Why nothing more can be kept beyond this visit. */
  get problem(): Problem | undefined {
    return this.#problem;
  }
  /** Resolves when it is known what there is. @param again another tab may have added to it */
  ready(again = false): Promise<void> {
    if (again) this.#listing = undefined;
    this.#listing ??= this.#list();
    return this.#listing;
  }
  /** Whether this training is kept, as far as is known. */
  has(key: string): boolean {
    return this.#index.has(toldId(key)) && this.#index.has(stateId(key));
  }
  /** What was told of a training or a card. */
  async told(key: string): Promise<Told | undefined> {
    return this.#read(toldId(key), unpackTold);
  }
  async state(key: string): Promise<NetState | undefined> {
    const found = await this.#read(stateId(key), unpackState);
    if (!found) return undefined;
    const start = await this.#start(found.start);
    if (!start) await this.#drop(stateId(key));
    return start && { ...found.state, start };
  }

  /** Keeps a finished training, all of it; the first one who keeps it is right. */
  save(key: string, { state, rows, history }: Trained, measured: Measured): Promise<void> {
    return this.#save(toldId(key), () => {
      const [id, start] = this.#packedStart(state.start);
      return [
        ...(start ? [start] : []),
        { id: stateId(key), bytes: packState(state, id) },
        { id: toldId(key), bytes: packTold({ rows, history, measured }) },
      ];
    });
  }
  /** The same of a card without training. */
  saveCard(key: string, measured: Measured): Promise<void> {
    return this.#save(toldId(key), () => [{ id: toldId(key), bytes: packTold({ rows: [], measured }) }]);
  }
  /** Resolves when all that was given is kept. */
  async flushed(): Promise<void> {
    await this.#saving;
  }
  async forget(key: string): Promise<void> {
    await this.#drop(toldId(key), stateId(key));
  }
  async clear(): Promise<void> {
    await this.flushed();
    await this.#memory.clear();
    this.#index.clear();
    this.#problem = undefined;
    await this.store.clear();
  }
  async usage(): Promise<StudyStorage> {
    await this.ready(true);
    const entries = [...this.#index.keys()].filter((id) => id.startsWith(stateId(''))).length;
    const bytes = [...this.#index.values()].reduce((a, b) => a + b, 0);
    return { entries, bytes, ...(this.#problem && { problem: this.#problem }) };
  }

  async #list(): Promise<void> {
    try {
      const found = [...(await inTime(this.store.list())), ...(await this.#memory.list())];
      this.#index = new Map(found.map(({ id, bytes }) => [id, bytes]));
    } catch (error) {
      this.#failed(error);
      this.#index = new Map((await this.#memory.list()).map(({ id, bytes }) => [id, bytes]));
    }
  }
  async #read<T>(id: string, unpack: (bytes: Uint8Array) => T): Promise<T | undefined> {
    if (!this.#index.has(id)) return undefined;
    try {
      const bytes = (await this.#memory.load(id)) ?? (await inTime(this.store.load(id)));
      if (bytes) return unpack(bytes);
    } catch {
      // Damaged, or of another version.
    }
    await this.#drop(id);
    return undefined;
  }
  async #start(id: string): Promise<Tensors | undefined> {
    const known = this.#starts.get(id);
    const start = known ?? (await this.#read(`start ${id}`, unpackStart));
    if (start && !known) this.#known(id, start);
    return start;
  }
  #packedStart(start: Tensors): [id: string, entry?: VaultEntry] {
    const known = this.#startIds.get(start);
    if (known && this.#index.has(`start ${known}`)) return [known];
    const bytes = packStart(start);
    const id = startId(bytes);
    this.#known(id, start);
    return [id, { id: `start ${id}`, bytes }];
  }
  #known(id: string, start: Tensors): void {
    this.#starts.set(id, start);
    this.#startIds.set(start, id);
  }

  async #drop(...ids: string[]): Promise<void> {
    for (const id of ids) this.#index.delete(id);
    await this.#memory.remove(ids);
    // What cannot be removed is refused again the next time.
    await inTime(this.store.remove(ids)).catch(() => {});
  }
  #save(id: string, entries: () => VaultEntry[]): Promise<void> {
    const saved = this.#saving.then(async () => {
      if (this.#index.has(id)) return;
      const fresh = entries();
      await this.#keep(fresh);
      for (const { id: name, bytes } of fresh) this.#index.set(name, bytes.byteLength);
    });
    this.#saving = saved.catch(() => {});
    return saved;
  }
  /** Once something could not be kept, all that follows stays in memory. */
  async #keep(entries: readonly VaultEntry[]): Promise<void> {
    try {
      if (!this.#problem) return await inTime(this.store.keep(entries));
    } catch (error) {
      this.#failed(error);
    }
    await this.#memory.keep(entries);
  }
  #failed(error: unknown): void {
    if (this.#problem) return;
    this.#problem = storageProblem(error);
    this.onProblem(this.#problem);
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it does not answer')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function storageProblem(error: unknown): Problem {
  const reason = messageOf(error);
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return {
    code: full ? 'study.full' : 'study.storage',
    path: '',
    message: `${full ? 'storage is full' : `this browser keeps nothing (${reason})`}: what is computed from now on is gone when the page is closed; export it before`,
    values: { reason },
  };
}
