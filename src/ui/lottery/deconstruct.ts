/** Studies that take tickets apart, as small charts on common axes: which line stands in which of them, and how it looks. */
import { armSpots } from '../../studies/spots';
import type { ArmPoint, ArmSeries, Band, Study } from '../../studies/types';
/** Which accuracy of a training is meant. */
export type At = 'stop' | 'end';

/** How a line looks and what it is called (`deconstruct.line.*`). */
export type LineKind =
  | 'masked'
  | 'init'
  | 'constant'
  | 'retrain'
  | 'ticket'
  | 'own'
  | 'original'
  | 'zero'
  | 'held';
export interface SmallLine {
  /** Of the arm. */
  id: string;
  kind: LineKind;
  /** Nothing as long as none of its points is finished. */
  points: readonly ArmPoint[];
}
export interface Small {
  /** A criterion, the values that kept weights begin from, or what is done with pruned ones. */
  id: string;
  lines: SmallLine[];
}

/** As drawn: later ones on top. */
export const LOOKS: Readonly<Record<LineKind, { color: string; dash?: string }>> = {
  masked: { color: 'var(--w-grey)' },
  retrain: { color: 'var(--w-green)' },
  init: { color: 'var(--w-blue)' },
  constant: { color: 'var(--w-orange)' },
  ticket: { color: 'var(--w-blue)' },
  zero: { color: 'var(--w-blue)' },
  own: { color: 'var(--w-orange)', dash: '6 3' },
  original: { color: 'var(--w-orange)' },
  held: { color: 'var(--w-orange)' },
};

/** Lines of which nothing is trained have no early stop of their own. */
const UNTRAINED: readonly LineKind[] = ['masked', 'init', 'constant'];
const OF_A_CRITERION: readonly LineKind[] = [...UNTRAINED, 'retrain'];

interface Place {
  /** Absent: in all of them, for the others to be held against. */
  small?: string;
  line: LineKind;
}
const SIGN = '-sign';
/** Which small chart an arm of such a study is in, and as what; undefined for one that no such study has. */
export function placeOf(kind: string, arm: string): Place | undefined {
  const [small, line] = arm.split('/');
  if (kind === 'criteria')
    return line && OF_A_CRITERION.includes(line as LineKind) ? { small, line: line as LineKind } : undefined;
  if (kind === 'mask-zero') return arm === 'zero' ? { line: 'zero' } : { small: arm, line: 'held' };
  if (arm === 'ticket') return { line: 'ticket' };
  if (arm.endsWith(SIGN)) return { small: arm.slice(0, -SIGN.length), line: 'original' };
  return { small: arm, line: 'own' };
}

/** All small charts of the study in its order, with what is finished of each. */
export function smallsOf(study: Study, series: readonly ArmSeries[]): Small[] {
  const smalls = new Map<string, Small>();
  const everywhere: SmallLine[] = [];
  for (const { arm } of armSpots(study)) {
    const place = placeOf(study.kind, arm);
    if (!place) continue;
    const points = series.find(({ id }) => id === arm)?.points ?? [];
    const line: SmallLine = { id: arm, kind: place.line, points };
    if (place.small === undefined) everywhere.push(line);
    else {
      const small = smalls.get(place.small) ?? { id: place.small, lines: [] };
      smalls.set(place.small, small);
      small.lines.push(line);
    }
  }
  return [...smalls.values()].map(({ id, lines }) => ({ id, lines: [...everywhere, ...lines] }));
}

/** What is drawn of a point: the accuracy that was asked for, and the only one there is where nothing was trained. */
export const bandAt = ({ kind }: SmallLine, point: ArmPoint, at: At): Band | undefined =>
  UNTRAINED.includes(kind) ? point.end : point[at];
/** Is there a choice between early stop and end? */
export const hasStop = (smalls: readonly Small[]): boolean =>
  smalls.some(({ lines }) =>
    lines.some(({ kind, points }) => !UNTRAINED.includes(kind) && points.some((p) => p.stop)),
  );
/** Kinds of lines, in the order in which they first appear. */
export const kindsOf = (smalls: readonly Small[]): LineKind[] => [
  ...new Set(smalls.flatMap(({ lines }) => lines.map(({ kind }) => kind))),
];

/** All that is drawn. */
export interface Shown {
  small: Small;
  line: SmallLine;
  point: ArmPoint;
  band: Band;
}
export const shownOf = (smalls: readonly Small[], at: At): Shown[] =>
  smalls.flatMap((small) =>
    small.lines.flatMap((line) =>
      line.points.flatMap((point) => {
        const band = bandAt(line, point, at);
        return band ? [{ small, line, point, band }] : [];
      }),
    ),
  );
