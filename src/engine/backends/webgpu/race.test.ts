import { describe, expect, it } from 'vitest';
import { Race } from './race';

function notes(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start));
  return {
    kept,
    get: (name: string) => kept.get(name),
    set: (name: string, value: string) => void kept.set(name, value),
  };
}
function drive(race: Race, ms: { stacked: number; turns: number }, pieces = 20): string[] {
  const done: string[] = [];
  for (let i = 0; i < pieces; i++) {
    const way = race.next;
    done.push(way);
    race.add(way, ms[way]);
  }
  return done;
}

describe('Race', () => {
  it.each([
    ['stacked', { stacked: 1, turns: 2 }],
    ['turns', { stacked: 3, turns: 2 }],
  ] as const)('tries both ways in turn and stays with the faster: %s', (winner, ms) => {
    const found = notes();
    const race = new Race('x', found);
    const done = drive(race, ms);
    expect(done.slice(0, 4)).toEqual(['stacked', 'turns', 'stacked', 'turns']);
    expect(done.slice(8)).toEqual(new Array(12).fill(winner));
    expect(found.kept.get('x')).toBe(winner);
  });
  it('does not count the first piece of each way, nor single slow ones', () => {
    const race = new Race('x');
    for (const stacked of [100, 1, 50, 1]) {
      race.add('stacked', stacked);
      race.add('turns', 2);
    }
    expect(race.winner).toBe('stacked');
  });
  it('remembers; what it does not understand it finds out again', () => {
    expect(new Race('x', notes({ x: 'turns' })).next).toBe('turns');
    expect(new Race('x', notes({ x: 'sideways' })).winner).toBeUndefined();
  });
});
