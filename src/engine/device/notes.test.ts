import { describe, expect, it } from 'vitest';
import { openNotes, type Shelf } from './notes';

function fakeShelf(start: Record<string, unknown> = {}) {
  const records = new Map<string, unknown>(Object.entries(start));
  const shelf: Shelf = {
    get: async (device) => records.get(device),
    put: async (device, notes) => void records.set(device, notes),
  };
  return { records, shelf };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('openNotes', () => {
  it('keeps what was noted for the next visit, by device', async () => {
    const { shelf } = fakeShelf();
    const first = await openNotes('a', shelf);
    first.set('product', 'tile16');
    first.set('stack', 'turns');
    first.set('product', 'block4x4');
    await settled();
    const again = await openNotes('a', shelf);
    expect([again.get('product'), again.get('stack'), again.get('other')]).toEqual([
      'block4x4',
      'turns',
      undefined,
    ]);
    expect((await openNotes('b', shelf)).get('product')).toBeUndefined();
  });
  it('takes no notice of what it does not understand', async () => {
    const { shelf } = fakeShelf({ a: 'text', b: null, c: { x: 7, y: 'block4x8' } });
    expect((await openNotes('a', shelf)).get('length')).toBeUndefined();
    expect((await openNotes('b', shelf)).get('x')).toBeUndefined();
    const c = await openNotes('c', shelf);
    expect([c.get('x'), c.get('y')]).toEqual([undefined, 'block4x8']);
  });
  it('does without where nothing can be kept', async () => {
    const broken: Shelf = {
      get: () => Promise.reject(new Error('no')),
      put: () => Promise.reject(new Error('no')),
    };
    const notes = await openNotes('a', broken);
    notes.set('x', 'y');
    await settled();
    expect(notes.get('x')).toBe('y');
    // Node has no IndexedDB.
    expect((await openNotes('a')).get('x')).toBeUndefined();
  });
  it('grows no further than a bound, the oldest going first', async () => {
    const { shelf, records } = fakeShelf();
    const notes = await openNotes('a', shelf);
    for (let i = 0; i < 600; i++) notes.set(`n${i}`, 'v');
    await settled();
    expect(Object.keys(records.get('a') as object)).toHaveLength(500);
    expect([notes.get('n99'), notes.get('n100')]).toEqual([undefined, 'v']);
  });
});
