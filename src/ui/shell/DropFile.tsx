import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf, WinnowError } from '../../spec/problem';
import { useLab } from '../../store/lab';
import { useOwn } from '../../store/own';
import { useView } from '../../store/view';
import { fromDrop, isExperiment, isNetwork, isStudy } from '../data/collect';
import { openFile } from './files';
import { openNetwork } from './networks';
import classes from './shell.module.css';

const holdsFile = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;

/** Its view's code comes with it. */
async function openStudy(file: File): Promise<void> {
  const { useBrought } = await import('../../store/brought');
  useView.getState().go('lottery', useView.getState().view === 'lottery' ? useView.getState().shown : '');
  await useBrought.getState().read(file);
}
/** Results of a study, an experiment and a network are opened; anything else is taken for data. */
async function take(transfer: DataTransfer): Promise<void> {
  const own = useOwn.getState();
  try {
    const uploads = await fromDrop(transfer);
    if (uploads.length === 0) return;
    if (await isStudy(uploads)) await openStudy(uploads[0].file);
    else if (await isExperiment(uploads)) await openFile(uploads[0].file);
    else if (await isNetwork(uploads)) await openNetwork(uploads[0].file);
    else own.open(uploads);
  } catch (error) {
    const message = messageOf(error);
    const problem = error instanceof WinnowError ? error.problem : { code: 'file.drop', path: '', message };
    useLab.getState().report(problem);
  }
}

/** Experiments, networks and own data may be dropped anywhere on the page. */
export function DropFile() {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  useEffect(() => {
    const stop = new AbortController();
    const on = (type: 'dragenter' | 'dragleave' | 'dragover' | 'drop', act: (e: DragEvent) => void) =>
      addEventListener(type, (e) => holdsFile(e) && act(e), { signal: stop.signal });
    const count = (by: number) => {
      depth.current = Math.max(0, depth.current + by);
      setOver(depth.current > 0);
    };
    on('dragenter', () => count(1));
    on('dragleave', () => count(-1));
    on('dragover', (e) => e.preventDefault());
    on('drop', (e) => {
      e.preventDefault();
      count(-depth.current);
      if (e.dataTransfer) void take(e.dataTransfer);
    });
    return () => stop.abort();
  }, []);
  return over ? <div className={classes.drop}>{t('file.drop')}</div> : null;
}
