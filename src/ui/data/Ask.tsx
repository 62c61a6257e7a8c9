/** What can be dropped, two buttons for those who do not drop, and what is already here. */
import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconPhotoDown, IconTrash } from '@tabler/icons-react';
import { type ChangeEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { megabytes, OWN_LIMITS } from '../../datasets/own/limits';
import type { DatasetInfo } from '../../datasets/types';
import { integer } from '../../i18n/format';
import { useLab } from '../../store/lab';
import { useOwn } from '../../store/own';
import { fromInput } from './collect';
import classes from './data.module.css';

const FORMATS = ['folder', 'idx', 'cifar', 'npz', 'sprite', 'parquet'] as const;

export function Ask() {
  const { t } = useTranslation('own');
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const { read } = useOwn.getState();
  const take = (e: ChangeEvent<HTMLInputElement>) => {
    const uploads = fromInput(e.currentTarget.files);
    e.currentTarget.value = '';
    if (uploads.length) read(uploads);
  };
  const { classes: most, images, side, pixels } = OWN_LIMITS;
  return (
    <>
      <div className={classes.zone}>
        <IconPhotoDown size={34} stroke={1.4} aria-hidden className={classes.zoneicon} />
        <Text fw={600}>{t('drop')}</Text>
        <Group gap={8} justify="center">
          <Button size="sm" data-autofocus onClick={() => files.current?.click()}>
            {t('chooseFiles')}
          </Button>
          <Button size="sm" variant="default" onClick={() => folder.current?.click()}>
            {t('chooseFolder')}
          </Button>
        </Group>
        <input ref={files} type="file" multiple hidden aria-label={t('chooseFiles')} onChange={take} />
        <input
          ref={folder}
          type="file"
          hidden
          aria-label={t('chooseFolder')}
          onChange={take}
          {...{ webkitdirectory: '' }}
        />
      </div>
      <dl className={classes.formats}>
        {FORMATS.map((format) => (
          <div key={format}>
            <dt>{t(`format.${format}`)}</dt>
            <dd>{t(`about.${format}`)}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.dim}>
        {t('limits', {
          minClasses: String(most[0]),
          maxClasses: String(most[1]),
          minImages: integer(images[0]),
          maxImages: integer(images[1]),
          minSide: String(side[0]),
          maxSide: String(side[1]),
          pixels: String(megabytes(pixels)),
        })}{' '}
        {t('private')}
      </p>
      <Kept />
    </>
  );
}

function Kept() {
  const { t } = useTranslation('own');
  const list = useOwn((s) => s.list);
  if (list.length === 0) return null;
  return (
    <section aria-label={t('kept')}>
      <h3 className={classes.subtitle}>{t('kept')}</h3>
      <ul className={classes.kept}>
        {list.map((info) => (
          <KeptSet key={info.id} info={info} />
        ))}
      </ul>
    </section>
  );
}

function KeptSet({ info }: { info: DatasetInfo }) {
  const { t } = useTranslation('own');
  const { close, remove } = useOwn.getState();
  const { train, val, test } = info.counts;
  const use = () => {
    useLab.getState().setField('data', info.id);
    close();
  };
  return (
    <li className={classes.keptset}>
      <span className={classes.keptname}>
        {info.name} <span className={classes.id}>{info.id}</span>
        <span className={classes.dim}>
          {t('counts', {
            images: integer(train + val + test),
            size: `${info.shape[0]} × ${info.shape[1]}`,
            classes: integer(info.classes.length),
          })}
        </span>
      </span>
      <Button
        size="compact-sm"
        variant="default"
        onClick={use}
        aria-label={t('useNamed', { name: info.name })}
      >
        {t('use')}
      </Button>
      <Tooltip label={t('remove', { name: info.name })}>
        <ActionIcon aria-label={t('remove', { name: info.name })} onClick={() => remove(info.id)}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
