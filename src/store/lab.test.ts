import { beforeEach, describe, expect, it, vi } from 'vitest';
import { paramsOf, parse, presetOf } from '../catalog';
import { cardAt, walkCards } from '../spec/path';
import type { MethodStep } from '../spec/types';
import { attach, useLab } from './lab';

const lab = () => useLab.getState();
const find = (method: string) =>
  [...walkCards(lab().experiment)].find((c) => 'do' in c.step && c.step.do === method)!.at;
const value = (at: string, name: string) => paramsOf(cardAt(lab().experiment, at) as MethodStep)[name];

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(0);
  lab().open(presetOf('lenet-mnist')!.experiment, 'lenet-mnist');
  useLab.setState({ past: [], future: [], problems: [], runs: [] });
});

describe('lab store', () => {
  it('opens with the first live card under the charts', () => {
    expect(lab().active).toBe(find('prune'));
  });
  it('makes one undo entry of a drag, however many positions it passed', () => {
    const at = find('prune');
    for (const v of [0.8, 0.7, 0.6]) lab().setParam(at, 'sparsity', v, false);
    expect(lab().past).toHaveLength(0);
    lab().setParam(at, 'sparsity', 0.55);
    expect(lab().past).toHaveLength(1);
    lab().undo();
    expect(value(at, 'sparsity')).toBe(0.9);
    lab().redo();
    expect(value(at, 'sparsity')).toBe(0.55);
  });
  it('joins quick key presses on one control, and keeps apart what is slow or elsewhere', () => {
    const at = find('prune');
    lab().setParam(at, 'sparsity', 0.91);
    vi.advanceTimersByTime(100);
    lab().setParam(at, 'sparsity', 0.92);
    expect(lab().past).toHaveLength(1);
    vi.advanceTimersByTime(5000);
    lab().setParam(at, 'sparsity', 0.93);
    lab().setParam(at, 'scope', 'layer');
    expect(lab().past).toHaveLength(3);
  });
  it('sets what suits the criterion that is chosen, as values of the card', () => {
    const at = find('prune');
    lab().setParam(at, 'criterion', 'snip');
    expect(value(at, 'images')).toBe(100);
    lab().setParam(at, 'images', 250);
    lab().setParam(at, 'sparsity', 0.95);
    expect(value(at, 'images')).toBe(250);
    lab().setParam(at, 'criterion', 'taylor');
    expect(value(at, 'images')).toBe(1000);
    lab().setParam(at, 'criterion', 'magnitude');
    expect(cardAt(lab().experiment, at)).toEqual({ do: 'prune', with: { scope: 'global', sparsity: 0.95 } });
  });
  it('stays valid through every kind of edit', () => {
    lab().duplicate(find('prune'));
    lab().move(find('quantize'), 1);
    lab().setOff(find('quantize'), false);
    lab().remove(find('factorize'));
    lab().add({ repeat: 2, steps: [{ do: 'prune' }, { do: 'rewind' }] });
    lab().setRounds(`recipe.${lab().experiment.recipe.length - 1}`, 5);
    lab().addAt({ do: 'train' }, `recipe.${lab().experiment.recipe.length - 1}.steps.2`);
    lab().setSeed('order', 7);
    lab().setField('replicates', 2);
    expect(parse(lab().experiment)).toMatchObject({ ok: true });
    while (lab().past.length) lab().undo();
    expect(lab().experiment).toEqual(presetOf('lenet-mnist')!.experiment);
  });
  it('lets the charts follow their card when it moves, and leave it when it goes', () => {
    const at = find('prune');
    lab().add({ do: 'train' });
    lab().move(at, 1);
    expect(lab().active).toBe(find('prune'));
    lab().remove(find('prune'));
    const step = cardAt(lab().experiment, lab().active);
    expect(step).not.toMatchObject({ do: 'prune' });
  });
  it('keeps in a card only what differs from the defaults', () => {
    const at = find('prune');
    lab().setParam(at, 'sparsity', 0.5);
    lab().reset(at);
    expect(cardAt(lab().experiment, at)).toEqual({ do: 'prune' });
  });
  it('tells the address of settled edits only', () => {
    const told: boolean[] = [];
    attach({ edited: (_, settled) => told.push(settled), opened: () => {} }, undefined);
    lab().setParam(find('prune'), 'sparsity', 0.3, false);
    lab().setParam(find('prune'), 'sparsity', 0.4);
    attach(undefined, undefined);
    expect(told).toEqual([false, true]);
  });
  it('keeps what is on screen as one pinned card per experiment, and opens it again', () => {
    lab().keep();
    lab().keep();
    expect(lab().runs).toHaveLength(1);
    const [run] = lab().runs;
    expect(run.pinned).toBe(true);
    lab().setParam(find('prune'), 'sparsity', 0.2);
    lab().openRun(run.id);
    expect(lab().experiment).toEqual(run.experiment);
    expect(lab().branch).toBe(run.id);
  });
  it('lists a problem once', () => {
    const problem = { code: 'x', path: 'recipe.1', message: 'no' };
    lab().report(problem);
    lab().report({ ...problem });
    expect(lab().problems).toHaveLength(1);
    lab().dismiss();
    expect(lab().problems).toEqual([]);
  });
});
