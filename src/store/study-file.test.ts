import { describe, expect, it } from 'vitest';
import type { Row } from '../spec/types';
import { defaultStudy } from '../studies';
import { readStudyFile, type StudyResult, writeStudyFile } from './study-file';

const row = (more: Partial<Row> = {}): Row => ({
  ...{ exp: '0123456789abcdef', replicate: 0, at: 'recipe.1[2].steps.1.fork.ticket.1', step: 100 },
  ...{ metric: 'test.accuracy', value: 0.97, unit: 'fraction', basis: 'measured', device: 'CPU' },
  ...more,
});
const result: StudyResult = {
  study: { ...defaultStudy(), with: { rounds: 3 }, replicates: 2 },
  rows: [row(), row({ metric: 'density', layer: 'fc1', arm: 'ticket', basis: 'computed' })],
  device: 'CPU SIMD (Chromium 156)',
  at: 1_700_000_000_000,
};
const changed = (change: (document: Record<string, unknown>) => void) => {
  const document = JSON.parse(writeStudyFile(result));
  change(document);
  return readStudyFile(JSON.stringify(document));
};
const refused = async (reading: ReturnType<typeof readStudyFile>) => {
  const read = await reading;
  return 'problems' in read ? read.problems.map((p) => `${p.path}: ${p.message}`) : [];
};

describe('results of a study in a file', () => {
  it('come back as they were', async () => {
    expect(await readStudyFile(writeStudyFile(result))).toEqual({ result });
    const none = { ...result, rows: [] };
    expect(await readStudyFile(writeStudyFile(none))).toEqual({ result: none });
  });

  it('are refused field by field', async () => {
    const bad = await refused(
      changed((d) => {
        d.rows = [row(), { ...row(), metric: 'luck' }, { ...row(), value: 'much' }, { ...row(), extra: 1 }];
      }),
    );
    expect(bad).toHaveLength(3);
    expect(bad[0]).toMatch(/^rows\.1\.metric: .*test\.accuracy.*luck/);
    expect(bad[1]).toMatch(/^rows\.2\.value: .*must be a number/);
    expect(bad[2]).toMatch(/^rows\.3\.extra: .*unknown field/);
    expect(await refused(changed((d) => Object.assign(d.study as object, { kind: 'roulette' })))).toEqual([
      expect.stringMatching(/^study\.kind: .*tickets.*roulette/),
    ]);
    expect((await refused(changed((d) => delete d.rows)))[0]).toMatch(/^rows: /);
    expect((await refused(changed((d) => Object.assign(d, { v: 2 }))))[0]).toMatch(/newer version/);
  });

  it('anything else is refused in words and never throws', async () => {
    for (const text of ['', 'null', '[]', '{"winnow":', '{"v":1,"recipe":[]}', '"study"'])
      expect((await refused(readStudyFile(text))).length, text).toBe(1);
  });

  it('control characters do not reach the page', async () => {
    const read = await changed((d) => Object.assign(d, { device: 'a\u202eb\nc' }));
    expect('result' in read && read.result.device).toBe('a b c');
  });
});
