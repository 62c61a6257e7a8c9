/** Every layer with what compression did to it; all figures are computed from the state on screen. */
import { Anchor, Tooltip } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { compact, fixed, integer, percent } from '../../i18n/format';
import { useForms } from '../../store/forms';
import { useLab } from '../../store/lab';
import type { LayerFacts, SpeedReport } from '../../worker/api';
import { shapeText, shareText } from '../charts/numbers';
import { storedTexts } from '../tiles/stored';
import { timed } from '../tiles/values';
import { ExecutedForm } from './ExecutedForm';
import { executedLayers } from './executed';
import classes from './inspector.module.css';
import { totals } from './totals';
import { UnitGroups } from './UnitGroups';

const kilobytes = (bytes: number): string => fixed(bytes / 1000, bytes < 100_000 ? 1 : 0);

/** The last timing of the network on screen; that of a moment before while it is measured anew. */
function useSpeed(): { speed?: SpeedReport; stale: boolean } {
  const preview = useLab((s) => s.preview);
  const last = useRef<SpeedReport>(undefined);
  const now = timed(preview);
  if (now || (preview?.speed && 'refused' in preview.speed)) last.current = now;
  return { speed: now ?? last.current, stale: now === undefined };
}

export function LayerTable() {
  const { t } = useTranslation('charts');
  const facts = useLab((s) => s.preview?.facts);
  const { speed, stale } = useSpeed();
  if (!facts) return <div className={classes.empty}>{t('layers.empty')}</div>;
  const sum = totals(facts);
  const executed = speed && executedLayers(speed);
  const ranks = facts.layers.some((l) => l.rank > 0);
  const tight = ranks || facts.layers.some((l) => l.shape.length > 2);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll must be reachable by keyboard.
    <section className={classes.layers} aria-label={t('layers.title')} tabIndex={0}>
      <table data-tight={tight || undefined}>
        <thead>
          <tr>
            <th scope="col">{t('layers.layer')}</th>
            <th scope="col">{t('layers.shape')}</th>
            <th scope="col">{t('layers.kept')}</th>
            <th scope="col">{t('layers.bits')}</th>
            {ranks && <th scope="col">{t('layers.rank')}</th>}
            <th scope="col">kB</th>
            <th scope="col">MACs</th>
          </tr>
        </thead>
        <tbody>
          {facts.layers.map((l) => (
            <LayerRow key={l.name} layer={l} ranks={ranks}>
              {speed &&
                executed
                  ?.get(l.name)
                  ?.map((one, _, all) => (
                    <ExecutedForm
                      key={one.layer}
                      executed={one}
                      speed={speed}
                      stale={stale}
                      bits={l.bits}
                      named={all.length > 1}
                    />
                  ))}
            </LayerRow>
          ))}
        </tbody>
        <tfoot>
          {facts.normBytes > 0 && <NormRow bytes={facts.normBytes} ranks={ranks} />}
          <tr>
            <th scope="row">{t('layers.total')}</th>
            <td>{integer(sum.weights)}</td>
            <td>{shareText(sum.kept / Math.max(1, sum.weights))}</td>
            <td />
            {ranks && <td />}
            <td>{kilobytes(sum.bytes)}</td>
            <td>{compact(sum.macs)}</td>
          </tr>
        </tfoot>
      </table>
      <UnitGroups />
      <Overrides />
    </section>
  );
}
/** The way back to measurement, where forms were asked for. */
function Overrides() {
  const { t } = useTranslation('deploy');
  const asked = useForms((s) => Object.keys(s.forms).length);
  if (asked === 0) return null;
  return (
    <Anchor component="button" type="button" fz="xs" mt={6} onClick={() => useForms.getState().reset()}>
      {t('forms.reset', { count: asked })}
    </Anchor>
  );
}
function NormRow({ bytes, ranks }: { bytes: number; ranks: boolean }) {
  const { t } = useTranslation('charts');
  return (
    <tr data-plain>
      <th scope="row">{t('layers.norms')}</th>
      <td colSpan={2} />
      <td>–</td>
      {ranks && <td />}
      <td>
        <Explained label={t('layers.normsNote', { bytes: integer(bytes) })}>{kilobytes(bytes)}</Explained>
      </td>
      <td />
    </tr>
  );
}
interface RowProps {
  layer: LayerFacts;
  ranks: boolean;
  /** How it is executed, where that is known. */
  children?: ReactNode;
}
function LayerRow({ layer: l, ranks, children }: RowProps) {
  const { t } = useTranslation('charts');
  const stored = t('layers.stored', {
    form: storedTexts(l.stored),
    bytes: integer(l.bytes),
    kept: integer(l.kept),
    weights: integer(l.weights),
  });
  return (
    <>
      <tr data-formed={children ? true : undefined}>
        <th scope="row" title={t(`layers.kind.${l.kind}`)}>
          {l.name}
        </th>
        <td>{shapeText(l.shape)}</td>
        <td title={percent(l.kept / Math.max(1, l.weights), 3)}>
          {shareText(l.kept / Math.max(1, l.weights))}
        </td>
        <td>{l.bits}</td>
        {ranks && <td>{l.rank > 0 ? integer(l.rank) : '–'}</td>}
        <td>
          <Explained label={stored}>{kilobytes(l.bytes)}</Explained>
        </td>
        <td>{compact(l.macs)}</td>
      </tr>
      {children && (
        <tr data-form>
          <td colSpan={ranks ? 7 : 6}>{children}</td>
        </tr>
      )}
    </>
  );
}
/** A figure that says more when pointed at. */
function Explained({ label, children }: { label: string; children: string }) {
  return (
    <Tooltip label={label} multiline maw={260} events={{ hover: true, focus: true, touch: true }}>
      <span style={{ textDecoration: 'underline dotted', textUnderlineOffset: 3 }}>{children}</span>
    </Tooltip>
  );
}
