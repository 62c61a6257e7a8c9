import { describe, expect, it } from 'vitest';
import { methods } from '../../methods/registry';
import { entries, GROUPS, matching } from './menu';

describe('menu of steps', () => {
  const all = entries();
  it('has every method once, in a group, with its explanation', () => {
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual([...methods.map(({ id }) => id), 'repeat', 'fork']);
    for (const entry of all) {
      expect(GROUPS).toContain(entry.group);
      expect([entry.id, entry.about]).not.toEqual([entry.id, '']);
    }
  });
  it('is searched by name, explanation and id, all words of the query', () => {
    expect(matching(all, '')).toHaveLength(all.length);
    expect(matching(all, '  QUANT ').map(({ id }) => id)).toEqual(['quantize']);
    expect(matching(all, 'thin layer two').map(({ id }) => id)).toContain('factorize');
    expect(matching(all, 'prune zebra')).toEqual([]);
  });
});
