/** Everything behind the measured speed-up: both batch sizes, kernels alone, the cross-check, forms, MACs. */
import { Group, Modal, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { compact, times } from '../../i18n/format';
import { useLab } from '../../store/lab';
import type { Pairing, SpeedAt, SpeedReport, Spread } from '../../worker/api';
import { accuracyText, msText, rangeText } from '../charts/numbers';
import classes from './break-down.module.css';
import { formsIn, promised, reasonOf, timed } from './values';

export function SpeedDetails({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('deploy');
  const preview = useLab((s) => s.preview);
  const speed = timed(preview);
  return (
    <Modal.Root opened onClose={onClose} size={760}>
      <Modal.Overlay />
      <Modal.Content>
        <Group justify="space-between" px="md" pt="sm" pb={4} wrap="nowrap">
          <Modal.Title fw={650}>{t('speed.title')}</Modal.Title>
          <Modal.CloseButton aria-label={t('parts.close')} />
        </Group>
        <Modal.Body>
          {speed ? (
            <>
              <Why speed={speed} />
              <Times speed={speed} />
              <Facts speed={speed} promise={preview && promised(preview)} />
            </>
          ) : (
            <p className={classes.note}>{t('speed.measuring')}</p>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Why({ speed }: { speed: SpeedReport }) {
  const { t } = useTranslation('deploy');
  const facts = useLab((s) => s.preview?.facts);
  const reason = reasonOf(speed, facts !== undefined && facts.kept < facts.weights);
  return reason === 'claimed' ? null : <p className={classes.reason}>{t(`speed.reason.${reason}`)}</p>;
}

function Times({ speed }: { speed: SpeedReport }) {
  const { t } = useTranslation('deploy');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard.
    <section className={classes.scroll} aria-label={t('speed.table')} tabIndex={0}>
      <Table fz="xs" verticalSpacing={4} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {(['what', 'dense', 'compressed', 'ratio', 'rate'] as const).map((key) => (
              <Table.Th key={key} scope="col">
                {t(`speed.${key}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[speed.latency, speed.throughput].flatMap((at) => [
            <TimesRow key={at.batch} at={at} pair={at} label={t('speed.endToEnd', batchOf(at))} />,
            at.kernel && (
              <TimesRow
                key={`${at.batch} kernel`}
                at={at}
                pair={at.kernel}
                label={t('speed.kernel', batchOf(at))}
              />
            ),
          ])}
        </Table.Tbody>
      </Table>
    </section>
  );
}
const batchOf = ({ batch }: SpeedAt) => ({ batch: String(batch) });

function TimesRow({ at, pair, label }: { at: SpeedAt; pair: Pairing; label: string }) {
  const { t } = useTranslation('deploy');
  const { dense, compressed, ratio, overlap } = pair;
  return (
    <Table.Tr>
      <Table.Th scope="row">{label}</Table.Th>
      <Table.Td>{spreadText(dense)}</Table.Td>
      <Table.Td>{spreadText(compressed)}</Table.Td>
      <Table.Td>
        {overlap ? t('speed.noClaim') : times(ratio.median)}
        <span className={classes.stored}>{rangeText(ratio.q1, ratio.q3)}</span>
      </Table.Td>
      <Table.Td>{t('speed.perSecond', { images: compact((1000 * at.batch) / compressed.median) })}</Table.Td>
    </Table.Tr>
  );
}
function spreadText({ median, q1, q3 }: Spread) {
  return (
    <>
      {msText(median)}
      <span className={classes.stored}>
        {msText(q1)} – {msText(q3)}
      </span>
    </>
  );
}

function Facts({ speed, promise }: { speed: SpeedReport; promise?: number }) {
  const { t } = useTranslation('deploy');
  const test = useLab((s) => s.preview?.test);
  const { latency, throughput, accuracy, device } = speed;
  const forms = (at: SpeedAt) =>
    formsIn(at)
      .map(({ form, layers }) => `${layers.join(', ')}: ${t(`form.${form}`)}`)
      .join('; ');
  const agrees = latency.slope.agrees && throughput.slope.agrees;
  return (
    <ul className={classes.facts}>
      <li>{t('speed.device', { device })}</li>
      <li>{t('speed.forms', { ...batchOf(latency), forms: forms(latency) })}</li>
      <li>{t('speed.forms', { ...batchOf(throughput), forms: forms(throughput) })}</li>
      <li>
        {t('speed.macs', { dense: compact(latency.macs.dense), executed: compact(latency.macs.executed) })}{' '}
        {promise !== undefined && t('speed.promise', { ratio: times(promise) })}
      </li>
      <li>{t(agrees ? 'speed.slope' : 'speed.slopeOff')}</li>
      {accuracy && test && (
        <li>
          {t('forms.accuracy', {
            rounded: accuracyText(accuracy.correct, accuracy.count),
            exact: accuracyText(test.correct, test.count),
          })}
        </li>
      )}
      <li>{t('speed.how')}</li>
    </ul>
  );
}
