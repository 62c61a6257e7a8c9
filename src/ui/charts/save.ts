/** Charts as files: the drawing on screen with its looks written into it, under a title, as SVG or PNG. */
export interface LegendItem {
  label: string;
  color: string;
  /** Dash pattern of the line, in pixels; none = solid. */
  dash?: string;
  /** A dot without a line. */
  dot?: boolean;
  /** Of the line, in pixels. */
  width?: number;
  /** Lets the entry switch what it names on and off. */
  key?: string;
}
export interface Picture {
  title: string;
  subtitle: string;
  legend: readonly LegendItem[];
  background: string;
  text: string;
  muted: string;
  font: string;
}
const NS = 'http://www.w3.org/2000/svg';
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'visibility',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];

/** Standalone SVG text of the drawing, its computed styles inlined, with title and legend. */
export function svgText(drawing: SVGSVGElement, picture: Picture): string {
  const { width, height } = drawing.getBoundingClientRect();
  const head = 52;
  const rows = legendRows(picture.legend, width);
  const total = head + height + rows.length * 18 + 12;
  const svg = document.createElementNS(NS, 'svg');
  setAll(svg, {
    xmlns: NS,
    width,
    height: total,
    viewBox: `0 0 ${width} ${total}`,
    'font-family': picture.font,
  });
  svg.append(make('rect', { width, height: total, fill: picture.background }));
  svg.append(
    make('text', { x: 12, y: 22, 'font-size': 15, 'font-weight': 650, fill: picture.text }, picture.title),
  );
  svg.append(make('text', { x: 12, y: 40, 'font-size': 11, fill: picture.muted }, picture.subtitle));
  const copy = inlined(drawing);
  setAll(copy, { x: 0, y: head, width, height });
  svg.append(copy);
  for (const [i, row] of rows.entries())
    for (const item of row) svg.append(...legendMarks(item, head + height + 12 + i * 18, picture));
  return new XMLSerializer().serializeToString(svg);
}
function inlined(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll('*')];
  const to = [copy, ...copy.querySelectorAll('*')];
  for (const [i, element] of from.entries()) {
    const style = getComputedStyle(element);
    for (const look of LOOKS) {
      const value = style.getPropertyValue(look);
      if (value) to[i].setAttribute(look, value);
    }
    to[i].removeAttribute('style');
    to[i].removeAttribute('class');
  }
  for (const hidden of copy.querySelectorAll('[data-hit]')) hidden.remove();
  return copy;
}
type Placed = LegendItem & { x: number };
function legendRows(items: readonly LegendItem[], width: number): Placed[][] {
  const rows: Placed[][] = [];
  let x = width;
  for (const item of items) {
    const wide = 32 + item.label.length * 7;
    if (rows.length === 0 || x + wide > width) {
      rows.push([]);
      x = 12;
    }
    rows[rows.length - 1].push({ ...item, x });
    x += wide;
  }
  return rows;
}
function legendMarks(item: Placed, y: number, picture: Picture): SVGElement[] {
  const line = {
    x1: item.x,
    x2: item.x + 16,
    y1: y,
    y2: y,
    stroke: item.color,
    'stroke-width': item.width ?? 2,
  };
  const mark = item.dot
    ? make('circle', { cx: item.x + 8, cy: y, r: 5, fill: item.color })
    : make('line', item.dash ? { ...line, 'stroke-dasharray': item.dash } : line);
  return [mark, make('text', { x: item.x + 21, y: y + 4, 'font-size': 11, fill: picture.muted }, item.label)];
}
function make(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const element = document.createElementNS(NS, name);
  setAll(element, attributes);
  if (text !== undefined) element.textContent = text;
  return element;
}
function setAll(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** Draws SVG text on a canvas at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml;charset=utf-8' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no image.'))),
        'image/png',
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
export function save(name: string, content: Blob | string, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
/** `winnow-accuracy-sparsity-a41f09c2.csv`: what it shows and of which experiment. */
export const fileName = (what: string, hash: string, ending: string): string =>
  `winnow-${what}-${hash.slice(0, 8)}.${ending}`;
