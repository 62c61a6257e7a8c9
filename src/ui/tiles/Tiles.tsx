/** The five numbers that matter: accuracy, weights, bytes, arithmetic, time. */
import { ActionIcon, Anchor, Popover, Text, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { compact, fixed, integer, times } from '../../i18n/format';
import { useLab } from '../../store/lab';
import type { Preview } from '../../worker/api';
import { accuracyText, kilobytes, rangeText, shareText, signedPoints } from '../charts/numbers';
import { useSavable } from '../shell/NetworkButtons';
import { saveNetwork } from '../shell/networks';
import { Tile } from './Tile';
import classes from './tiles.module.css';
import { accuracyTile, type SpeedSide, type SpeedTile, sizeTile, speedTile, timed } from './values';

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
          <Change by={tile.change} />
        )
      }
      busy={busy}
      about={about}
    />
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
      second={facts && t('tiles.keptOf', { kept: integer(facts.kept), weights: integer(facts.weights) })}
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
      second={size?.ratio === undefined ? undefined : <SizeRatio ratio={size.ratio} />}
      busy={busy}
      about={about}
    />
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

function ArithmeticCell({ preview, busy }: CellProps) {
  const { t } = useTranslation('charts');
  const facts = preview?.facts;
  return (
    <Tile
      label={t('tiles.arithmetic')}
      value={facts && compact(facts.macs)}
      second={
        facts && (
          <>
            {t('tiles.macs')}
            <br />
            {t('tiles.nonzero', { macs: compact(facts.macsNonzero) })}
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
  const speed = timed(preview);
  const tile = speed && speedTile(speed);
  return (
    <Tile
      label={t('tiles.speed')}
      value={tile && ratioText(tile.latency)}
      beside={
        (tile?.executed === 'dense' || tile?.latency.overlap || tile?.throughput.overlap) && (
          <Why tile={tile} masked={(preview?.facts.sparsity ?? 0) > 0} />
        )
      }
      second={
        tile && (
          <>
            {t('tiles.batch1', { range: rangeText(tile.latency.ratio.q1, tile.latency.ratio.q3) })}
            <br />
            {t('tiles.batch256', { ratio: ratioText(tile.throughput) })}
          </>
        )
      }
      busy={busy}
      about={tile ? t('tiles.speedAbout', { device: tile.device }) : t('tiles.speedNone')}
    />
  );
}
/** No digits are claimed where the times cannot be told apart. */
const ratioText = ({ ratio, overlap, even }: SpeedSide): string =>
  even ? `≈${fixed(1, 1)}×` : overlap ? `≈${fixed(ratio.median, 1)}×` : times(ratio.median);

function Why({ tile, masked }: { tile: SpeedTile; masked: boolean }) {
  const { t } = useTranslation('charts');
  const reason =
    tile.executed === 'dense' ? (masked ? t('tiles.whyMasked') : t('tiles.whyDense')) : t('tiles.whyThin');
  return (
    <Popover width={320} position="bottom-end" shadow="md" withArrow>
      <Popover.Target>
        <Anchor component="button" type="button" fz="xs" fw={400} underline="always">
          {t('tiles.why')}
        </Anchor>
      </Popover.Target>
      <Popover.Dropdown>
        <Text component="div" fz="xs" lh={1.5}>
          <p style={{ margin: '0 0 6px' }}>{reason}</p>
          <p style={{ margin: 0 }}>
            {t('tiles.whyHow', {
              device: tile.device,
              one: rangeText(tile.latency.ratio.q1, tile.latency.ratio.q3),
              many: rangeText(tile.throughput.ratio.q1, tile.throughput.ratio.q3),
            })}
          </p>
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
