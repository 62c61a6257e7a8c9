/** Every criterion that a file in this folder declares. */
import { describe, expect, it } from 'vitest';
import { words } from '../../i18n/words';
import { prune } from '../prune';
import { checkPruning, checkReference, checkScores, checkWords } from '../testing/criterion';
import { criteria, criterionIds } from './registry';

it('ids are unique, magnitude is the first, and all are in the menu under their own names', () => {
  expect(new Set(criterionIds).size).toBe(criteria.length);
  expect(criterionIds[0]).toBe('magnitude');
  expect(prune.params.criterion.options).toEqual(criterionIds);
  for (const { id, words: own } of criteria) expect(words.option(id)).toBe(own.en.name);
});

describe.each(criteria.map((c) => [c.id, c] as const))('%s', (_, criterion) => {
  it('has words in both languages, a formula that KaTeX can set and a citation', () => checkWords(criterion));
  it('gives one finite score per weight, the same every time, from what it says it needs', () =>
    checkScores(criterion));
  it('scores as its plain reference does', () => checkReference(criterion));
  it('has a plain reference, unless it draws', () => {
    expect(criterion.reference !== undefined || criterion.id === 'random').toBe(true);
  });
  it('prunes exactly what is asked for, nothing at 0, and never brings anything back', () =>
    checkPruning(criterion));
});
