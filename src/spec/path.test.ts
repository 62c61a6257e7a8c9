import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armOf, cardOf, inArm, inRecipe, inRound, inSteps, inSweep, roundsOf, sweepOf } from './location';
import {
  cardAt,
  cardsAt,
  formatPath,
  insertCard,
  moveCard,
  parentOf,
  parsePath,
  removeCard,
  replaceCard,
  splitCard,
  valueAt,
  walkCards,
} from './path';
import { testCatalog } from './testing/catalog';
import { experiments } from './testing/experiments';
import type { Experiment, Step } from './types';

const [basic, rounds] = testCatalog.presets.map(({ experiment }) => experiment);
const added: Step = { do: 'rewind' };

describe('card paths', () => {
  it('are the property paths of the cards', () => {
    expect([...walkCards(rounds)].map(({ at, depth }) => [at, depth])).toEqual([
      ['recipe.0', 0],
      ['recipe.1', 0],
      ['recipe.1.steps.0', 1],
      ['recipe.1.steps.1', 1],
      ['recipe.1.steps.1.fork.ticket.0', 2],
      ['recipe.1.steps.1.fork.ticket.1', 2],
      ['recipe.1.steps.1.fork.control.0', 2],
    ]);
  });

  it('lead back to the card, its list and its parent', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        for (const { at, step, list, index, depth } of walkCards(experiment)) {
          expect(cardAt(experiment, at)).toBe(step);
          expect(valueAt(experiment, at)).toBe(step);
          expect(splitCard(at)).toEqual({ list, index });
          expect(cardsAt(experiment, list)?.[index]).toBe(step);
          expect(formatPath(parsePath(at))).toBe(at);
          expect(parentOf(at) === undefined).toBe(depth === 0);
        }
      }),
    );
    expect(parentOf('recipe.1.steps.1.fork.ticket.0')).toBe('recipe.1.steps.1');
  });

  it.each([
    '',
    'recipe',
    'recipe.9',
    'recipe.-1',
    'recipe.1.with',
    'recipe.0.steps.0',
    'seeds.init',
    'recipe.1.fork.constructor.0',
  ])('find nothing at %j', (at) => {
    expect(cardAt(rounds, at)).toBeUndefined();
    expect(replaceCard(rounds, at, added)).toBe(rounds);
    expect(removeCard(rounds, at).experiment).toBe(rounds);
  });

  it('know which cards are off because of what is around them', () => {
    const experiment: Experiment = { ...basic, recipe: [{ repeat: 2, steps: [{ do: 'train' }], off: true }] };
    expect([...walkCards(experiment)].map(({ off }) => off)).toEqual([true, true]);
  });
});

describe('edits', () => {
  it('replace one card and share the rest', () => {
    const at = 'recipe.1.steps.1.fork.ticket.0';
    const next = replaceCard(rounds, at, { do: 'train' });
    expect(cardAt(next, at)).toEqual({ do: 'train' });
    expect(next.recipe[0]).toBe(rounds.recipe[0]);
    expect(cardAt(next, 'recipe.1.steps.0')).toBe(cardAt(rounds, 'recipe.1.steps.0'));
    expect(cardAt(rounds, at)).toEqual({ do: 'rewind' });
    expect(Object.keys((cardAt(next, 'recipe.1.steps.1') as { fork: object }).fork)).toEqual([
      'ticket',
      'control',
    ]);
  });

  it('tell where every card went', () => {
    fc.assert(
      fc.property(
        experiments(testCatalog),
        fc.nat(),
        fc.constantFrom('remove', 'insert', 'up', 'down'),
        (e, pick, what) => {
          const cards = [...walkCards(e)];
          if (!cards.length) return;
          const { at } = cards[pick % cards.length];
          const edit = {
            remove: () => removeCard(e, at),
            insert: () => insertCard(e, at, added),
            up: () => moveCard(e, at, -1),
            down: () => moveCard(e, at, 1),
          }[what]();
          const places = new Set<string>();
          for (const card of cards) {
            const now = edit.moved(card.at);
            if (now === undefined) {
              expect(what === 'remove' && (card.at === at || card.at.startsWith(`${at}.`))).toBe(true);
              continue;
            }
            expect(places.has(now)).toBe(false);
            places.add(now);
            const inside = at.startsWith(`${card.at}.`);
            if (inside) expect(Object.keys(cardAt(edit.experiment, now)!)).toEqual(Object.keys(card.step));
            else expect(cardAt(edit.experiment, now)).toBe(card.step);
          }
          const left = [...walkCards(edit.experiment)].length;
          expect(left).toBe(places.size + (what === 'insert' ? 1 : 0));
        },
      ),
    );
  });

  it('take the sweep along, or away with its card', () => {
    expect(moveCard(basic, 'recipe.1', -1).experiment.sweep?.at).toBe('recipe.0');
    expect(insertCard(basic, 'recipe.0', added).experiment.sweep?.at).toBe('recipe.2');
    expect(removeCard(basic, 'recipe.0').experiment.sweep?.at).toBe('recipe.0');
    expect(removeCard(basic, 'recipe.1').experiment.sweep).toBeUndefined();
  });

  it('append at the end of a list, empty ones too', () => {
    expect(insertCard(basic, 'recipe.3', added).experiment.recipe[3]).toBe(added);
    expect(insertCard(basic, 'recipe.4', added).experiment).toBe(basic);
    const empty: Experiment = { ...basic, recipe: [{ fork: { a: [] } }], sweep: undefined };
    expect(insertCard(empty, 'recipe.0.fork.a.0', added).experiment.recipe).toEqual([
      { fork: { a: [added] } },
    ]);
  });

  it('stop at the ends of a list', () => {
    expect(moveCard(basic, 'recipe.0', -1).experiment).toBe(basic);
    expect(moveCard(basic, 'recipe.2', 1).experiment).toBe(basic);
  });
});

describe('locations', () => {
  const repeat = inRecipe(1);
  const ticket = inArm(inSteps(inRound(repeat, 3), 1), 'ticket', 0);

  it('are written as rows have them', () => {
    expect(inSteps(inRound(repeat, 3), 0)).toBe('recipe.1[3].steps.0');
    expect(ticket).toBe('recipe.1[3].steps.1.fork.ticket.0');
    expect(inSweep(repeat, 'sparsity', 0.9)).toBe('recipe.1?sparsity=0.9');
  });

  it('lead back to the card, the rounds, the arm and the swept value', () => {
    const swept = inSweep(ticket, 'lr', 1e-7);
    expect(cardOf(swept)).toBe('recipe.1.steps.1.fork.ticket.0');
    expect(cardAt(rounds, cardOf(swept))).toEqual({ do: 'rewind' });
    expect(roundsOf(inSteps(inRound(ticket, 12), 0))).toEqual([3, 12]);
    expect(armOf(swept)).toBe('ticket');
    expect(sweepOf(swept)).toEqual({ param: 'lr', value: 1e-7 });
    expect([roundsOf('recipe.0'), armOf('recipe.0'), sweepOf('recipe.0')]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });
});
