/** What a chart plots, as a table: shown on screen, read by screen readers and saved as CSV. */
export type Cell = string | number | undefined;
export interface Column {
  /** Header in the file, the same in every language, unit included where there is one. */
  key: string;
  /** Header on screen. */
  label: string;
  /** How a cell reads on screen; the file holds the number in full. */
  show?: (value: never) => string;
}
export interface DataTable {
  columns: Column[];
  rows: Record<string, Cell>[];
}

/** One cell after RFC 4180. Text that a spreadsheet would take for a formula is defused with an apostrophe. */
export function csvCell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
/** CSV with a header line, CRLF line ends (RFC 4180), numbers with a point and in full precision. */
export function toCsv(table: DataTable): string {
  const head = table.columns.map((c) => csvCell(c.key));
  const body = table.rows.map((row) => table.columns.map((c) => csvCell(row[c.key])));
  return [head, ...body].map((cells) => `${cells.join(',')}\r\n`).join('');
}
export function cellText(column: Column, value: Cell): string {
  if (value === undefined) return '–';
  return column.show ? column.show(value as never) : String(value);
}
