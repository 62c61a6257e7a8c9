/** Studies in the lab: parts together, what is shared trained once, and who gives way to whom. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { StudyPart } from '../../studies/types';
import { holdTiny } from '../crew/testing/tiny';
import { openStudies, rowKey, tinyParts } from './testing/studies';

const DATA = 'own-00000000da7a';
beforeAll(() => holdTiny(DATA));
const parts = tinyParts(DATA);

describe('a study', () => {
  it('gives the rows that its parts give one by one, and trains what they share once', async () => {
    const whole = openStudies();
    await whole.run(parts);
    expect(whole.problems()).toEqual([]);
    expect(whole.ends()).toEqual(['done']);
    const each = new Map<string, ReturnType<typeof whole.rows>>();
    for (const part of parts) {
      const one = openStudies();
      await one.run([part]);
      each.set(part.id, one.rows());
    }
    const sum = parts.flatMap(({ id }) => each.get(id) ?? []);
    expect(whole.rows().map(rowKey).sort()).toEqual(sum.map(rowKey).sort());
    const { trainings, done, total } = whole.progress().at(-1)!;
    expect(trainings).toEqual({ done: whole.trained(), total: whole.trained() });
    expect(done).toBe(total);
    // The first training of each seed is in both parts.
    expect(whole.trained()).toBe(2 * (1 + 2 * 2 + 1));
  });

  it('tells what is kept at once, without computing', async () => {
    const { run, rows, events, kept, trained } = openStudies();
    expect(await kept(parts)).toEqual({ rows: [], trainings: { done: 0, total: 12 } });
    await run(parts);
    const before = [rows().map(rowKey).sort(), trained()];
    expect((await kept(parts)).rows.map(rowKey).sort()).toEqual(before[0]);
    expect((await kept(parts)).trainings).toEqual({ done: 12, total: 12 });
    events.length = 0;
    await run(parts);
    expect([rows().map(rowKey).sort(), trained()]).toEqual(before);
  });

  it('goes on beside a card that fails, and says so once', async () => {
    const { run, rows, problems, ends } = openStudies();
    const [main] = parts;
    const bad: StudyPart = {
      id: 'bad',
      experiment: {
        ...main.experiment,
        recipe: [main.experiment.recipe[0], { do: 'factorize' }, { do: 'rewind' }],
      },
    };
    await run([bad, main]);
    expect(problems().map(({ path, values }) => [path, values?.part])).toEqual([['recipe.2', 'bad']]);
    expect(ends()).toEqual(['done']);
    const good = openStudies();
    await good.run([main]);
    const hash = good.rows()[0].exp;
    expect(
      rows()
        .filter(({ exp }) => exp === hash)
        .map(rowKey)
        .sort(),
    ).toEqual(good.rows().map(rowKey).sort());
  });
});

describe('who gives way', () => {
  const [main] = parts;
  const long: StudyPart[] = [
    {
      id: 'long',
      experiment: {
        ...main.experiment,
        recipe: [{ do: 'train', with: { steps: 1e6, batch: 8, evalEvery: 1e5 } }],
      },
    },
  ];
  const started = async ({ progress }: ReturnType<typeof openStudies>) =>
    expect.poll(() => progress().length, { interval: 1, timeout: 20_000 }).toBeGreaterThan(0);

  it('a run of the Lab interrupts it, and refuses one that begins', async () => {
    const studies = openStudies();
    const study = studies.run(long);
    await started(studies);
    const running = studies.lab.run({
      ...main.experiment,
      recipe: [{ do: 'train', with: { steps: 1e6, batch: 8 } }],
    });
    await study;
    expect(studies.ends()).toEqual(['interrupted']);
    await studies.run(parts);
    expect(studies.problems().map(({ code }) => code)).toEqual(['study.busy']);
    await studies.lab.stop();
    await running;
  });
  it('pauses, goes on and stops', async () => {
    const studies = openStudies();
    const study = studies.run(long);
    await started(studies);
    studies.lab.pauseStudy();
    studies.lab.resumeStudy();
    await studies.lab.stopStudy();
    await study;
    expect(studies.statuses()).toEqual(['running', 'paused', 'running']);
    expect(studies.ends()).toEqual(['stopped']);
  });
  it('a newer study stops the one before', async () => {
    const studies = openStudies();
    const first = studies.run(long);
    await started(studies);
    await studies.run([main]);
    await first;
    expect(studies.ends()).toEqual(['stopped', 'done']);
  });
});
