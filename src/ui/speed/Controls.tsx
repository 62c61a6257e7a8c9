/** What to look at: subject on the left, axis and batch over the charts. */
import { Radio, SegmentedControl, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import {
  isNetwork,
  SPEED_AXES,
  SPEED_BATCHES,
  SPEED_SUBJECTS,
  type SpeedSubject,
  speedArch,
  speedMacs,
} from '../../catalog/speed';
import { compact } from '../../i18n/format';
import { weightCount } from '../../models/build';
import { useSpeed } from '../../store/speed';
import classes from './speed.module.css';

export function Subjects() {
  const { t } = useTranslation('speed');
  const subject = useSpeed((s) => s.subject);
  return (
    <section className={`w-card ${classes.subjects}`}>
      <Radio.Group
        value={subject}
        label={t('subject.label')}
        onChange={(v) => useSpeed.getState().choose({ subject: v as SpeedSubject })}
      >
        <Choices title={t('subject.layers')} list={SPEED_SUBJECTS.filter((s) => !isNetwork(s))} />
        <Choices title={t('subject.networks')} list={SPEED_SUBJECTS.filter(isNetwork)} />
      </Radio.Group>
    </section>
  );
}
function Choices({ title, list }: { title: string; list: readonly SpeedSubject[] }) {
  const { t } = useTranslation('speed');
  const points = useSpeed((s) => s.own?.points);
  const count = (subject: SpeedSubject) => points?.filter((p) => p.subject === subject).length ?? 0;
  return (
    <>
      <p className={classes.group}>{title}</p>
      <Stack gap={5}>
        {list.map((subject) => (
          <Radio
            key={subject}
            value={subject}
            size="xs"
            label={t(`subject.${subject}`)}
            description={[
              t('subject.size', {
                weights: compact(weightCount(speedArch(subject))),
                macs: compact(speedMacs(subject)),
              }),
              ...(count(subject) > 0 ? [t('subject.points', { count: count(subject) })] : []),
            ].join(' · ')}
          />
        ))}
      </Stack>
    </>
  );
}

export function Toolbar() {
  const { t } = useTranslation('speed');
  const { axis, batch, choose } = useSpeed();
  return (
    <div className={classes.toolbar}>
      <SegmentedControl
        size="xs"
        aria-label={t('axis.label')}
        value={axis}
        onChange={(v) => choose({ axis: v as typeof axis })}
        data={SPEED_AXES.map((a) => ({ value: a, label: t(`axis.${a}`) }))}
      />
      <span className={classes.with}>
        <span aria-hidden>{t('batch.label')}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('batch.label')}
          value={String(batch)}
          onChange={(v) => choose({ batch: Number(v) })}
          data={SPEED_BATCHES.map((b) => ({
            value: String(b),
            label: t(b === 1 ? 'batch.one' : 'batch.many'),
          }))}
        />
      </span>
    </div>
  );
}
