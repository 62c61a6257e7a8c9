/** Studies that are cut off at any moment: they end with the numbers of one that was not, and do nothing twice. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Crew } from '../crew/crew';
import { holdTiny } from '../crew/testing/tiny';
import { MemoryStore } from '../vault/memory';
import type { VaultEntry, VaultStore } from '../vault/types';
import type { StudyLock } from './desk';
import { openStudies, rowKey, tinyParts } from './testing/studies';

const DATA = 'own-00000000da7b';
beforeAll(() => holdTiny(DATA));
const parts = tinyParts(DATA);
const sorted = (studies: ReturnType<typeof openStudies>) => studies.rows().map(rowKey).sort();
const whole = async () => {
  const studies = openStudies();
  await studies.run(parts);
  expect(studies.ends()).toEqual(['done']);
  return sorted(studies);
};

/** As seen by one visit: from the moment the plug is pulled nothing is written any more, and nothing answers. */
class Plugged implements VaultStore {
  dead = false;
  constructor(
    readonly store: MemoryStore,
    readonly moment: () => void,
    readonly again: string[],
  ) {}
  #alive<T>(work: () => Promise<T>): Promise<T> {
    return this.dead ? new Promise(() => {}) : work();
  }
  list = () => this.#alive(() => this.store.list());
  load = (id: string) => this.#alive(() => this.store.load(id));
  remove = (ids: readonly string[]) => this.#alive(() => this.store.remove(ids));
  clear = () => this.#alive(() => this.store.clear());
  async keep(entries: readonly VaultEntry[]) {
    this.moment();
    await this.#alive(async () => {
      for (const { id } of entries)
        if (id.startsWith('state') && (await this.store.load(id))) this.again.push(id);
      await this.store.keep(entries);
    });
    this.moment();
  }
}

describe('a study that is cut off', () => {
  it('at ten moments gives the same rows in the end, and trains nothing twice that was finished', {
    timeout: 120_000,
  }, async () => {
    const expected = await whole();
    const store = new MemoryStore();
    const again: string[] = [];
    let seed = 7;
    const draw = (n: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return 1 + Math.floor((seed / 2 ** 32) * n);
    };
    let cuts = 0;
    for (;;) {
      let left = cuts < 10 ? draw(5) : Number.POSITIVE_INFINITY;
      let cut = () => {};
      const off = new Promise<'cut'>((resolve) => {
        cut = () => resolve('cut');
      });
      const plugged = new Plugged(
        store,
        () => {
          if (--left > 0 || plugged.dead) return;
          plugged.dead = true;
          cut();
        },
        again,
      );
      const studies = openStudies({ store: plugged });
      const { train } = Crew.prototype;
      Crew.prototype.train = async function (this: Crew, order) {
        plugged.moment();
        return train.call(this, order);
      };
      const end = await Promise.race([studies.run(parts).then(() => 'end'), off]);
      Crew.prototype.train = train;
      if (end === 'end') {
        expect(studies.ends()).toEqual(['done']);
        expect(sorted(studies)).toEqual(expected);
        break;
      }
      cuts++;
      // Nobody waits for it: it has no way to say goodbye.
      void studies.lab.stopStudy();
    }
    expect(cuts).toBe(10);
    expect(again).toEqual([]);
  });

  it('computes again what was damaged, and only that', async () => {
    const expected = await whole();
    const store = new MemoryStore();
    await openStudies({ store }).run(parts);
    const states = (await store.list()).filter(({ id }) => id.startsWith('state'));
    const { id } = states[3];
    const bytes = (await store.load(id)) as Uint8Array;
    const told = (await store.load(id.replace('state', 'told'))) as Uint8Array;
    bytes[bytes.length >> 1] ^= 1;
    told[told.length >> 1] ^= 1;
    const next = openStudies({ store });
    await next.run(parts);
    expect(sorted(next)).toEqual(expected);
    expect(next.trained()).toBe(1);
  });
});

describe('storage that gives out', () => {
  const full = (after: number, name = 'QuotaExceededError') => {
    const store = new MemoryStore();
    const { keep } = store;
    let calls = 0;
    store.keep = async (entries) => {
      if (++calls > after) throw Object.assign(new Error('no room'), { name });
      await keep.call(store, entries);
    };
    return store;
  };
  it('is said once, and everything goes on and stays in memory', async () => {
    const expected = await whole();
    const studies = openStudies({ store: full(3) });
    await studies.run(parts);
    expect(studies.storage().map(({ code }) => code)).toEqual(['study.full']);
    expect(sorted(studies)).toEqual(expected);
    const done = studies.trained();
    studies.events.length = 0;
    await studies.run(parts);
    expect(studies.trained()).toBe(done);
    expect(sorted(studies)).toEqual(expected);
    expect((await studies.lab.results.vault.usage()).problem?.code).toBe('study.full');
  });
  it('may be forbidden from the beginning', async () => {
    const no = async () => {
      throw new Error('forbidden');
    };
    const studies = openStudies({ store: { list: no, load: no, keep: no, remove: no, clear: no } });
    await studies.run([parts[1]]);
    expect(studies.storage().map(({ code }) => code)).toEqual(['study.storage']);
    expect(studies.ends()).toEqual(['done']);
    expect((await studies.kept([parts[1]])).trainings).toEqual({ done: 4, total: 4 });
  });
});

describe('two tabs', () => {
  it('take turns, and the second finds what the first has finished', async () => {
    const store = new MemoryStore();
    let before: Promise<unknown> | undefined;
    // The first tab lets go when the third has given up, however fast the study is.
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const lock: StudyLock = async (waiting, signal, work) => {
      const earlier = before;
      if (earlier) {
        waiting();
        const given = new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('given up')));
        });
        await Promise.race([earlier, given]);
      }
      before = earlier ? work() : Promise.all([work(), held]);
      await before;
    };
    const [one, two, three] = [0, 1, 2].map(() => openStudies({ store, lock }));
    const first = one.run(parts);
    await expect.poll(() => one.statuses().length).toBeGreaterThan(0);
    const second = two.run(parts);
    const third = three.run(parts);
    await expect.poll(() => three.statuses()).toEqual(['elsewhere']);
    await three.lab.stopStudy();
    await third;
    expect(three.ends()).toEqual(['stopped']);
    letGo();
    await first;
    const trained = one.trained();
    await second;
    expect(two.statuses()).toEqual(['elsewhere', 'running']);
    expect(sorted(two)).toEqual(sorted(one));
    expect(trained).toBeGreaterThan(0);
    expect((await store.list()).filter(({ id }) => id.startsWith('state'))).toHaveLength(12);
  });
});

describe('the Lab', () => {
  it('finds what a study has finished, and forgets it where it is to be run anew', async () => {
    const store = new MemoryStore();
    await openStudies({ store }).run(parts);
    const other = openStudies({ store });
    await other.run([]);
    const { experiment } = parts[1];
    const crew = Crew.prototype.train;
    let trained = 0;
    Crew.prototype.train = async function (this: Crew, order) {
      trained++;
      return crew.call(this, order);
    };
    const end = await other.lab.run(experiment);
    expect([trained, end?.trainings]).toEqual([0, 2]);
    other.lab.forget(experiment, 'recipe.2');
    await other.lab.run(experiment);
    expect(trained).toBe(2);
    Crew.prototype.train = crew;
  });
});
