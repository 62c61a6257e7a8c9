/** Ties address, store and worker together. Called once, when the page starts. */
import { decode, encode, presetOf } from '../catalog';
import type { Experiment } from '../spec/types';
import { readPlace, writePlace } from '../spec/view';
import type { LabApi } from '../worker/api';
import { listNetworks } from './files';
import { attach, useLab } from './lab';
import { browserAddress, browserTimer, linkSync } from './link';
import { listData } from './own';
import { startSession } from './session';
import { onMove, useView } from './view';

const fragmentOf = (experiment: Experiment) => encode(experiment).replace(/^#/, '');
/** Of what is on screen: the experiment, and the view where it is not the lab. */
const placeOf = (experiment: Experiment) => {
  const { view, shown } = useView.getState();
  return writePlace({ experiment: fragmentOf(experiment), view, shown });
};

/** The whole link of an experiment, without leaving this page's address. */
export const linkOf = (experiment: Experiment): string =>
  `${location.origin}${location.pathname}${location.search}${encode(experiment)}`;

export function startLab(): void {
  const lab = useLab.getState;
  /** Something came from the address: it is shown, and what is wrong with it is listed. */
  const arrive = (fragment: string) => {
    const { view, shown, experiment: named } = readPlace(fragment);
    useView.setState({ view, shown });
    // A view's link without an experiment says nothing of it, and changing views must not lose results.
    if (named === '' && view !== 'lab') return;
    const { experiment, problems, preset } = decode(named);
    if (problems.length === 0 && fragmentOf(experiment) === fragmentOf(lab().experiment)) return;
    lab().open(experiment, preset);
    if (problems.length) useLab.setState({ problems });
  };
  const address = browserAddress();
  address.inherit();
  if (address.read()) arrive(address.read());
  // Undo must not lead to what was there before the link was opened.
  useLab.setState({ past: [], future: [] });
  void listData();
  void listNetworks();

  const want = new URLSearchParams(location.search).get('backend') ?? undefined;
  const running = startSession(lab, useLab.setState, want as Parameters<LabApi['boot']>[1]);
  const preview = () => running.preview();
  let arriving = false;
  const sync = linkSync(address, browserTimer, (fragment) => {
    arriving = true;
    arrive(fragment);
    arriving = false;
  });
  attach(
    {
      edited(experiment, settled) {
        if (settled) sync.edited(placeOf(experiment));
        preview();
      },
      opened(experiment) {
        if (!arriving) sync.opened(placeOf(experiment));
        preview();
      },
    },
    running,
  );
  onMove((how) => sync[how](placeOf(lab().experiment)));
}
/** The experiment of a preset, or undefined. */
export const openPreset = (id: string): void => {
  const preset = presetOf(id);
  if (preset) useLab.getState().open(preset.experiment, id);
};
