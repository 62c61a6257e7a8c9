/** Experiments as files: what a link holds, spelled out. */
import { hash, repair, stripDefaults } from '../../catalog';
import { i18n } from '../../i18n';
import type { Experiment } from '../../spec/types';
import { useLab } from '../../store/lab';
import { toast } from './toasts';

/** Generous for any experiment that validates; a larger file is something else. */
const MOST_BYTES = 1_000_000;

export function saveExperiment(experiment: Experiment): void {
  const text = `${JSON.stringify(stripDefaults(experiment), null, 2)}\n`;
  saveBlob(new Blob([text], { type: 'application/json' }), `winnow-${hash(experiment).slice(0, 8)}.json`);
}
/** Hands a file to the browser to save. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  URL.revokeObjectURL(url);
}

/** What is wrong with a file that holds no experiment at all. */
const unreadable = (name: string, reason: string) => ({
  code: 'file.unreadable',
  path: name,
  message: i18n.t('file.unreadable', { name, reason }),
});

/** Opens the experiment in the file; what is refused is listed, the rest is taken. */
export async function openFile(file: File): Promise<void> {
  const lab = useLab.getState();
  if (file.size > MOST_BYTES) {
    return lab.report(unreadable(file.name, `${file.size} > ${MOST_BYTES} B`));
  }
  let raw: unknown;
  try {
    raw = JSON.parse(await file.text());
  } catch (error) {
    return lab.report(unreadable(file.name, (error as Error).message));
  }
  // What the command line writes holds the experiment beside its rows.
  const wrapped = raw as { experiment?: unknown; rows?: unknown };
  const { experiment, problems } = repair(wrapped?.experiment && wrapped.rows ? wrapped.experiment : raw);
  lab.open(experiment);
  useLab.setState({ problems });
  if (problems.length === 0) toast(i18n.t('file.opened', { name: file.name }));
}
