import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openFile } from './files';
import classes from './shell.module.css';

const holdsFile = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;

/** An experiment file may be dropped anywhere on the page. */
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
      const file = e.dataTransfer?.files[0];
      if (file) void openFile(file);
    });
    return () => stop.abort();
  }, []);
  return over ? <div className={classes.drop}>{t('file.drop')}</div> : null;
}
