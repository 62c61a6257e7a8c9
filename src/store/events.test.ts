import { describe, expect, it } from 'vitest';
import type { Preview, SweepPoint } from '../worker/api';
import { reduce, withSweep } from './events';
import { useLab } from './lab';

const state = useLab.getInitialState();
const preview = (token: number, cards: Preview['cards'] = {}) =>
  ({ token, at: '', cards, facts: {} }) as unknown as Preview;
const point = (value: number, token = 1) =>
  ({ token, at: 'recipe.1', param: 'sparsity', value }) as unknown as SweepPoint;

describe('events of the worker', () => {
  it('drops a preview that is older than the one on screen', () => {
    const shown = { ...state, preview: preview(5) };
    expect(reduce(shown, { type: 'preview', preview: preview(4) })).toEqual({});
    expect(reduce(shown, { type: 'preview', preview: preview(5) }).preview?.token).toBe(5);
  });
  it('does not let a preview put a training card back to needing a run', () => {
    const running = {
      ...state,
      run: { status: 'running' as const },
      cards: { 'recipe.0': 'running' as const },
    };
    const change = reduce(running, { type: 'preview', preview: preview(1, { 'recipe.0': 'needs-run' }) });
    expect(change.cards).toEqual({ 'recipe.0': 'running' });
    const idle = reduce(
      { ...running, run: { status: 'stopped' } },
      { type: 'preview', preview: preview(1, { 'recipe.0': 'needs-run' }) },
    );
    expect(idle.cards).toEqual({ 'recipe.0': 'needs-run' });
  });
  it('ends the progress with the run', () => {
    const progress = { at: 'recipe.0' } as never;
    const change = reduce({ ...state, progress }, { type: 'run', status: 'stopped', hash: 'h' });
    expect(change).toEqual({ run: { status: 'stopped', hash: 'h' }, progress: undefined });
  });
  it('joins points of one line by value, newest wins, and starts another line afresh', () => {
    const one = withSweep(
      undefined,
      { type: 'sweep', points: [point(0.9), point(0.5)], done: false, token: 1 },
      false,
    );
    expect(one?.points.map((p) => p.value)).toEqual([0.5, 0.9]);
    const two = withSweep(
      one,
      { type: 'sweep', points: [point(0.9, 2), point(0.95, 2)], done: true, token: 2 },
      true,
    );
    expect(two?.points.map((p) => [p.value, p.token])).toEqual([
      [0.5, 1],
      [0.9, 2],
      [0.95, 2],
    ]);
    const other = withSweep(two, { type: 'sweep', points: [point(0.1, 3)], done: false, token: 3 }, false);
    expect(other?.points).toHaveLength(1);
  });
});
