import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStudyFile } from '../store/study-file';
import { stripStudy } from '../studies';
import { studyPresetOf } from '../studies/presets';
import { readings } from '../studies/readings';
import { armSeries } from '../studies/series';
import { rowsOf } from '../studies/testing/rows';
import { study } from '../studies/testing/studies';
import { readStudy, resultOf, seriesTable } from './study';

describe('a study on the command line', () => {
  it('is a preset, a text, a whole link, or a file of either kind', async () => {
    const quick = studyPresetOf('quick')!.study;
    const folder = await mkdtemp(join(tmpdir(), 'winnow-'));
    const [bare, saved] = [join(folder, 'a.json'), join(folder, 'b.json')];
    await writeFile(bare, JSON.stringify(quick));
    await writeFile(saved, resultOf(quick, [], 'CPU'));
    const link = 'https://example.org/#v1/lenet-mnist~lottery=quick/rounds=3';
    const read = await Promise.all(['quick', 'quick/rounds=3', link, bare, saved].map(readStudy));
    expect(read.map((s) => s.with.rounds)).toEqual([16, 3, 3, 16, 16]);
    await expect(readStudy('quick/rounds=99')).rejects.toThrow(/rounds must be in \[1, 24\]/);
    await expect(readStudy('nothing')).rejects.toThrow(/minute, quick/);
    await writeFile(bare, '{');
    await expect(readStudy(bare)).rejects.toThrow(/is not JSON/);
  });
  it('saves results that the Lottery view opens', async () => {
    const s = study({ rounds: 1 }, { replicates: 2 });
    const rows = rowsOf(s, () => ({ end: 0.9, stop: 0.91, losses: [2, 1] }));
    const read = await readStudyFile(resultOf(s, rows, 'CPU'));
    expect(read).toMatchObject({ result: { study: stripStudy(s), device: 'CPU' } });
    expect('result' in read && read.result.rows).toEqual(rows);
  });
  it('prints points, and where early stop was not reached', () => {
    const s = study({ rounds: 1 }, { replicates: 2 });
    const rows = rowsOf(s, (_, round, r) => ({ end: 0.9 + r / 100, losses: round ? [2, 1] : [1, 2] }));
    const lines = seriesTable(armSeries(readings(s, rows))).split('\n');
    expect(lines[1]).toMatch(/^ticket +0 +100\.00 % +2 +100 +90\.50 % \(90\.00 %\.\.91\.00 %\)$/);
    expect(lines[2]).toContain('200 *');
    expect(lines.at(-1)).toMatch(/^\* the lowest validation loss/);
  });
});
