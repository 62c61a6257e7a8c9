/** Labels as text: a JSON list, one a line, or a column of CSV. */
import { refuse } from './problems';

const TITLE = /^(label|labels|class|classes|class_id|classid|target|category|y)$/i;
const unquote = (cell: string) => cell.trim().replace(/^"(.*)"$/, '$1');

/**
 * @returns one label per image, in order
 * @throws WinnowError where it is neither
 */
export function readLabels({ name, bytes }: { name: string; bytes: Uint8Array }): string[] {
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, '');
  return text.trimStart().startsWith('[') ? fromJson(name, text) : fromLines(text);
}

function fromJson(name: string, text: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw refuse('damaged', { name, what: 'JSON', reason: (error as Error).message });
  }
  const labels = Array.isArray(list) ? list : [];
  return labels.map((label: unknown, i) => {
    if (typeof label === 'string' || (typeof label === 'number' && Number.isInteger(label)))
      return String(label);
    throw refuse('text', { name, found: `${JSON.stringify(label)?.slice(0, 40)} (${i})` });
  });
}

/** The column that is titled as labels, else the last one; a title line is left out. */
function fromLines(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const separator = /[,;\t]/.exec(lines[0] ?? '')?.[0];
  const rows = lines.map((line) => (separator ? line.split(separator).map(unquote) : [unquote(line)]));
  const column = rows[0]?.findIndex((cell) => TITLE.test(cell)) ?? -1;
  const labels = rows.map((row) => row.at(column)!);
  const numeric = (cell: string) => /^-?\d+$/.test(cell);
  const titled = column >= 0 || (labels.length > 1 && !numeric(labels[0]) && labels.slice(1).every(numeric));
  return titled ? labels.slice(1) : labels;
}
