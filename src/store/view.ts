/** Which view is on screen. The address follows; see spec/view.ts for how it says so. */
import { create } from 'zustand';
import type { View } from '../spec/view';

export interface ViewState {
  view: View;
  /** What the view shows of its own, as text for the address: a foreign result of the Speed view. */
  shown: string;
  /** Opens a view as a new entry of the browser's history. */
  go(view: View, shown?: string): void;
}
let moved: () => void = () => {};
/** Told of every change that did not come from the address. */
export const onMove = (listener: () => void): void => {
  moved = listener;
};

export const useView = create<ViewState>()((set, get) => ({
  view: 'lab',
  shown: '',
  go(view, shown = '') {
    const now = get();
    if (now.view === view && now.shown === shown) return;
    set({ view, shown });
    moved();
  },
}));
