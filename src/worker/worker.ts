/** The worker's end: the lab behind comlink. */
import * as Comlink from 'comlink';
import { hash } from '../catalog';
import { fetchReader } from '../datasets/fetch';
import { OwnDesk } from '../datasets/own/desk';
import type { Elsewhere } from '../datasets/types';
import { Lab } from '../engine/lab';
import { problemOf } from '../spec/problem';
import { vaultStore } from '../storage/vault';
import { partsOf } from '../studies';
import type { Study, StudyPart } from '../studies/types';
import type { LabApi, LabEvent } from './api';
import { FileDesk } from './files';
import { browserStaff } from './staff';
import { browserLock } from './study-lock';

let sink: (event: LabEvent) => void = () => {};
const base = new URL(`${import.meta.env.BASE_URL}data/`, self.location.origin);
/** A page that was put up without its shards gets the data from public hosts; the code for it comes only then. */
const elsewhere: Elsewhere = async (...ask) => (await hosts())(...ask);
let asked: Promise<Elsewhere> | undefined;
const hosts = () => {
  asked ??= import('../datasets/remote').then(({ publicHosts }) =>
    publicHosts({
      fetch: (...request) => fetch(...request),
      storage: navigator.storage,
      caches: globalThis.caches,
      notice: (problem) => sink({ type: 'problem', problem }),
    }),
  );
  return asked;
};
const lab = new Lab(
  (id) => fetchReader(new URL(`${id}/`, base).href, id),
  hash,
  (event) => sink(event),
  elsewhere,
  browserStaff,
  undefined,
  { store: vaultStore(), lock: browserLock },
);

const own = new OwnDesk();
const files = new FileDesk();
/** Previews asked for: where one had to wait for a file, a newer one has been shown. */
let previews = 0;

async function partsReady(study: Study): Promise<StudyPart[]> {
  const parts = partsOf(study);
  for (const { experiment } of parts) await files.ready(experiment);
  return parts;
}

const api: LabApi = {
  boot: async (to, want, data = 'mnist') => {
    sink = to;
    await own.start();
    lab.open(data);
    return lab.use(want ?? 'auto');
  },
  useBackend: (id) => lab.use(id),
  run: async (experiment) => {
    await files.ready(experiment);
    await lab.run(experiment);
  },
  pause: () => lab.pause(),
  resume: () => lab.resume(),
  stop: () => void lab.stop(),
  preview: async (experiment, sweepAt) => {
    const mine = ++previews;
    await files.ready(experiment);
    if (mine === previews) await lab.preview(experiment, sweepAt);
  },
  forget: async (experiment, at) => lab.forget(experiment, at),
  setForms: (forms) => lab.setForms(forms),
  visible: (shown) => lab.visible(shown),
  measureSpeed: (wish, tell) => lab.measureSpeed(wish, tell),
  stopSpeed: () => lab.stopSpeed(),
  inspect: (experiment) => lab.inspect(experiment),
  scanLayers: async (subject, tell) => {
    await files.ready(subject.experiment);
    await lab.scanLayers(subject, tell);
  },
  findSettings: async (wish, tell) => {
    await files.ready(wish.experiment);
    await lab.findSettings(wish, tell);
  },
  stopSearch: () => void lab.stopSearch(),
  histories: async (experiment) => lab.histories(experiment),
  history: async (experiment, at) => lab.history(experiment, at),
  guess: (experiment, pixels) => lab.guess(experiment, pixels),
  readData: (files, tell) => own.read(files, tell),
  cancelData: () => own.cancel(),
  adoptData: (id, name) => own.use(id, name),
  removeData: async (id) => {
    await own.remove(id);
    lab.close(id);
  },
  compareStates: async (experiment, runs) => lab.compareStates(experiment, runs),
  compare: (a, b, tell) => lab.compare(a, b, tell),
  stopCompare: () => lab.stopCompare(),
  testPictures: async (data, images) => {
    const pictures = lab.testPictures(data, images);
    return pictures && Comlink.transfer(pictures, [pictures.pixels.buffer]);
  },
  runStudy: async (study, tell) => {
    try {
      await lab.runStudy(await partsReady(study), tell);
    } catch (error) {
      tell({ type: 'problem', problem: problemOf(error) });
      tell({ type: 'end', how: 'stopped' });
    }
  },
  pauseStudy: () => lab.pauseStudy(),
  resumeStudy: () => lab.resumeStudy(),
  stopStudy: () => lab.stopStudy(),
  keptStudy: async (study) => lab.keptStudy(partsOf(study)),
  studyStorage: () => lab.results.vault.usage(),
  clearStudies: () => lab.results.vault.clear(),
  saveNetwork: async (experiment) => {
    const bytes = await lab.encoded(experiment);
    return bytes && Comlink.transfer({ bytes }, [bytes.buffer]);
  },
  ticket: async (ref) => {
    await files.ready(ref.experiment);
    return lab.ticket(ref);
  },
  ticketFile: async (ref) => {
    await files.ready(ref.experiment);
    const file = await lab.ticketFile(ref);
    return file?.bytes ? Comlink.transfer(file, [file.bytes.buffer]) : file;
  },
  openNetwork: (file, name) => files.open(file, name),
};
Comlink.expose(api);
