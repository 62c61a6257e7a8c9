/** Which data: the lab's sets, the visitor's own, and the way to bring some. */
import { NativeSelect } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { datasetOf, datasets } from '../../catalog';
import { useOwn } from '../../store/own';
import classes from './recipe.module.css';

/** Value of the entry that opens the dialog. */
const BRING = 'own';

interface Props {
  value: string;
  onChange(data: string): void;
}
export function DataPick({ value, onChange }: Props) {
  const { t } = useTranslation(['shell', 'own']);
  const own = useOwn((s) => s.list);
  const missing = useOwn((s) => s.listed) && !datasetOf(value);
  const all = [...datasets, ...own].map(({ id, name }) => ({ value: id, label: name }));
  if (!all.some((d) => d.value === value))
    all.push({ value, label: missing ? t('own:missingName', { id: value }) : value });
  return (
    <NativeSelect
      variant="unstyled"
      aria-label={t('data.dataset')}
      classNames={{ root: classes.pickroot, input: classes.pick }}
      rightSectionWidth={16}
      rightSection={<IconChevronDown size={13} aria-hidden />}
      data={[...all, { value: BRING, label: t('own:menu') }]}
      value={value}
      onChange={({ currentTarget: { value: id } }) =>
        id === BRING ? useOwn.getState().open() : onChange(id)
      }
    />
  );
}
