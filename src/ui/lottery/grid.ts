/** Where small charts lie in one drawing: as many beside each other as there is room for, axes in common. Pixels. */
import { type Plane, planeOf } from '../charts/plane';
import type { AxisScale } from '../charts/scales';

export interface Cell {
  plane: Plane;
  /** Its name, line by line. */
  title: readonly string[];
  /** Its values are written at the left. */
  first: boolean;
  /** Nothing is below it: its weights remaining are written there. */
  lowest: boolean;
}
export interface Grid {
  height: number;
  cells: Cell[];
}
const LEFT = 46;
const RIGHT = 14;
/** For a name of one line, and what each further line takes. */
const TOP = 22;
export const NAME_LINE = 14;
/** Ticks, and what the axis says. */
const BOTTOM = 40;
const BETWEEN = 14;
const UNDER = 20;
/** Narrower than this a line with its ticks cannot be read. */
const LEAST = 132;
/** One row may be as high as a chart by itself; several are flatter. */
const HIGH = { one: 250, more: 112 };
/** A figure of the names' type, rather too much than too little; a Chinese character is two. */
const FIGURE = 6.7;

/** The name in as few lines as fit, broken where there are spaces. */
export function linesOf(name: string, width: number): string[] {
  const wide = (text: string) => FIGURE * [...text].reduce((sum, c) => sum + (c > '\u2e80' ? 1.8 : 1), 0);
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && wide(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @param names of the charts, above them */
export function gridOf(
  names: readonly string[],
  width: number,
  scales: { x: AxisScale; y: AxisScale },
): Grid {
  const count = names.length;
  const fits = Math.max(1, Math.floor((width - LEFT - RIGHT + BETWEEN) / (LEAST + BETWEEN)));
  const rows = Math.ceil(count / Math.min(fits, count));
  // The same number of rows with fewer columns leaves fewer holes.
  const columns = Math.ceil(count / rows);
  const wide = (width - LEFT - RIGHT - BETWEEN * (columns - 1)) / columns;
  const high = rows === 1 ? HIGH.one : HIGH.more;
  const titles = names.map((name) => linesOf(name, wide));
  const above = TOP + NAME_LINE * (Math.max(1, ...titles.map((lines) => lines.length)) - 1);
  const cells = titles.map((title, i): Cell => {
    const left = LEFT + (i % columns) * (wide + BETWEEN);
    const top = above + Math.floor(i / columns) * (high + UNDER + above);
    const size = { width: left + wide, height: top + high };
    return {
      plane: planeOf(size, { left, top, right: 0, bottom: 0 }, scales),
      title,
      first: i % columns === 0,
      lowest: i + columns >= count,
    };
  });
  return { height: rows * (high + above) + (rows - 1) * UNDER + BOTTOM, cells };
}
