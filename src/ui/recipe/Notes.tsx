import { useTranslation } from 'react-i18next';
import { sayNote } from '../../i18n/note';
import { useLab } from '../../store/lab';
import classes from './recipe.module.css';

/** What the card did that its sliders do not say: floors that held, counts removed, forms that do not exist. */
export function Notes({ at, title }: { at: string; title: string }) {
  const { t } = useTranslation();
  const notes = useLab((s) => s.preview?.notes?.[at]);
  const failed = useLab((s) => s.cards[at] === 'failed');
  if (failed || !notes || notes.length === 0) return null;
  return (
    <ul className={classes.notes} aria-label={t('card.notes', { title })}>
      {notes.map((note, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: notes are a list that is replaced as a whole.
        <li key={i}>{sayNote(note)}</li>
      ))}
    </ul>
  );
}
