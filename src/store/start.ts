/** Ties address, store and worker together. Called once, when the page starts. */
import { decode, encode, presetOf } from '../catalog';
import type { Experiment } from '../spec/types';
import type { LabApi } from '../worker/api';
import { listNetworks } from './files';
import { attach, useLab } from './lab';
import { browserAddress, browserTimer, linkSync } from './link';
import { listData } from './own';
import { startSession } from './session';

const fragmentOf = (experiment: Experiment) => encode(experiment).replace(/^#/, '');

/** The whole link of an experiment, without leaving this page's address. */
export const linkOf = (experiment: Experiment): string =>
  `${location.origin}${location.pathname}${location.search}${encode(experiment)}`;

export function startLab(): void {
  const lab = useLab.getState;
  /** Something came from the address: it is shown, and what is wrong with it is listed. */
  const arrive = (fragment: string) => {
    const { experiment, problems, preset } = decode(fragment);
    lab().open(experiment, preset);
    if (problems.length) useLab.setState({ problems });
  };
  const address = browserAddress();
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
        if (settled) sync.edited(fragmentOf(experiment));
        preview();
      },
      opened(experiment) {
        if (!arriving) sync.opened(fragmentOf(experiment));
        preview();
      },
    },
    running,
  );
}
/** The experiment of a preset, or undefined. */
export const openPreset = (id: string): void => {
  const preset = presetOf(id);
  if (preset) useLab.getState().open(preset.experiment, id);
};
