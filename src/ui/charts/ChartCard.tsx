/** Frame of every chart: title, what it shows in words, legend, the table behind it and its files. */
import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconFileTypeCsv, IconFileTypeSvg, IconPhoto, IconTable } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../../store/lab';
import classes from './charts.module.css';
import { type DataTable, toCsv } from './csv';
import { currentHash } from './hash';
import { Legend } from './Legend';
import { fileName, type LegendItem, pngOf, save, svgText } from './save';
import { TableModal } from './TableModal';

export interface ChartCardProps {
  /** Hash of the experiment that was drawn, where it may be another than the one on screen. */
  exp?: string;
  /** Part of file names, in English. */
  id: string;
  title: string;
  subtitle: string;
  /** The chart in words; read in its place by screen readers. */
  summary: string;
  /** Made only when someone asks for it. */
  table: () => DataTable;
  legend?: readonly LegendItem[];
  /** Keys of legend entries whose lines are not drawn, and the switch; without it the legend only names. */
  toggle?: { hidden: ReadonlySet<string>; flip(key: string): void };
  note?: ReactNode;
  /** As high as the window allows: for a chart that is what the page is about. */
  tall?: boolean;
  /** As wide as the grid it stands in. */
  wide?: boolean;
  /** Said in place of the plot while there is nothing to draw. */
  empty?: string;
  /** Beside the title: what else the chart can show. */
  tools?: ReactNode;
  /** Keyboard's way to what a click on a point does. */
  use?: { label: string; act: (row: number) => void };
  children: ReactNode;
}

export function ChartCard(props: ChartCardProps) {
  const {
    id,
    title,
    subtitle,
    summary,
    table,
    legend = [],
    toggle,
    note,
    empty,
    use,
    tools,
    children,
    tall,
    wide,
  } = props;
  const plot = useRef<HTMLDivElement>(null);
  const [opened, { open, close }] = useDisclosure(false);
  const files = useFiles(plot, props);
  return (
    <section
      className={`w-card ${classes.card}`}
      aria-label={title}
      data-chart={id}
      data-wide={wide || undefined}
    >
      <div className={classes.head}>
        <div className={classes.titles}>
          <h3 className={classes.title}>{title}</h3>
          <p className={classes.subtitle}>{subtitle}</p>
        </div>
        {tools}
        <CardMenu title={title} disabled={empty !== undefined} openTable={open} files={files} />
      </div>
      <div className={classes.plot} data-tall={tall || undefined} ref={plot}>
        {empty === undefined ? (
          <div role="img" aria-label={summary} style={{ height: '100%' }}>
            {children}
          </div>
        ) : (
          <div className={classes.empty}>{empty}</div>
        )}
      </div>
      {empty === undefined && <Legend items={legend} hidden={toggle?.hidden} onToggle={toggle?.flip} />}
      {note}
      {opened && <TableModal onClose={close} title={title} table={table()} use={use} saveCsv={files.csv} />}
    </section>
  );
}

interface Files {
  csv(): void;
  svg(): void;
  png(): void;
}
function useFiles(
  plot: React.RefObject<HTMLDivElement | null>,
  { id, title, subtitle, legend = [], toggle, table, exp }: ChartCardProps,
): Files {
  const { t } = useTranslation('charts');
  const report = useLab((s) => s.report);
  const hash = () => exp ?? currentHash();
  const drawn = (): string | undefined => {
    const drawing = plot.current?.querySelector<SVGSVGElement>('svg.recharts-surface, svg[data-drawing]');
    if (!plot.current || !drawing) return undefined;
    const style = getComputedStyle(plot.current);
    const role = (name: string) => style.getPropertyValue(name).trim();
    const shown = legend.filter((item) => item.key === undefined || !toggle?.hidden.has(item.key));
    const colors = shown.map((item) => ({
      ...item,
      color: resolve(plot.current as HTMLElement, item.color),
    }));
    return svgText(drawing, {
      title,
      subtitle: `${subtitle} · #${hash().slice(0, 8)}`,
      legend: colors,
      background: role('--w-card'),
      text: role('--w-text'),
      muted: role('--w-muted'),
      font: style.fontFamily,
    });
  };
  return {
    csv: () => save(fileName(id, hash(), 'csv'), toCsv(table()), 'text/csv;charset=utf-8'),
    svg: () => {
      const svg = drawn();
      if (svg) save(fileName(id, hash(), 'svg'), svg, 'image/svg+xml');
    },
    png: () => {
      const svg = drawn();
      if (!svg) return;
      pngOf(svg).then(
        (blob) => save(fileName(id, hash(), 'png'), blob),
        (error: unknown) =>
          report({ code: 'png-failed', path: '', message: t('card.pngFailed', { reason: String(error) }) }),
      );
    },
  };
}
/** A colour given as a CSS variable, as the browser computes it. */
function resolve(inside: HTMLElement, color: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  return name ? getComputedStyle(inside).getPropertyValue(name).trim() : color;
}

function CardMenu(props: { title: string; disabled: boolean; openTable: () => void; files: Files }) {
  const { t } = useTranslation('charts');
  const { files, disabled } = props;
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false} shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('card.menu', { title: props.title })}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTable size={16} />} onClick={props.openTable} disabled={disabled}>
          {t('card.table')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileTypeCsv size={16} />} onClick={files.csv} disabled={disabled}>
          {t('card.csv')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileTypeSvg size={16} />} onClick={files.svg} disabled={disabled}>
          {t('card.svg')}
        </Menu.Item>
        <Menu.Item leftSection={<IconPhoto size={16} />} onClick={files.png} disabled={disabled}>
          {t('card.png')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
