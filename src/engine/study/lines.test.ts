/** Lines of studies: measured when both ends are there, kept, and in nobody's way. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../spec/types';
import { lineAlphas } from '../../studies/line';
import { lineAt, type StudyPart } from '../../studies/types';
import { holdTiny } from '../crew/testing/tiny';
import { openStudies, rowKey } from './testing/studies';

const DATA = 'own-00000000da7a';
beforeAll(() => holdTiny(DATA));

const train = (order: number): Step => ({ do: 'train', with: { steps: 20, from: 5, batch: 8, order } });
const part = (id: string, before: Step[], to = 'recipe.1.fork.b.0'): StudyPart => ({
  id,
  experiment: {
    ...{ v: 1, data: DATA, model: 'mlp-7', seeds: { init: 3, order: 5, method: 7 }, replicates: 2 },
    recipe: [
      { do: 'train', with: { steps: 5, batch: 8 } },
      { fork: { a: [train(1)], b: [...before, train(2)] } },
    ],
  },
  line: { from: 'recipe.1.fork.a.0', to, points: 3 },
});
const plain = part('plain', []);
const places = lineAlphas(3).map(lineAt);

describe('a study with lines', () => {
  it('tells every point of every seed, and again from what is kept, without computing', async () => {
    const { run, rows, problems, ends, events, kept, trained } = openStudies();
    await run([plain]);
    expect([problems(), ends(), trained()]).toEqual([[], ['done'], 6]);
    const line = rows().filter(({ at }) => at.includes('?'));
    expect(line.map(({ replicate, at, metric }) => `${replicate} ${at} ${metric}`).sort()).toEqual(
      [0, 1]
        .flatMap((r) =>
          places.map((at) => ['test.accuracy', 'val.accuracy', 'val.loss'].map((m) => `${r} ${at} ${m}`)),
        )
        .flat()
        .sort(),
    );
    expect(new Set(line.map(({ exp }) => exp))).toEqual(new Set(rows().map(({ exp }) => exp)));
    // Its ends are the two copies, which are not one network.
    const last = (at: string) =>
      rows().findLast((r) => r.at === at && r.replicate === 1 && r.metric === 'val.loss');
    const [a, b] = ['recipe.1.fork.a.0', 'recipe.1.fork.b.0'].map((at) => last(at)?.value);
    expect([last(places[0])?.value, last(places[2])?.value]).toEqual([a, b]);
    expect(a).not.toBe(b);
    const before = rows().map(rowKey).sort();
    expect((await kept([plain])).rows.map(rowKey).sort()).toEqual(before);
    events.length = 0;
    await run([plain]);
    expect([rows().map(rowKey).sort(), trained()]).toEqual([before, 6]);
  });

  it('says which line cannot be, and measures the others', async () => {
    const { run, rows, problems } = openStudies();
    const pruned = part('pruned', [{ do: 'prune', with: { sparsity: 0.5 } }], 'recipe.1.fork.b.1');
    await run([pruned, plain]);
    expect(problems().map(({ code, values }) => [code, values?.part, values?.name])).toEqual([
      ['line.differ', 'pruned', 'fc1/kernel'],
    ]);
    expect(rows().filter(({ at }) => at.includes('?'))).toHaveLength(2 * 3 * 3);
  });

  it('goes on with a line that was stopped on the way, with the same numbers', async () => {
    const whole = openStudies();
    await whole.run([plain]);
    const { run, rows, events, lab, trained, ends } = openStudies();
    const going = run([plain]);
    const some = () => rows().some(({ at }) => at === places[0]);
    await expect.poll(some, { interval: 1, timeout: 20_000 }).toBe(true);
    await lab.stopStudy();
    await going;
    const first = trained();
    expect(['stopped', 'done']).toContain(ends()[0]);
    events.length = 0;
    await run([plain]);
    expect(rows().map(rowKey).sort()).toEqual(whole.rows().map(rowKey).sort());
    expect(trained()).toBeLessThanOrEqual(6);
    expect(first).toBeGreaterThanOrEqual(3);
  });
});
