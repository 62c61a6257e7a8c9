/** The worker's end: the lab behind comlink. */
import * as Comlink from 'comlink';
import { hash } from '../catalog';
import { fetchReader } from '../datasets/fetch';
import { Lab } from '../engine/lab';
import type { LabApi, LabEvent } from './api';

let sink: (event: LabEvent) => void = () => {};
const base = new URL(`${import.meta.env.BASE_URL}data/`, self.location.origin);
const lab = new Lab(
  (id) => fetchReader(new URL(`${id}/`, base).href, id),
  hash,
  (event) => sink(event),
);

const api: LabApi = {
  boot: async (to, want) => {
    sink = to;
    lab.open('mnist');
    return lab.use(want ?? 'auto');
  },
  useBackend: (id) => lab.use(id),
  run: async (experiment) => {
    await lab.run(experiment);
  },
  pause: () => lab.pause(),
  resume: () => lab.resume(),
  stop: () => void lab.stop(),
  preview: (experiment, sweepAt) => lab.preview(experiment, sweepAt),
  forget: async (experiment, at) => lab.forget(experiment, at),
  inspect: async (experiment) => lab.inspect(experiment),
  guess: (experiment, pixels) => lab.guess(experiment, pixels),
};
Comlink.expose(api);
