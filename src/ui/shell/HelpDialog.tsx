import { Kbd, Modal } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './shell.module.css';

const KEYS = [
  ['run', [['Space'], ['Ctrl', 'Enter']]],
  ['stop', [['Esc']]],
  ['undo', [['Ctrl', 'Z']]],
  [
    'redo',
    [
      ['Ctrl', 'Shift', 'Z'],
      ['Ctrl', 'Y'],
    ],
  ],
  [
    'move',
    [
      ['Alt', '↑'],
      ['Alt', '↓'],
    ],
  ],
  ['delete', [['Delete']]],
  ['slider', [['←'], ['→']]],
  ['help', [['?']]],
] as const;

export function HelpDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('help.title')}
      closeButtonProps={{ 'aria-label': t('notice.close') }}
    >
      <dl className={classes.keys}>
        {KEYS.map(([name, ways]) => (
          <Fragment key={name}>
            <dt>
              {ways.map((keys, i) => (
                <Fragment key={keys.join()}>
                  {i > 0 && ` ${t('help.or')} `}
                  {keys.map((key) => (
                    <Kbd key={key} mr={3}>
                      {key}
                    </Kbd>
                  ))}
                </Fragment>
              ))}
            </dt>
            <dd>{t(`help.${name}`)}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
