/** Network files: what is kept in this browser, how one becomes the start of the recipe, and how one is made. */
import { create } from 'zustand';
import { datasetOf } from '../catalog';
import { misfit } from '../models/files/fit';
import { modelOfArch } from '../models/files/model';
import { networkFile, networkFiles, registerFile } from '../models/files/registry';
import { listFiles } from '../models/files/shelf';
import type { NetworkFile, OpenedFile } from '../models/files/types';
import { namedFiles } from '../spec/files';
import type { Problem } from '../spec/problem';
import type { Experiment } from '../spec/types';
import type { SavedNetwork } from '../worker/api';
import { labApi, useLab } from './lab';
import { workerProblem } from './worker-problem';

interface FilesState {
  /** Files in this browser; `listed` once its storage has been asked. */
  list: NetworkFile[];
  listed: boolean;
  /** Name of the file that is being read. */
  reading?: string;
}
export const useFiles = create<FilesState>()(() => ({ list: [], listed: false }));

/** Asks the browser's storage what earlier visits have left; called once, when the page starts. */
export async function listNetworks(): Promise<void> {
  for (const file of await listFiles()) registerFile(file);
  useFiles.setState({ list: networkFiles(), listed: true });
}

/** What became of a file: the start of the recipe, what a card was waiting for, or refused (told by a notice). */
export type Opened = { file: NetworkFile; as: 'start' | 'awaited' | 'used' } | undefined;

/**
 * Opens a network file. Refused, it changes nothing on the page.
 * @param use what to do with it; without, it becomes the start of the recipe
 */
export async function openFile(file: File, use?: (file: NetworkFile) => void): Promise<Opened> {
  const lab = useLab.getState();
  const answer = await read(file);
  const problem = (answer.file && fitProblem(answer.file)) ?? answer.problem;
  if (problem) lab.report(problem);
  if (!answer.file || (problem && problem !== answer.problem)) return undefined;
  return take(answer.file, use);
}

/** Has the worker read and keep it. Neither rejects nor reports. */
async function read(file: File): Promise<OpenedFile> {
  const api = labApi();
  if (!api) return { problem: NO_WORKER };
  useFiles.setState({ reading: file.name });
  const answer = await api
    .openNetwork(file, file.name)
    .catch((error: unknown) => ({ problem: workerProblem(error) }));
  useFiles.setState({ reading: undefined });
  return answer;
}
function know(file: NetworkFile): void {
  registerFile(file);
  useFiles.setState({ list: networkFiles(), listed: true });
}
/** Keeps a network that was made here, for recipes to begin with. Nothing on the page changes. */
export async function keepNetwork(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<OpenedFile> {
  const answer = await read(new File([bytes], name));
  if (answer.file) know(answer.file);
  return answer;
}

function take(file: NetworkFile, use?: (file: NetworkFile) => void): Opened {
  know(file);
  const { experiment, active, startFrom } = useLab.getState();
  if (namedFiles(experiment).includes(file.id)) {
    void labApi()?.preview(experiment, active || undefined);
    return { file, as: 'awaited' };
  }
  if (use) {
    use(file);
    return { file, as: 'used' };
  }
  startFrom(file.id, modelOfArch(file.arch));
  return { file, as: 'start' };
}

function fitProblem({ arch, name }: NetworkFile): Problem | undefined {
  const data = datasetOf(useLab.getState().experiment.data);
  return data && misfit(arch, { image: data.shape, classes: data.classes.length }, name, data.name);
}

const NO_WORKER: Problem = { code: 'own.worker', path: '', message: 'the compute thread has stopped' };

/** The network on screen as a file; undefined before there is one. */
export async function writeFile(): Promise<SavedNetwork | undefined> {
  const { experiment, report } = useLab.getState();
  const saved = await labApi()
    ?.saveNetwork(experiment)
    .catch((error: unknown) => {
      report(workerProblem(error));
      return null;
    });
  return saved ?? undefined;
}

/** What the page knows of a file; drawn again when that changes. */
export function useNetworkFile(id: string): NetworkFile | undefined {
  return useFiles((s) => s.list.find((file) => file.id === id));
}
/** First file that the experiment on screen names and that is not in this browser. */
export function useMissingFile(): string | undefined {
  const experiment = useLab((s) => s.experiment);
  const { list, listed } = useFiles();
  if (!listed) return undefined;
  return namedFiles(experiment).find((id) => !list.some((file) => file.id === id));
}
/** The file that the network on screen began as, if it did. */
export function openedIn(experiment: Experiment): NetworkFile | undefined {
  const [id] = namedFiles(experiment);
  return id === undefined ? undefined : networkFile(id);
}
