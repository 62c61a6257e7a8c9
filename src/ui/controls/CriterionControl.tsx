/** What is kept: criteria by what they must know, each with its sentence; the chosen one with its formula. */
import { Select } from '@mantine/core';
import { lazy, Suspense, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import classes from './controls.module.css';
import { type Described, needsData, wordsOf } from './criteria';
import { Disclosure } from './Disclosure';

const Formula = lazy(() => import('../recipe/Formula'));

interface Props {
  criteria: readonly Described[];
  value: string;
  label: string;
  /** Training images that it is measured on, where it needs data. */
  images?: number;
  disabled?: boolean;
  onChange: (value: string) => void;
}
export function CriterionControl({ criteria, value, label, images, disabled, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: words change with the language.
  const groups = useMemo(() => {
    const some = (data: boolean) =>
      criteria.filter((c) => needsData(c) === data).map((c) => ({ value: c.id, label: wordsOf(c).name }));
    return [
      { group: t('criterion.weights'), items: some(false) },
      { group: t('criterion.data'), items: some(true) },
    ].filter(({ items }) => items.length > 0);
  }, [criteria, t, i18n.language]);
  const chosen = criteria.find((c) => c.id === value);
  return (
    <div>
      <div className={classes.row}>
        <span className={classes.label} id={id}>
          {label}
        </span>
        <Select
          aria-labelledby={id}
          aria-describedby={`${id}-about`}
          size="xs"
          w={160}
          data={groups}
          value={value}
          disabled={disabled}
          allowDeselect={false}
          searchable={criteria.length > 5}
          maxDropdownHeight={360}
          comboboxProps={{ width: 300, position: 'bottom-end' }}
          renderOption={({ option }) => <Option of={criteria.find((c) => c.id === option.value)} />}
          onChange={(v) => v !== null && onChange(v)}
        />
      </div>
      {chosen && (
        <div className={classes.criterion} id={`${id}-about`}>
          {wordsOf(chosen).about}
          {needsData(chosen) && images !== undefined && (
            <> {t('criterion.images', { images: integer(images) })}</>
          )}
          <Disclosure label={t('criterion.formula')}>
            <Suspense fallback={null}>
              <Formula tex={chosen.formula} />
            </Suspense>
          </Disclosure>
        </div>
      )}
    </div>
  );
}
function Option({ of }: { of?: Described }) {
  if (!of) return null;
  const { name, about } = wordsOf(of);
  return (
    <span className={classes.option}>
      <b>{name}</b>
      <small>{about}</small>
    </span>
  );
}
