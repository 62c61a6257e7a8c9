/** The five numbers that matter: accuracy, weights, bytes, arithmetic, time. */
import { ActionIcon, Anchor, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { compact, fixed, integer, times } from '../../i18n/format';
import { useLab } from '../../store/lab';
import type { Preview, SpeedReport } from '../../worker/api';
import { accuracyText, kilobytes, msText, rangeText, shareText, signedPoints } from '../charts/numbers';
import { useSavable } from '../shell/NetworkButtons';
import { saveNetwork } from '../shell/networks';
import { Tile } from './Tile';
import classes from './tiles.module.css';
import { accuracyTile, formsIn, promised, type SpeedSide, sizeTile, speedTile, timed } from './values';

const SpeedDetails = lazy(() => import('./SpeedDetails').then((m) => ({ default: m.SpeedDetails })));
const HurtDialog = lazy(() => import('../hurt/HurtDialog').then((m) => ({ default: m.HurtDialog })));
const BreakDown = lazy(() => import('./BreakDown').then((m) => ({ default: m.BreakDown })));

export function Tiles() {
  const { t } = useTranslation('charts');
  const preview = useLab((s) => s.preview);
  const computing = useLab((s) => s.preview === undefined && s.run.status === 'running');
  return (
    <section className={classes.tiles} aria-label={t('tiles.all')}>
      <div className={classes.cells}>
        <AccuracyCell preview={preview} busy={computing || (preview !== undefined && !preview.test)} />
        <WeightsCell preview={preview} busy={computing} />
        <SizeCell preview={preview} busy={computing} />
        <ArithmeticCell preview={preview} busy={computing} />
        <SpeedCell preview={preview} busy={computing || (preview?.dense !== undefined && !preview.speed)} />
      </div>
    </section>
  );
}
interface CellProps {
  preview?: Preview;
  busy: boolean;
}

function AccuracyCell({ preview, busy }: CellProps) {
  const { t } = useTranslation('charts');
  const tile = preview && accuracyTile(preview);
  const shown = tile && accuracyText(tile.accuracy.correct, tile.accuracy.count);
  const counts = tile && { correct: integer(tile.accuracy.correct), images: integer(tile.accuracy.count) };
  const about =
    tile?.kind === 'test'
      ? t('tiles.accuracyTest', counts)
      : tile
        ? t('tiles.accuracyQuick', counts)
        : t('tiles.accuracyNone');
  return (
    <Tile
      label={t('tiles.accuracy')}
      value={tile?.kind === 'quick' ? `≈\u202f${shown}` : shown}
      second={
        tile?.kind === 'quick' ? (
          t('tiles.firstImages', counts)
        ) : tile?.change === undefined ? undefined : (
          <>
            <Change by={tile.change} />
            <br />
            <WhoGetsHurt />
          </>
        )
      }
      busy={busy}
      about={about}
    />
  );
}
/** Opens the comparison with the dense network, class by class. */
function WhoGetsHurt() {
  const { t } = useTranslation('compare');
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Anchor component="button" type="button" fz="xs" underline="always" onClick={open}>
        {t('ask')}
      </Anchor>
      {opened && (
        <Suspense fallback={null}>
          <HurtDialog onClose={close} />
        </Suspense>
      )}
    </>
  );
}
function Change({ by }: { by: number }) {
  const { t } = useTranslation('charts');
  const color = by < 0 ? classes.warn : by > 0 ? classes.good : '';
  return <span className={color}>{t('tiles.change', { points: signedPoints(by) })}</span>;
}

function WeightsCell({ preview, busy }: CellProps) {
  const { t } = useTranslation('charts');
  const facts = preview?.facts;
  return (
    <Tile
      label={t('tiles.weights')}
      value={facts && shareText(1 - facts.sparsity)}
      second={
        facts &&
        t('tiles.keptOf', { kept: integer(facts.kept), weights: integer(facts.weights + facts.removed) })
      }
      busy={busy}
      about={t('tiles.weightsAbout')}
    />
  );
}

function SizeCell({ preview, busy }: CellProps) {
  const { t } = useTranslation('charts');
  const size = preview && sizeTile(preview);
  const about = [
    t('tiles.sizeAbout'),
    ...(size ? [t('tiles.sizeExact', { bytes: integer(size.bytes) })] : []),
    ...(size?.denseBytes ? [t('tiles.sizeDense', { size: kilobytes(size.denseBytes) })] : []),
  ].join(' ');
  return (
    <Tile
      label={t('tiles.size')}
      value={size && kilobytes(size.bytes)}
      beside={size && <SaveIcon bytes={size.bytes} />}
      second={
        size && (
          <>
            {size.ratio !== undefined && (
              <>
                <SizeRatio ratio={size.ratio} />
                <br />
              </>
            )}
            <Contents />
          </>
        )
      }
      busy={busy}
      about={about}
    />
  );
}
/** Opens the break-down of the file. */
function Contents() {
  const { t } = useTranslation('deploy');
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Anchor component="button" type="button" fz="xs" underline="always" onClick={open}>
        {t('parts.open')}
      </Anchor>
      {opened && (
        <Suspense fallback={null}>
          <BreakDown onClose={close} />
        </Suspense>
      )}
    </>
  );
}
/** The number is the length of a file: here it is. */
function SaveIcon({ bytes }: { bytes: number }) {
  const { t } = useTranslation('deploy');
  const savable = useSavable();
  const label = t('file.saveSize', { size: kilobytes(bytes) });
  if (!savable) return null;
  return (
    <Tooltip label={t('file.saveText', { size: kilobytes(bytes) })} multiline maw={240}>
      <ActionIcon size={22} className={classes.save} aria-label={label} onClick={() => void saveNetwork()}>
        <IconDownload size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
function SizeRatio({ ratio }: { ratio: number }) {
  const { t } = useTranslation('charts');
  if (Math.abs(ratio - 1) < 0.005) return t('tiles.sameSize');
  if (ratio < 1)
    return <span className={classes.warn}>{t('tiles.larger', { ratio: times(1 / ratio) })}</span>;
  return <span className={classes.good}>{t('tiles.smaller', { ratio: times(ratio) })}</span>;
}

/** What the arithmetic would allow beside what the clock says: never the same thing. */
function Promised({ promise, speed }: { promise: number; speed?: SpeedReport }) {
  const { t } = useTranslation('deploy');
  const measured = speed && ratioText(speedTile(speed).latency, t('speed.noClaim'));
  return (
    <>
      {t('speed.promised', { ratio: times(promise) })}
      {measured !== undefined && (
        <>
          <br />
          {t('speed.measured', { ratio: measured })}
        </>
      )}
    </>
  );
}
function ArithmeticCell({ preview, busy }: CellProps) {
  const { t } = useTranslation('charts');
  const facts = preview?.facts;
  const promise = preview && promised(preview);
  return (
    <Tile
      label={t('tiles.arithmetic')}
      value={facts && compact(facts.macs)}
      second={
        facts && (
          <>
            {t('tiles.macs')}
            <br />
            {promise !== undefined && <Promised promise={promise} speed={timed(preview)} />}
          </>
        )
      }
      busy={busy}
      about={t('tiles.arithmeticAbout', {
        macs: integer(facts?.macs ?? 0),
        nonzero: integer(facts?.macsNonzero ?? 0),
      })}
    />
  );
}

function SpeedCell({ preview, busy }: CellProps) {
  const { t } = useTranslation('charts');
  const { t: deploy } = useTranslation('deploy');
  const speed = timed(preview);
  const tile = speed && speedTile(speed);
  const hidden = preview?.speed !== undefined && 'refused' in preview.speed;
  return (
    <Tile
      label={t('tiles.speed')}
      value={tile && ratioText(tile.latency, deploy('speed.noClaim'))}
      beside={speed && tile?.executed === 'dense' && <SpeedLink speed={speed} />}
      second={
        hidden
          ? deploy('speed.paused')
          : tile && (
              <>
                {deploy('speed.one', { time: msText(tile.latency.ms) })}
                <br />
                {deploy('speed.many', {
                  batch: String(speed.throughput.batch),
                  ratio: ratioText(tile.throughput, deploy('speed.noClaim')),
                  rate: compact(tile.throughput.rate),
                })}
                {tile.executed !== 'dense' && (
                  <>
                    <br />
                    <SpeedLink speed={speed} />
                  </>
                )}
              </>
            )
      }
      busy={busy && !hidden}
      about={
        tile
          ? t('tiles.speedAbout', {
              device: tile.device,
              range: rangeText(tile.latency.ratio.q1, tile.latency.ratio.q3),
            })
          : t('tiles.speedNone')
      }
    />
  );
}
/** No digits are claimed where the times cannot be told apart. */
const ratioText = ({ ratio, overlap, even }: SpeedSide, none: string): string =>
  even ? `≈${fixed(1, 1)}×` : overlap ? none : times(ratio.median);

/** Names the forms that run, or asks why nothing is faster; opens what is behind the number. */
function SpeedLink({ speed }: { speed: SpeedReport }) {
  const { t } = useTranslation('deploy');
  const [opened, { open, close }] = useDisclosure(false);
  const forms = formsIn(speed.latency).map(({ form }): string => t(`form.${form}`));
  const plain = speedTile(speed).executed === 'dense';
  const text = plain
    ? t('speed.why')
    : forms.length > 2
      ? t('speed.manyForms', { count: forms.length })
      : forms.join(' + ');
  return (
    <>
      <Anchor
        component="button"
        type="button"
        fz="xs"
        fw={400}
        underline="always"
        aria-label={t('speed.details', { text })}
        onClick={open}
      >
        {text}
      </Anchor>
      {opened && (
        <Suspense fallback={null}>
          <SpeedDetails onClose={close} />
        </Suspense>
      )}
    </>
  );
}
