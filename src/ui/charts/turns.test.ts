import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inTurn } from './turns';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 16));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('one after another, each in a frame of its own', () => {
  const said: string[] = [];
  const ends: (() => void)[] = [];
  for (const name of ['a', 'b', 'c'])
    inTurn((done) => {
      said.push(name);
      ends.push(done);
    });
  expect(said).toEqual(['a']);
  ends[0]();
  ends[0]();
  expect(said).toEqual(['a']);
  vi.advanceTimersByTime(20);
  expect(said).toEqual(['a', 'b']);
  // Whoever never ends does not keep the others waiting.
  vi.advanceTimersByTime(1000);
  expect(said).toEqual(['a', 'b', 'c']);
  ends[2]();
  vi.runAllTimers();
});
test('a turn can be given up', () => {
  const said: string[] = [];
  let end = () => {};
  inTurn((done) => {
    end = done;
  });
  const giveUp = inTurn(() => said.push('late'));
  giveUp();
  end();
  vi.runAllTimers();
  expect(said).toEqual([]);
});
