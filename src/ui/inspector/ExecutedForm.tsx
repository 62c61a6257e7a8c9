/** In which form a layer runs and why, what else was timed, and the choice of another. */
import { Popover, Radio, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { compact, times } from '../../i18n/format';
import { useForms } from '../../store/forms';
import { useLab } from '../../store/lab';
import type { ExecForm, FormTiming, SpeedReport } from '../../worker/api';
import { accuracyText, msText, rangeText } from '../charts/numbers';
import { type Candidate, type ExecutedLayer, inexactForms, onRequest } from './executed';
import classes from './inspector.module.css';

interface Props {
  executed: ExecutedLayer;
  speed: SpeedReport;
  /** Being measured anew: what is shown is from before. */
  stale: boolean;
  /** Per weight of the layer. */
  bits: number;
  /** Said in front where a layer is executed as two. */
  named: boolean;
}
export function ExecutedForm({ executed, speed, stale, bits, named }: Props) {
  const { t } = useTranslation('deploy');
  const { layer, one, many } = executed;
  const form = (id: ExecForm): string => t(`form.${id}`);
  const runs =
    one.form === many.form
      ? form(one.form)
      : t('forms.both', {
          one: form(one.form),
          many: form(many.form),
          batch: String(speed.throughput.batch),
        });
  const inexact = inexactForms([executed]).length > 0;
  return (
    <div className={classes.form} aria-busy={stale || undefined}>
      <Popover width={390} position="bottom-end" shadow="md" withArrow trapFocus>
        <Popover.Target>
          <UnstyledButton className={classes.formbutton} aria-label={t('forms.of', { layer, form: runs })}>
            {named && `${layer}: `}
            <strong>{runs}</strong>
            <IconChevronDown size={12} aria-hidden />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown maw="94vw" className={classes.formpanel}>
          <Choice executed={executed} speed={speed} bits={bits} />
        </Popover.Dropdown>
      </Popover>
      <span className={classes.formwhy}>
        {stale ? t('forms.measuring') : t(`forms.why.${one.chosen}`)}
        {inexact && <span className={classes.rounds}> {t('forms.roundsShort')}</span>}
      </span>
    </div>
  );
}

function Choice({ executed, speed, bits }: Pick<Props, 'executed' | 'speed' | 'bits'>) {
  const { t } = useTranslation('deploy');
  const { layer, candidates } = executed;
  const chosen: string = useForms((s) => s.forms[layer] ?? 'auto');
  const { choose } = useForms.getState();
  const untimed = onRequest(executed, bits);
  const rounds = untimed.length > 0 || candidates.some(({ exact }) => !exact);
  // Refused by the worker: this kernel cannot be held so.
  const ignored = chosen !== 'auto' && chosen !== executed.one.form && executed.one.chosen !== 'override';
  return (
    <>
      <Text fw={650} size="sm" mb={4}>
        {t('forms.title', { layer })}
      </Text>
      {candidates.length === 0 && untimed.length === 0 ? (
        <Text size="xs">{t('forms.only')}</Text>
      ) : (
        <Radio.Group
          value={chosen}
          onChange={(v: string) => choose(layer, v === 'auto' ? undefined : (v as ExecForm))}
          aria-label={t('forms.title', { layer })}
        >
          <Radio size="xs" value="auto" label={t('forms.auto')} mb={4} />
          <table className={classes.candidates}>
            <thead>
              <tr>
                <th scope="col">{t('forms.form')}</th>
                <th scope="col">{t('forms.batch', { batch: '1' })}</th>
                <th scope="col">{t('forms.batch', { batch: String(speed.throughput.batch) })}</th>
                <th scope="col">{t('forms.macs')}</th>
              </tr>
            </thead>
            <tbody>
              {candidates.map((candidate) => (
                <CandidateRow key={candidate.form} candidate={candidate} executed={executed} />
              ))}
              {untimed.map((form) => (
                <tr key={form}>
                  <th scope="row">
                    <Radio size="xs" value={form} label={`${t(`form.${form}`)} *`} />
                  </th>
                  <td colSpan={3}>{t('forms.untimed')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Radio.Group>
      )}
      {ignored && (
        <Text size="xs" mt={6} className={classes.rounds}>
          {t('forms.ignored')}
        </Text>
      )}
      {rounds && <Rounds speed={speed} />}
      <Text size="xs" c="dimmed" mt={6} lh={1.4}>
        {t('forms.how', { device: speed.device })}
      </Text>
    </>
  );
}
function CandidateRow({ candidate, executed }: { candidate: Candidate; executed: ExecutedLayer }) {
  const { t } = useTranslation('deploy');
  const { form, exact, macs, one, many } = candidate;
  return (
    <tr>
      <th scope="row">
        <Radio size="xs" value={form} label={`${t(`form.${form}`)}${exact ? '' : ' *'}`} />
      </th>
      <TimeCell timing={one} runs={executed.one.form === form} />
      <TimeCell timing={many} runs={executed.many.form === form} />
      <td>{compact(macs)}</td>
    </tr>
  );
}
function TimeCell({ timing, runs }: { timing?: FormTiming; runs: boolean }) {
  if (!timing) return <td>–</td>;
  const { ms, ratio } = timing;
  return (
    <td title={rangeText(ratio.q1, ratio.q3)} data-runs={runs || undefined}>
      {msText(ms.median)}
      <br />
      {times(ratio.median)}
    </td>
  );
}
/** What rounding activations does to accuracy, where such a form runs. */
function Rounds({ speed }: { speed: SpeedReport }) {
  const { t } = useTranslation('deploy');
  const test = useLab((s) => s.preview?.test);
  const { accuracy } = speed;
  return (
    <Text size="xs" mt={6} lh={1.4}>
      {t('forms.rounds')}{' '}
      {accuracy &&
        test &&
        t('forms.accuracy', {
          rounded: accuracyText(accuracy.correct, accuracy.count),
          exact: accuracyText(test.correct, test.count),
        })}
    </Text>
  );
}
