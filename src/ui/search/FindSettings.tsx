/** Goal, budget, Start and Stop of a search for the values per layer of a card, and its answer. */
import { Button, Group, NativeSelect, NumberInput, Progress } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import type { NumberParam } from '../../spec/params';
import { useLab } from '../../store/lab';
import { type Hunt, useSearch } from '../../store/search';
import { huntLine } from '../../store/search-lines';
import type { Goal, SearchSubject } from '../../worker/api-search';
import { Disclosure } from '../controls/Disclosure';
import classes from './search.module.css';
import { nothingText, numbersOf, settingText } from './words';

type Kind = Goal['kind'];
const KINDS: readonly Kind[] = ['smallest', 'fastest', 'accurate'];
const SECONDS = [20, 60, 300];
/** How the number of a goal is entered. */
const FIELD = {
  smallest: { min: 0, max: 100, step: 0.1, decimals: 2 },
  fastest: { min: 0, max: 100, step: 0.5, decimals: 2 },
  accurate: { min: 0.1, max: 1e6, step: 5, decimals: 1 },
} as const;

interface Props {
  at: string;
  /** The parameter with values per layer, and the one that they override. */
  name: string;
  param: NumberParam;
  layers: readonly string[];
}
export function FindSettings(props: Props) {
  const { t } = useTranslation('search');
  return (
    <Disclosure label={t('find.title')}>
      <Panel {...props} />
    </Disclosure>
  );
}

/** Where numbers start: half a point; the dense accuracy rounded down; a twentieth of the dense file. */
function useFirst(): Record<Kind, number> {
  const dense = useLab((s) => s.preview?.dense);
  return useMemo(() => {
    const accuracy = dense?.test ? (dense.test.correct / dense.test.count) * 100 : 97.5;
    const kilobytes = dense ? dense.facts.bytes / 20_000 : 50;
    return {
      smallest: 0.5,
      fastest: Math.floor(accuracy - 0.25),
      accurate: Math.max(1, Number(kilobytes.toPrecision(1))),
    };
  }, [dense]);
}
const goalOf = (kind: Kind, amount: number): Goal =>
  kind === 'smallest'
    ? { kind, points: amount }
    : kind === 'fastest'
      ? { kind, accuracy: amount / 100 }
      : { kind, bytes: Math.round(amount * 1000) };
const amountOf = (goal: Goal): number =>
  goal.kind === 'smallest'
    ? goal.points
    : goal.kind === 'fastest'
      ? Number((goal.accuracy * 100).toFixed(6))
      : goal.bytes / 1000;

function Panel({ at, name, param, layers }: Props) {
  const { t } = useTranslation('search');
  const line = useLab((s) => huntLine({ experiment: s.experiment, at, param: name, layers }));
  const hunt = useSearch((s) => s.hunts[line]);
  const trained = useLab((s) => s.cards[at] === 'done');
  const training = useLab((s) => s.run.status === 'running' || s.run.status === 'paused');
  const dead = useLab((s) => s.worker.status !== 'ready');
  const first = useFirst();
  const [kind, setKind] = useState<Kind>(hunt?.goal.kind ?? 'smallest');
  const [amounts, setAmounts] = useState<Partial<Record<Kind, number | string>>>(
    hunt ? { [hunt.goal.kind]: amountOf(hunt.goal) } : {},
  );
  const [seconds, setSeconds] = useState(hunt?.seconds ?? 60);
  const amount = amounts[kind] ?? first[kind];
  const { min, max, step, decimals } = FIELD[kind];
  const valid = amount !== '' && Number(amount) >= min && Number(amount) <= max;
  const running = hunt?.status === 'running';
  const start = () => {
    const subject: SearchSubject = { experiment: useLab.getState().experiment, at, param: name, layers };
    useLab.getState().setActive(at);
    useSearch.getState().find(subject, goalOf(kind, Number(amount)), seconds);
  };
  return (
    <div className={classes.find}>
      <p className={classes.about}>{t('find.intro')}</p>
      <div className={classes.wish}>
        <NativeSelect
          size="xs"
          classNames={{ root: classes.kind }}
          aria-label={t('find.goal')}
          value={kind}
          disabled={running}
          onChange={(e) => setKind(e.currentTarget.value as Kind)}
          data={KINDS.map((k) => ({ value: k, label: t(`find.kind.${k}`) }))}
        />
        <div className={classes.amount}>
          <NumberInput
            key={kind}
            size="xs"
            classNames={{ root: classes.field }}
            aria-label={t(`find.amountName.${kind}`)}
            value={amount}
            min={min}
            max={max}
            step={step}
            decimalScale={decimals}
            allowNegative={false}
            clampBehavior="blur"
            error={!valid}
            disabled={running}
            onChange={(v) => setAmounts({ ...amounts, [kind]: v })}
          />
          <span>{t(`find.amount.${kind}`)}</span>
        </div>
      </div>
      <Group gap={8} wrap="nowrap">
        {running ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            onClick={() => useSearch.getState().stop()}
          >
            {t('find.stop')}
          </Button>
        ) : (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            disabled={!valid || !trained || training || dead}
            onClick={start}
          >
            {t(hunt ? 'find.again' : 'find.start')}
          </Button>
        )}
        <NativeSelect
          size="xs"
          classNames={{ root: classes.time }}
          aria-label={t('find.time')}
          value={String(seconds)}
          disabled={running}
          onChange={(e) => setSeconds(Number(e.currentTarget.value))}
          data={SECONDS.map((s) => ({ value: String(s), label: s < 60 ? duration(s) : minutes(t, s / 60) }))}
        />
      </Group>
      {training ? (
        <p className={classes.about}>{t('find.training')}</p>
      ) : (
        !trained && <p className={classes.about}>{t('find.untrained')}</p>
      )}
      {hunt && <Outcome hunt={hunt} line={line} param={param} />}
    </div>
  );
}
const minutes = (t: ReturnType<typeof useTranslation<'search'>>['t'], count: number): string =>
  t('find.minutes', { count });

function Outcome({ hunt, line, param }: { hunt: Hunt; line: string; param: NumberParam }) {
  const { t } = useTranslation('search');
  const { seconds, status, measure, tried, phase, secondsLeft, problem, hidden } = hunt;
  const running = status === 'running';
  const left = running && phase === 'settings';
  return (
    <>
      {running && (
        <div>
          <div className={classes.counts}>
            <span>{t(`find.phase.${phase}`)}</span>
            <span>{left && t('find.left', { time: duration(secondsLeft) })}</span>
          </div>
          <Progress
            size="sm"
            my={4}
            value={left ? 100 * (1 - secondsLeft / seconds) : phase === 'times' ? 100 : 0}
            animated={!left}
            aria-label={t('find.progress')}
          />
        </div>
      )}
      <div className={classes.counts} data-tried={tried.length}>
        <span>{t('find.count', { count: tried.length })}</span>
      </div>
      <Answer hunt={hunt} line={line} param={param} />
      {measure && hidden && <p className={classes.warn}>{t('find.hidden')}</p>}
      {status === 'cut' && <p className={classes.warn}>{t('find.cut')}</p>}
      {problem && (
        <p className={classes.error} role="alert">
          {t('find.failed', { reason: sayProblem(problem) })}
        </p>
      )}
    </>
  );
}

function Answer({ hunt, line, param }: { hunt: Hunt; line: string; param: NumberParam }) {
  const { t } = useTranslation('search');
  const applied = useSearch((s) => (s.applied?.line === line ? s.applied.number : undefined));
  const { status, measure, tried, best, closest, goal } = hunt;
  const running = status === 'running';
  const winner = best === undefined ? undefined : tried[best - 1];
  const near = closest === undefined ? undefined : tried[closest - 1];
  if (!measure || !winner) {
    if (running) return <p className={classes.about}>{t('find.none')}</p>;
    if (status === 'failed') return null;
    const enough =
      measure && near && (goal.kind !== 'fastest' || near.full === undefined || reaches(near, goal));
    const text = !measure || !near ? t('find.nothingTried') : nothingText(t, goal, near, measure);
    return (
      <p className={classes.answer} role="status">
        {enough && goal.kind === 'fastest' ? t('find.untimed') : text}
      </p>
    );
  }
  return (
    <>
      <p className={classes.answer} role="status" data-answer>
        <b>{settingText(t, winner.setting, param)}</b>
        <br />
        {numbersOf(t, winner, measure).join(', ')}
        <br />
        <span>{t('find.by', { who: t(`who.${winner.by}`) })}</span>
      </p>
      <Group gap={8}>
        <Button
          size="xs"
          variant={running || applied === best ? 'default' : 'filled'}
          disabled={applied === best}
          leftSection={<IconCheck size={14} aria-hidden />}
          onClick={() => useSearch.getState().apply(line, winner.number)}
        >
          {t(applied === best ? 'find.applied' : 'find.apply')}
        </Button>
        {applied !== undefined && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            onClick={() => useSearch.getState().back()}
          >
            {t('find.back')}
          </Button>
        )}
      </Group>
      <p className={classes.about}>{t('find.validation')}</p>
    </>
  );
}
const reaches = ({ full }: Hunt['tried'][number], goal: Goal): boolean =>
  goal.kind === 'fastest' && full !== undefined && full.correct / full.count >= goal.accuracy;
