/** Networks as files: opened from a drop or a chooser, saved by a click. */
import { i18n } from '../../i18n';
import { openFile, writeFile } from '../../store/files';
import { useLab } from '../../store/lab';
import { kilobytes } from '../charts/numbers';
import { saveBlob } from './files';
import { toast, toastUndo } from './toasts';

export async function openNetwork(file: File): Promise<void> {
  const opened = await openFile(file);
  if (!opened) return;
  const said = i18n.t('deploy:file.opened', { name: file.name });
  if (opened.as === 'awaited') return toast(said);
  toastUndo(said, i18n.t('header.undo'), () => useLab.getState().undo());
}

/** `lenet-300-100-12.4kB.winnow` */
export const fileName = (model: string, bytes: number): string =>
  `${model}-${kilobytes(bytes).replace(/[^0-9A-Za-z.]/g, '')}.winnow`;

/** Has the network written and hands it to the browser. */
export async function saveNetwork(): Promise<void> {
  const { model } = useLab.getState().experiment;
  const saved = await writeFile();
  if (!saved) return;
  saveBlob(
    new Blob([saved.bytes], { type: 'application/octet-stream' }),
    fileName(model, saved.bytes.length),
  );
}
