import { describe, expect, it } from 'vitest';
import { type Address, LINK_DELAY, linkSync } from './link';

/** An address bar with a history, and a clock that only moves when told. */
function browser(first = '') {
  const entries = [first];
  let here = 0;
  let changed = () => {};
  let due: { id: number; at: number; run: () => void }[] = [];
  let now = 0;
  let id = 0;
  let left: string[] | undefined;
  const address: Address = {
    leaving: () => () => {},
    read: () => entries[here],
    bequeath: (from, to) => {
      left = [from, to];
    },
    inherit: () => {},
    replace: (f) => {
      entries[here] = f;
    },
    push: (f) => {
      entries.splice(++here, Number.POSITIVE_INFINITY, f);
    },
    listen: (to) => {
      changed = to;
      return () => {
        changed = () => {};
      };
    },
  };
  let go = () => {};
  address.leaving = (to) => {
    go = to;
    return () => {
      go = () => {};
    };
  };
  const timer = {
    set: (run: () => void, ms: number) => {
      due.push({ id: ++id, at: now + ms, run });
      return id;
    },
    clear: (which: number) => {
      due = due.filter((d) => d.id !== which);
    },
  };
  const wait = (ms: number) => {
    now += ms;
    const ready = due.filter((d) => d.at <= now);
    due = due.filter((d) => d.at > now);
    for (const d of ready) d.run();
  };
  const back = () => {
    here--;
    changed();
  };
  const type = (f: string) => {
    entries.push(f);
    here = entries.length - 1;
    changed();
  };
  return { address, timer, wait, back, type, entries, leave: () => go(), left: () => left };
}

describe('link sync', () => {
  it('writes a waiting edit when the page goes away', () => {
    const b = browser('a');
    const sync = linkSync(b.address, b.timer, () => {});
    sync.edited('b');
    expect(b.entries).toEqual(['a']);
    b.leave();
    expect(b.entries).toEqual(['b']);
    // The page that a reload brings begins with the old address.
    expect(b.left()).toEqual(['a', 'b']);
  });

  it('writes the last of many edits once, and adds no history', () => {
    const b = browser('a');
    const sync = linkSync(b.address, b.timer, () => {});
    for (const f of ['b', 'c', 'd']) {
      sync.edited(f);
      b.wait(LINK_DELAY / 2);
    }
    expect(b.entries).toEqual(['a']);
    b.wait(LINK_DELAY);
    expect(b.entries).toEqual(['d']);
  });
  it('adds an entry for what is opened, and Back brings the last edit before it', () => {
    const b = browser('a');
    const arrived: string[] = [];
    const sync = linkSync(b.address, b.timer, (f) => arrived.push(f));
    sync.edited('a2');
    sync.opened('b');
    expect(b.entries).toEqual(['a2', 'b']);
    b.back();
    expect(arrived).toEqual(['a2']);
  });
  it('does not call back for what it wrote itself', () => {
    const b = browser('a');
    const arrived: string[] = [];
    const sync = linkSync(b.address, b.timer, (f) => arrived.push(f));
    sync.opened('b');
    sync.opened('b');
    expect(b.entries).toEqual(['a', 'b']);
    b.type('c');
    expect(arrived).toEqual(['c']);
  });
  it('drops an edit that is waiting when another experiment arrives', () => {
    const b = browser('a');
    const sync = linkSync(b.address, b.timer, () => {});
    sync.edited('old edit');
    b.type('c');
    b.wait(LINK_DELAY * 2);
    expect(b.entries).toEqual(['a', 'c']);
  });
});
