/** What of a study is looked at; charts, densities and the ticket follow it together. */
import { create } from 'zustand';

interface Look {
  /** Undefined: the last one there is. */
  round?: number;
  at: 'stop' | 'end';
  look(what: Partial<Pick<Look, 'round' | 'at'>>): void;
}
export const useLook = create<Look>()((set) => ({
  at: 'stop',
  look: (what) => set(what),
}));
