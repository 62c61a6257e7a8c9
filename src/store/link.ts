/**
 * Keeps the address and the experiment the same. Editing replaces the address a moment later, so that
 * dragging does not fill the browser's history; opening something adds an entry that Back leads out of.
 */
export interface Address {
  /** The fragment without `#`. */
  read(): string;
  replace(fragment: string): void;
  push(fragment: string): void;
  /** Calls back when the user goes back, forward or edits the address; returns the way to stop. */
  listen(changed: () => void): () => void;
  /**
   * Remembers for the page that comes next in this tab that `from` should have become `to`: what is written to the
   * address of a page that goes comes too late for a reload, which has begun with the old one.
   */
  bequeath(from: string, to: string): void;
  /** Takes over what the page before left, where the address is still the one it was left for. */
  inherit(): void;
  /** Calls back when the page is about to go; returns the way to stop. */
  leaving(go: () => void): () => void;
}
export interface Timer {
  set(run: () => void, ms: number): number;
  clear(id: number): void;
}
export interface LinkSync {
  /** The experiment was edited: the address follows when editing pauses. */
  edited(fragment: string): void;
  /** Something was opened: a new history entry at once. */
  opened(fragment: string): void;
  stop(): void;
}
export const LINK_DELAY = 300;

/** @param arrived called with a fragment that came from outside, never with one written here */
export function linkSync(address: Address, timer: Timer, arrived: (fragment: string) => void): LinkSync {
  let known = address.read();
  let pending: { id: number; fragment: string } | undefined;
  const cancel = () => {
    if (pending) timer.clear(pending.id);
    pending = undefined;
  };
  const unlisten = address.listen(() => {
    const now = address.read();
    if (now === known) return;
    cancel();
    known = now;
    arrived(now);
  });
  const write = (how: 'replace' | 'push', fragment: string) => {
    cancel();
    if (fragment === known) return;
    address[how](fragment);
    // As the browser spells it, which may escape what was written.
    known = address.read();
  };
  // An edit made just before a reload is not lost.
  const unleave = address.leaving(() => {
    if (!pending) return;
    address.bequeath(known, pending.fragment);
    write('replace', pending.fragment);
  });
  return {
    edited(fragment) {
      cancel();
      pending = { id: timer.set(() => write('replace', fragment), LINK_DELAY), fragment };
    },
    opened(fragment) {
      // Back must lead to the last edit, not to the one before it.
      if (pending) write('replace', pending.fragment);
      write('push', fragment);
    },
    stop() {
      cancel();
      unlisten();
      unleave();
    },
  };
}

const HEIR = 'winnow.leaving';
/** Who opens the old link in this tab later than that, in milliseconds, wants the old link. */
const HEIR_MS = 20_000;

/** The browser's address bar. */
export const browserAddress = (): Address => ({
  read: () => location.hash.replace(/^#/, ''),
  replace: (f) => history.replaceState(null, '', `#${f}`),
  push: (f) => history.pushState(null, '', `#${f}`),
  listen(changed) {
    // hashchange alone misses nothing here, but popstate comes first and for same-document entries always.
    addEventListener('popstate', changed);
    addEventListener('hashchange', changed);
    return () => {
      removeEventListener('popstate', changed);
      removeEventListener('hashchange', changed);
    };
  },
  bequeath(from, to) {
    try {
      sessionStorage.setItem(HEIR, JSON.stringify([from, to, Date.now()]));
    } catch {
      // Storage is forbidden: the address alone has to do.
    }
  },
  inherit() {
    try {
      const [from, to, at] = JSON.parse(sessionStorage.getItem(HEIR) ?? '[]');
      sessionStorage.removeItem(HEIR);
      if (typeof to !== 'string' || from !== this.read() || !(Date.now() - at < HEIR_MS)) return;
      this.replace(to);
    } catch {
      // Nothing was left.
    }
  },
  leaving(go) {
    addEventListener('beforeunload', go);
    addEventListener('pagehide', go);
    return () => {
      removeEventListener('beforeunload', go);
      removeEventListener('pagehide', go);
    };
  },
});
export const browserTimer: Timer = {
  set: (run, ms) => window.setTimeout(run, ms),
  clear: (id) => window.clearTimeout(id),
};
