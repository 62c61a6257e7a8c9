/** Which view is on screen. The address follows; see spec/view.ts for how it says so. */
import { create } from 'zustand';
import type { View } from '../spec/view';

export interface ViewState {
  view: View;
  /** What the view shows of its own, as text for the address: a foreign result of the Speed view. */
  shown: string;
  /** Opens a view as a new entry of the browser's history. */
  go(view: View, shown?: string): void;
  /** The same view shows something else: the address follows when editing pauses, without a new entry. */
  show(shown: string): void;
}
/** `edited`: the same view shows something else; `opened`: another view, or something opened in it. */
export type Moved = 'edited' | 'opened';
let moved: (how: Moved) => void = () => {};
/** Told of every change that did not come from the address. */
export const onMove = (listener: (how: Moved) => void): void => {
  moved = listener;
};

export const useView = create<ViewState>()((set, get) => ({
  view: 'lab',
  shown: '',
  go(view, shown = '') {
    const now = get();
    if (now.view === view && now.shown === shown) return;
    set({ view, shown });
    moved('opened');
  },
  show(shown) {
    if (get().shown === shown) return;
    set({ shown });
    moved('edited');
  },
}));
