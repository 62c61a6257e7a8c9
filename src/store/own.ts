/** The visitor's own data: what is kept in this browser, and the dialog in which files become a data set. */
import * as Comlink from 'comlink';
import { create } from 'zustand';
import { forgetOwn, isOwn, ownDatasets, registerOwn } from '../datasets/own/registry';
import { listOwn } from '../datasets/own/shelf';
import type { OwnLook, OwnProgress, OwnUpload } from '../datasets/own/types';
import type { DatasetInfo } from '../datasets/types';
import type { Problem } from '../spec/problem';
import { labApi, useLab } from './lab';
import { workerProblem } from './worker-problem';

export type OwnStep =
  | { is: 'ask'; problem?: Problem }
  | { is: 'reading'; progress?: OwnProgress }
  | { is: 'look'; look: OwnLook };
export interface OwnState {
  /** Data sets in this browser; `listed` once its storage has been asked. */
  list: DatasetInfo[];
  listed: boolean;
  opened: boolean;
  step: OwnStep;
  /** Opens the dialog; with files, reads them at once. */
  open(uploads?: readonly OwnUpload[]): void;
  /** Closes it and gives up what is being read. */
  close(): void;
  read(uploads: readonly OwnUpload[]): void;
  /** Back to asking for files, with a refusal to show. */
  ask(problem?: Problem): void;
  /** Uses what is being looked at, under this name. Resolves once it is on screen. */
  use(name: string): Promise<void>;
  remove(id: string): void;
}

/** Answers to older files than these are not listened to. */
let reading = 0;

export const useOwn = create<OwnState>()((set, get) => ({
  list: [],
  listed: false,
  opened: false,
  step: { is: 'ask' },
  open(uploads) {
    set({ opened: true });
    if (uploads) get().read(uploads);
  },
  close() {
    get().ask();
    set({ opened: false });
  },
  ask(problem) {
    reading++;
    void labApi()?.cancelData();
    set({ step: { is: 'ask', problem } });
  },
  read(uploads) {
    const mine = ++reading;
    const api = labApi();
    if (!api) return set({ step: { is: 'ask', problem: NO_WORKER } });
    set({ step: { is: 'reading' } });
    const tell = (progress: OwnProgress) => {
      // It comes by another way than the answer, and may come after it.
      if (mine === reading && get().step.is === 'reading') set({ step: { is: 'reading', progress } });
    };
    api.readData([...uploads], Comlink.proxy(tell)).then(
      ({ look, problem }) => {
        if (mine === reading) set({ step: look ? { is: 'look', look } : { is: 'ask', problem } });
      },
      (error: Error) => {
        if (mine === reading) set({ step: { is: 'ask', problem: workerProblem(error) } });
      },
    );
  },
  async use(name) {
    const { step } = get();
    const api = labApi();
    if (step.is !== 'look' || !api) return;
    const info = { ...step.look.info, name: name.trim() || step.look.info.name };
    const { problem } = await api
      .adoptData(info.id, info.name)
      .catch((error: Error) => ({ problem: workerProblem(error) }));
    if (problem && problem.code !== 'own.storage') return set({ step: { is: 'ask', problem } });
    registerOwn(info);
    set({ list: ownDatasets(), opened: false, step: { is: 'ask' } });
    const lab = useLab.getState();
    lab.setField('data', info.id);
    if (problem) lab.report(problem);
  },
  remove(id) {
    forgetOwn(id);
    set({ list: ownDatasets() });
    void labApi()?.removeData(id);
  },
}));

const NO_WORKER: Problem = { code: 'own.worker', path: 'data', message: 'the compute thread has stopped' };

/** Asks the browser's storage what earlier visits have left; called once, when the page starts. */
export async function listData(): Promise<void> {
  for (const info of await listOwn()) registerOwn(info);
  useOwn.setState({ list: ownDatasets(), listed: true });
  const { experiment } = useLab.getState();
  // What is on screen was made before its data were known: everything derived from it is made anew.
  if (isOwn(experiment.data)) useLab.setState({ experiment: { ...experiment } });
}

/** Id of the data that the experiment on screen names and that are not in this browser. */
export function useMissingData(): string | undefined {
  const id = useLab((s) => s.experiment.data);
  const known = useOwn((s) => !s.listed || s.list.some((info) => info.id === id));
  return isOwn(id) && !known ? id : undefined;
}
