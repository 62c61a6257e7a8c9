import { describe, expect, it } from 'vitest';
import { i18n } from '../../i18n';
import { defaultStudy } from '../../studies';
import { armSpots } from '../../studies/spots';
import type { ArmPoint, ArmSeries, Band, Study } from '../../studies/types';
import { accuracyScale, remainingScale } from '../charts/scales';
import { hasStop, kindsOf, shownOf, smallsOf } from './deconstruct';
import { deconstructed, smallName } from './deconstruct-words';
import { gridOf, linesOf } from './grid';
import { smallsTable } from './small-table';

const study = (kind: string, values: Study['with'] = {}): Study => ({ ...defaultStudy(kind), with: values });
const band = (mean: number): Band => ({ mean, min: mean, max: mean, each: new Map([[0, [mean]]]) });
const point = (round: number, end: number, stop?: number): ArmPoint => ({
  ...{ round, remaining: 0.7 ** round, end: band(end), censored: 0, at: [] },
  ...(stop !== undefined && { stop: band(stop) }),
});
const KINDS = ['criteria', 'signs', 'mask-zero'];

describe('small charts', () => {
  it('one per criterion, with all that the study does with its mask', () => {
    const smalls = smallsOf(study('criteria', { retrain: true }), []);
    expect(smalls).toHaveLength(13);
    expect(smalls[0].id).toBe('magnitude');
    for (const { id, lines } of smalls) {
      expect(lines.map((l) => l.id)).toEqual(
        ['masked', 'init', 'constant', 'retrain'].map((line) => `${id}/${line}`),
      );
    }
    expect(kindsOf(smallsOf(study('criteria', { constant: false }), []))).toEqual(['masked', 'init']);
  });
  it('one per values, with the ticket, own signs and those of the start', () => {
    const smalls = smallsOf(study('signs'), []);
    expect(smalls.map((s) => [s.id, ...s.lines.map((l) => l.id)])).toEqual([
      ['redraw', 'ticket', 'redraw', 'redraw-sign'],
      ['reshuffle', 'ticket', 'reshuffle', 'reshuffle-sign'],
      ['constant', 'ticket', 'constant', 'constant-sign'],
    ]);
  });
  it('one per action, each against zero', () => {
    const smalls = smallsOf(study('mask-zero'), []);
    expect(smalls.map((s) => s.lines.map((l) => l.kind))).toEqual(Array(3).fill(['zero', 'held']));
  });
  it.each(KINDS)('every arm of %s is in one of them, and has a name of its own', (kind) => {
    const arms = armSpots(study(kind, kind === 'criteria' ? { retrain: true } : {})).map(({ arm }) => arm);
    const smalls = smallsOf(study(kind, kind === 'criteria' ? { retrain: true } : {}), []);
    const drawn = smalls.flatMap(({ lines }) => lines.map(({ id }) => id));
    expect(new Set(drawn)).toEqual(new Set(arms));
    const names = arms.filter((arm) => arm !== 'ticket').map((arm) => deconstructed(arm));
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
    for (const { id } of smalls) expect(smallName(kind, id)).not.toBe(id);
  });
  it('arms of other studies are none of theirs', () => {
    for (const arm of ['late', 'reinit', 'adam-0.0012/ticket', 'dense'])
      expect(deconstructed(arm)).toBeUndefined();
  });
});

describe('what is drawn', () => {
  const series: ArmSeries[] = [
    { id: 'magnitude/masked', points: [point(0, 0.97, 0.98), point(1, 0.95)] },
    { id: 'magnitude/retrain', points: [point(1, 0.96, 0.99)] },
  ];
  const smalls = smallsOf(study('criteria', { retrain: true }), series);
  const values = (at: 'stop' | 'end') => shownOf(smalls, at).map((s) => [s.line.kind, s.band.mean]);
  it('is the accuracy that was asked for of what trains, and the end of what does not', () => {
    expect(values('stop')).toEqual([
      ['masked', 0.97],
      ['masked', 0.95],
      ['retrain', 0.99],
    ]);
    expect(values('end').at(-1)).toEqual(['retrain', 0.96]);
    expect(hasStop(smalls)).toBe(true);
    expect(hasStop(smallsOf(study('criteria'), series.slice(0, 1)))).toBe(false);
  });
  it('is in the table, one row a point', () => {
    const shown = shownOf(smalls, 'end');
    const table = smallsTable(i18n.getFixedT('en', 'lottery'), 'criterion', 'criteria', shown);
    expect(table.rows).toHaveLength(shown.length);
    expect(table.rows[1]).toMatchObject({
      round: 1,
      weights_remaining: 0.7,
      test_accuracy_mean: 0.95,
      seeds: 1,
    });
    const keys = table.columns.map((c) => c.key);
    for (const row of table.rows) expect(Object.keys(row)).toEqual(keys);
  });
});

describe('the grid', () => {
  const scales = { x: remainingScale([1, 0.1]), y: accuracyScale([0.1, 0.98]) };
  it.each([320, 390, 640, 840, 1400])('%i wide: nothing overlaps or sticks out', (width) => {
    for (const count of [1, 3, 5, 9, 13]) {
      const names = Array.from({ length: count }, (_, i) => `${i} magnitude increase, other sign`);
      const { cells, height } = gridOf(names, width, scales);
      expect(cells).toHaveLength(count);
      for (const [i, { plane: a }] of cells.entries()) {
        expect(a.right - a.left).toBeGreaterThan(100);
        expect(a.left).toBeGreaterThan(0);
        expect(a.right).toBeLessThanOrEqual(width);
        expect(a.bottom).toBeLessThan(height - 30);
        for (const { plane: b } of cells.slice(i + 1)) {
          expect(a.right < b.left || a.bottom < b.top || b.right < a.left).toBe(true);
        }
      }
      expect(cells[0].first).toBe(true);
      // Each column ends in a cell that says its weights.
      const lefts = new Set(cells.map(({ plane }) => plane.left));
      expect(cells.filter(({ lowest }) => lowest)).toHaveLength(lefts.size);
    }
  });
});

describe('names of small charts', () => {
  it('stay on one line where they fit, and break between words where they do not', () => {
    expect(linesOf('Movement', 150)).toEqual(['Movement']);
    expect(linesOf('Magnitude increase, other sign', 140)).toEqual(['Magnitude increase,', 'other sign']);
    expect(linesOf('最终值大，同号', 150)).toEqual(['最终值大，同号']);
  });
});
