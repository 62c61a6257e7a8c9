/** The crew with hands on this thread that can be made to die, hang or never come up. */
import { describe, expect, it } from 'vitest';
import { Cancelled, type Problem, WinnowError } from '../../spec/problem';
import { openBackend } from '../device';
import type { BareRow, Unfinished } from '../results';
import { Crew, type CrewOptions } from './crew';
import { makeHand } from './hand';
import { localHire } from './local';
import { order, tinyData, values } from './testing/tiny';
import type { Hand, HandApi, Order } from './types';

interface Fake extends Hand {
  die(reason: string): void;
  dismissed: boolean;
}
/** A crew of `cores` hands that pretend to be threads; `bend` changes the n-th one hired. */
async function openCrew(
  cores: number,
  more: Partial<CrewOptions> & { bend?: (api: HandApi, n: number) => HandApi } = {},
) {
  const backend = await openBackend('reference');
  const hands: Fake[] = [];
  const problems: Problem[] = [];
  const { bend = (api: HandApi) => api, ...options } = more;
  const hire = (onGone: (reason: string) => void): Hand => {
    const api = bend(makeHand(), hands.length);
    const hand: Fake = {
      api,
      thread: true,
      dismissed: false,
      dismiss: () => {
        hand.dismissed = true;
      },
      die: onGone,
    };
    hands.push(hand);
    return hand;
  };
  const crew = new Crew({
    backend: 'reference',
    device: backend.device,
    staff: { cores, bytes: 1e9, hire },
    local: localHire(backend),
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { crew, hands, problems };
}
const alone = async () => (await openCrew(1, { staff: undefined })).crew;
/** What a training gives: tensors and rows; and the rows it told on its way. */
async function outcome(crew: Crew, wanted: Order) {
  const told: BareRow[] = [];
  const { state, rows } = await crew.train({ ...wanted, onRows: (more) => told.push(...more) });
  expect(told).toEqual(rows);
  return { state, rows };
}
const until = (holds: () => boolean) => expect.poll(holds, { timeout: 20_000, interval: 1 }).toBe(true);

describe('Crew', () => {
  it('gives the same whatever its size', async () => {
    const ranks = [0, 1, 2, 3, 4];
    const expected = [];
    for (const rank of ranks) expected.push(await outcome(await alone(), order(rank)));
    for (const cores of [1, 2, 3]) {
      const { crew, hands } = await openCrew(cores);
      expect(await Promise.all(ranks.map((rank) => outcome(crew, order(rank))))).toEqual(expected);
      expect(hands).toHaveLength(cores);
    }
    expect(expected[0].state).toMatchObject({ trainings: 1, steps: 60, start: order(0).state.start });
    expect(expected[0].rows.filter((r) => r.metric === 'val.loss').map((r) => r.step)).toEqual([
      0, 20, 40, 60,
    ]);
  });

  it('trains what comes first in the recipe first, on as many hands as there is memory for', async () => {
    const { crew } = await openCrew(2);
    const begun: number[] = [];
    const all = [3, 1, 0, 2].map((rank) => crew.train(order(rank, { onBegin: () => begun.push(rank) })));
    await Promise.all(all);
    // Two hands take the first two at once; of those that wait, the lowest goes first.
    expect(begun).toEqual([3, 1, 0, 2]);
    const data = tinyData();
    const { arch } = order(0).state;
    const small = await openCrew(8, { staff: { cores: 8, bytes: 60e6, hire: () => ({}) as Hand } });
    expect(small.crew.width(arch, data)).toBe(2);
    expect((await alone()).width(arch, data)).toBe(1);
  });

  it('copies images to hands that do not share memory, as they arrive; shares them otherwise', async () => {
    let arrived = () => {};
    const complete = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const sent: Parameters<HandApi['more']>[0][] = [];
    const heads: Parameters<HandApi['data']>[0][] = [];
    const spy = (api: HandApi): HandApi => ({
      ...api,
      data(splits) {
        heads.push(splits);
        return api.data(splits);
      },
      more(part) {
        sent.push(part);
        return api.more(part);
      },
    });
    const { crew } = await openCrew(1, { bend: spy });
    const data = { ...tinyData(), complete };
    data.train.count = 40;
    const steps: number[] = [];
    const training = outcome(crew, order(0, { data, onProgress: (step) => steps.push(step) }));
    await until(() => sent.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    // The very first batch has an image among those that are missing.
    expect(steps).toEqual([]);
    data.train.count = 300;
    crew.fed(data);
    arrived();
    const expected = await outcome(await alone(), order(0));
    expect(await training).toEqual(expected);
    expect(heads[0].train.memory).toBeUndefined();
    expect(sent.map((p) => [p.split, p.from, p.count, p.bytes?.pixels.length])).toEqual([
      ['train', 0, 40, 640],
      ['val', 0, 60, 960],
      ['train', 40, 300, 4160],
    ]);
    const shared = tinyData((n) => new Uint8Array(new SharedArrayBuffer(n)));
    expect(await outcome(crew, order(0, { data: shared }))).toEqual(expected);
    expect(heads[1].train.memory?.pixels).toBe(shared.train.pixels);
    expect(sent.slice(3).map((p) => p.bytes)).toEqual([undefined, undefined]);
  });

  it('begins a training again where its hand died, and tells no row twice', async () => {
    const { crew, hands, problems } = await openCrew(2);
    const expected = await outcome(await alone(), order(1));
    let killed = 0;
    const die = (step: number) => {
      if (step < 20 || killed === 3) return;
      killed++;
      hands.at(-1)!.die('out of memory');
    };
    const told: BareRow[] = [];
    const result = crew.train(order(1, { onProgress: die, onRows: (rows) => told.push(...rows) }));
    expect((await result).state).toEqual(expected.state);
    expect(told).toEqual(expected.rows);
    // Two threads, then the hand inside the lab, which nobody can kill.
    expect(hands.map((hand) => hand.dismissed)).toEqual([true, true]);
    expect(problems.map((p) => [p.code, p.path, p.values?.thread])).toEqual([
      ['crew.lost', 'recipe.1', 1],
      ['crew.lost', 'recipe.1', 2],
    ]);
  });

  it('begins again from what was kept last', async () => {
    const { crew, hands } = await openCrew(1, { keepMs: 0 });
    const steps: number[] = [];
    const wanted = order(1, {
      values: values({ steps: 200 }),
      onProgress(step) {
        steps.push(step);
        if (step === 100) hands[0].die('gone');
      },
    });
    const expected = await outcome(await alone(), order(1, { values: values({ steps: 200 }) }));
    expect(await outcome(crew, wanted)).toEqual(expected);
    expect(hands).toHaveLength(2);
    const later = steps.slice(steps.indexOf(100) + 1);
    expect(Math.min(...later)).toBeGreaterThan(20);
  });

  it('loses nothing of the others when a hand dies', async () => {
    const { crew, hands } = await openCrew(2);
    const expected = [];
    for (const rank of [0, 1, 2]) expected.push(await outcome(await alone(), order(rank)));
    const die = (step: number) => step >= 20 && hands.length === 2 && hands[0].die('gone');
    const all = [0, 1, 2].map((rank) => outcome(crew, order(rank, rank ? {} : { onProgress: die })));
    expect(await Promise.all(all)).toEqual(expected);
    expect(hands).toHaveLength(3);
  });

  it.each([
    ['cannot be had', { hire: () => expect.fail('no threads here') }],
    ['never come up', { bend: (api: HandApi) => ({ ...api, open: async () => expect.fail('no kernels') }) }],
  ])(
    'trains inside the lab where threads %s',
    async (_, { hire, bend }: { hire?(): never; bend?(api: HandApi): HandApi }) => {
      const { crew } = await openCrew(2, {
        bend,
        ...(hire && { staff: { cores: 2, bytes: 1e9, hire } }),
      });
      const expected = await outcome(await alone(), order(0));
      expect(await outcome(crew, order(0))).toEqual(expected);
      expect(crew.width(order(0).state.arch, tinyData())).toBe(1);
    },
  );

  it('stops what waits and what runs, and can go on from there with the same numbers', async () => {
    const expected = await outcome(await alone(), order(0, { values: values({ steps: 400 }) }));
    for (const stopAt of [1, 20, 399]) {
      const { crew, hands } = await openCrew(1, { patienceMs: 30_000 });
      let unfinished: Unfinished | undefined;
      const running = order(0, {
        values: values({ steps: 400 }),
        onProgress: (step) => step >= stopAt && running.control.stop(),
        onStopped: (u) => {
          unfinished = u;
        },
      });
      const waiting = order(1, { control: running.control });
      const ends = await Promise.allSettled([crew.train(running), crew.train(waiting)]);
      for (const end of ends)
        expect(end).toMatchObject({ status: 'rejected', reason: expect.any(Cancelled) });
      expect(unfinished?.step).toBeGreaterThanOrEqual(stopAt);
      expect(crew.size).toBe(0);
      expect(hands[0].dismissed).toBe(true);
      const again = order(0, { values: values({ steps: 400 }), from: structuredClone(unfinished) });
      expect(await outcome(crew, again)).toEqual(expected);
    }
  });

  it('ends a hand that does not let go', async () => {
    const deaf = (api: HandApi): HandApi => ({ ...api, steer: () => new Promise(() => {}) });
    const { crew, hands } = await openCrew(1, { bend: deaf });
    const running = order(0, {
      values: values({ steps: 1e6 }),
      onProgress: (step) => step >= 3 && running.control.stop(),
    });
    await expect(crew.train(running)).rejects.toThrow(Cancelled);
    expect(hands[0].dismissed).toBe(true);
    await hands[0].api.close();
  });

  it('ends a hand that is still coming up or being fed when its training is stopped', async () => {
    const never = () => new Promise<never>(() => {});
    const late: ((api: HandApi) => HandApi)[] = [
      (api) => ({ ...api, open: never }),
      (api) => ({ ...api, data: never }),
    ];
    for (const bend of late) {
      const { crew, hands } = await openCrew(1, { bend });
      const running = order(0);
      const training = crew.train(running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.control.stop();
      await expect(training).rejects.toThrow(Cancelled);
      expect([crew.size, hands[0].dismissed]).toEqual([0, true]);
    }
  });

  it('waits while paused', async () => {
    const { crew } = await openCrew(1);
    let last = 0;
    const running = order(0, {
      onProgress: (step) => {
        last = step;
        if (step === 20) running.control.pause();
      },
    });
    const training = outcome(crew, running);
    await until(() => running.control.paused);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const held = last;
    expect(held).toBe(20);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(last).toBe(held);
    running.control.resume();
    expect(await training).toEqual(await outcome(await alone(), order(0)));
  });

  it('passes on what a training or its data complain of, and goes on with the next', async () => {
    const { crew } = await openCrew(1);
    const wild = values({ optimizer: 'sgd', lr: 1e30, momentum: 0.9 });
    await expect(crew.train(order(0, { values: wild }))).rejects.toMatchObject({
      problem: { code: 'diverged', path: 'recipe.0.with.lr' },
    });
    const broken = new WinnowError({ code: 'data.corrupt', path: 'data', message: 'shard 2' });
    const complete = Promise.reject(broken);
    complete.catch(() => {});
    const data = { ...tinyData(), complete };
    data.train.count = 40;
    await expect(crew.train(order(0, { data }))).rejects.toMatchObject({ problem: broken.problem });
    // What is missing is not needed here.
    const enough = { ...tinyData(), complete };
    expect(await outcome(crew, order(0, { data: enough }))).toEqual(await outcome(await alone(), order(0)));
    await outcome(crew, order(1));
  });

  it('lets idle hands go', async () => {
    const { crew, hands } = await openCrew(2, { idleMs: 20 });
    await Promise.all([crew.train(order(0)), crew.train(order(1))]);
    await until(() => crew.size === 0);
    expect(hands.map((hand) => hand.dismissed)).toEqual([true, true]);
    await outcome(crew, order(2));
    await crew.dispose();
    expect(hands[2].dismissed).toBe(true);
  });
});
