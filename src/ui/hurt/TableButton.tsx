/** The numbers of what is shown, as a table and as CSV. */
import { ActionIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { catalog } from '../../catalog';
import { hashExperiment } from '../../spec/canonical';
import type { Shown } from '../../store/compare';
import { toCsv } from '../charts/csv';
import { fileName, save } from '../charts/save';
import { TableModal } from '../charts/TableModal';
import type { FlipFilter } from './flips';
import { classTable, flipTable, mapTable } from './tables';
import type { HurtView } from './useView';
import { useClassNames } from './words';

/** More rows than anybody reads on screen; the file has them all. */
const MOST_ROWS = 500;

interface Props {
  shown: Shown;
  view: HurtView;
  filter: FlipFilter;
}
export function TableButton({ shown, view, filter }: Props) {
  const { t } = useTranslation('compare');
  const [opened, { open, close }] = useDisclosure(false);
  const name = useClassNames(shown);
  const { comparison: c } = shown;
  const table = (most?: number) => {
    if (view === 'classes') return classTable(t, c, name);
    return view === 'map' ? mapTable(t, c, name) : flipTable(t, c, filter, name, most);
  };
  const title = t(`${view}.title`);
  const saveCsv = () =>
    save(
      fileName(`who-gets-hurt-${view}`, hashExperiment(shown.experiment, catalog), 'csv'),
      toCsv(table()),
      'text/csv;charset=utf-8',
    );
  const onScreen = opened ? table(MOST_ROWS) : undefined;
  const cut = view === 'pictures' && onScreen?.rows.length === MOST_ROWS;
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={t('table.open', { title })}
        onClick={open}
      >
        <IconTable size={16} aria-hidden />
      </ActionIcon>
      {onScreen && (
        <TableModal
          onClose={close}
          title={cut ? t('table.first', { title, count: MOST_ROWS }) : title}
          table={onScreen}
          saveCsv={saveCsv}
        />
      )}
    </>
  );
}
