/** The store hook. Components read with `useLab((s) => s.preview)` and act with `useLab.getState().runNow()`. */
import { create } from 'zustand';
import type { LabState, LabStore } from './types';

const initial: LabState = {
  experiment: {
    v: 1,
    data: 'mnist',
    model: 'lenet-300-100',
    recipe: [],
    seeds: { init: 1, order: 1, method: 1 },
    replicates: 1,
  },
  active: '',
  past: [],
  future: [],
  data: { loaded: 0, total: 0, ready: false },
  run: { status: 'idle' },
  cards: {},
  rows: [],
  runs: [],
  problems: [],
  worker: { status: 'starting' },
};
const todo = () => undefined;

export const useLab = create<LabStore>()(() => ({
  ...initial,
  open: todo,
  setActive: todo,
  setParam: todo,
  setOff: todo,
  move: todo,
  remove: todo,
  duplicate: todo,
  reset: todo,
  add: todo,
  setField: todo,
  setSeed: todo,
  setRounds: todo,
  undo: todo,
  redo: todo,
  runNow: todo,
  pause: todo,
  resume: todo,
  stop: todo,
  rerunFrom: todo,
  keep: todo,
  openRun: todo,
  pin: todo,
  discard: todo,
  dismiss: todo,
  report: todo,
  useBackend: todo,
}));
