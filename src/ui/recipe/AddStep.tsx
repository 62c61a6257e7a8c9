/** Menu of everything that can be a step: in groups, each with a line that explains it, searched while typing. */
import { Button, Combobox, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../../store/lab';
import { entries, GROUPS, matching, templateOf } from './menu';
import classes from './recipe.module.css';

interface Props {
  list: string;
  /** Cards in the list: the new one goes below them. */
  count: number;
  small?: boolean;
}
export function AddStep({ list, count, small }: Props) {
  const { t, i18n } = useTranslation();
  const [query, setQuery] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setQuery('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: words change with the language.
  const all = useMemo(entries, [i18n.language]);
  const found = matching(all, query);
  const add = (id: string) => {
    const lab = useLab.getState();
    lab.addAt(templateOf(id, lab.experiment), `${list}.${count}`);
    combobox.closeDropdown();
  };
  const label = small ? t('add.inside') : t('add.label');
  return (
    <Combobox store={combobox} width={310} position="bottom-start" onOptionSubmit={add} shadow="md">
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        <Button
          className={small ? classes.addsmall : undefined}
          variant={small ? 'subtle' : 'default'}
          color="gray"
          size={small ? 'compact-xs' : 'sm'}
          px={small ? 6 : 10}
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={label}
          aria-haspopup="dialog"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {t('add.button')}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        {/* Outside the page's regions, as the drop-down is drawn at its end. */}
        <div role="dialog" aria-label={label}>
          <Combobox.Search
            value={query}
            onChange={(e) => {
              setQuery(e.currentTarget.value);
              combobox.updateSelectedOptionIndex();
            }}
            placeholder={t('add.search')}
            aria-label={t('add.search')}
          />
          <Combobox.Options mah={420} style={{ overflowY: 'auto' }} aria-label={label}>
            {found.length === 0 && <Combobox.Empty>{t('add.nothing')}</Combobox.Empty>}
            {GROUPS.map((group) => {
              const those = found.filter((entry) => entry.group === group);
              return those.length === 0 ? null : (
                <Combobox.Group key={group} label={t(`add.group.${group}`)}>
                  {those.map(({ id, name, about }) => (
                    <Combobox.Option key={id} value={id}>
                      <span className={classes.addoption}>
                        {name}
                        <small>{about}</small>
                      </span>
                    </Combobox.Option>
                  ))}
                </Combobox.Group>
              );
            })}
          </Combobox.Options>
        </div>
      </Combobox.Dropdown>
    </Combobox>
  );
}
