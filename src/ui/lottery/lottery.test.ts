import { describe, expect, it } from 'vitest';
import { i18n } from '../../i18n';
import { defaultStudy, studyTable } from '../../studies';
import { kinds } from '../../studies/registry';
import type { Finding } from '../../studies/types';
import { sayFinding, sayPoint } from './Findings';
import { atShown, factsOf, roundShown } from './facts';
import { settingsOf } from './settings';
import { madeUpRows } from './testing/rows';
import { armName, kindName, partName } from './words';

const t = i18n.getFixedT('en', 'lottery');
const finding: Finding = {
  ...{ verdict: 'ahead', a: 'ticket', b: 'reinit', round: 3, remaining: 0.512, at: 'stop' },
  ...{ meanA: 0.9812, meanB: 0.9711, difference: { mean: 0.0101, min: 0.009, max: 0.011 } },
  ...{ seeds: 5, ahead: 5 },
};

describe('settings of a kind', () => {
  it.each(kinds.map((k) => k.id))('%s: every parameter has one place', (id) => {
    const table = studyTable(defaultStudy(id));
    const { plain, arms, folded } = settingsOf(table);
    const places = [
      ...Object.keys(plain),
      ...Object.keys(folded),
      ...arms.flatMap((a) => [a.name, ...Object.keys(a.more)]),
    ];
    expect(places.sort()).toEqual(Object.keys(table).sort());
  });
  it('rounds, rate and steps are in plain sight, what an arm alone has is with its arm', () => {
    const { plain, arms, folded } = settingsOf(studyTable(defaultStudy('tickets')));
    expect(Object.keys(plain)).toEqual(['rounds', 'rate', 'steps']);
    expect(Object.keys(folded)).toContain('lr');
    expect(Object.keys(arms.find((a) => a.name === 'late')?.more ?? {})).toEqual(['rewind']);
  });
});

describe('findings in words', () => {
  it('say by how much, with the spread over seeds, and in how many of them', () => {
    expect(sayPoint(t, finding)).toContain('98.12\u202f%');
    const said = sayFinding(t, finding);
    expect(said).toContain(
      'ahead of Random re-initialisation (97.11\u202f%) by 1.01 points (+0.90 to +1.10)',
    );
    expect(said).toContain('5 of 5 seeds');
    const behind = sayFinding(t, {
      ...finding,
      ...{ verdict: 'behind', ahead: 0, difference: { mean: -0.0101, min: -0.011, max: -0.009 } },
    });
    expect(behind).toContain('by 1.01 points');
    expect(behind).toContain('5 of 5 seeds');
  });
  it('one seed makes no claim, whatever the difference', () => {
    const said = sayFinding(t, { ...finding, seeds: 1, ahead: 1 });
    expect(said).not.toMatch(/ahead|points/);
    expect(said).toContain('97.11');
  });
});

describe('facts of rows', () => {
  const study = { ...defaultStudy(), with: { rounds: 3, shuffle: true }, replicates: 2 };
  const rows = madeUpRows(study);
  it('are computed once per rows and study', () => {
    expect(factsOf(study, rows)).toBe(factsOf({ ...study }, rows));
    expect(factsOf({ ...study, replicates: 1 }, rows)).not.toBe(factsOf(study, rows));
  });
  it('give every arm at every round, the last round first looked at', () => {
    const facts = factsOf(study, rows);
    expect(facts.series.map((s) => s.id)).toEqual(['ticket', 'reinit', 'shuffle']);
    expect(facts.rounds.map((r) => r.round)).toEqual([0, 1, 2, 3]);
    expect([roundShown(facts, undefined), roundShown(facts, 2), roundShown(facts, 9)]).toEqual([3, 2, 3]);
    expect(facts.findings.map((f) => f.b)).toEqual(['reinit', 'shuffle']);
  });
  it('what does not stop early shows its end', () => {
    const facts = factsOf(study, rows);
    expect([atShown(facts, 'stop'), atShown(facts, 'end')]).toEqual(['stop', 'end']);
    const ends = rows.filter((r) => r.metric !== 'stop.accuracy');
    expect(atShown(factsOf(study, ends), 'stop')).toBe('end');
  });
});

it('names: arms of parts, kinds, parts of rates; what is not known keeps its id', () => {
  expect(armName(t, 'adam-0.0012/ticket')).toBe(armName(t, 'ticket'));
  expect(armName(t, 'houdini')).toBe('houdini');
  expect(kinds.map((k) => kindName(t, k.id))).not.toContain(undefined);
  for (const { id } of kinds) expect(kindName(t, id)).not.toBe(id);
  expect(partName(t, 'adam-0.0012')).toContain('0.0012');
  expect(partName(t, 'main')).toBe('main');
});
