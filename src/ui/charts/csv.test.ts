import { expect, test } from 'vitest';
import { cellText, csvCell, toCsv } from './csv';

test('quotes after RFC 4180', () => {
  expect(csvCell('plain')).toBe('plain');
  expect(csvCell('a,b')).toBe('"a,b"');
  expect(csvCell('say "no"')).toBe('"say ""no"""');
  expect(csvCell('two\nlines')).toBe('"two\nlines"');
});
test('numbers in full, nothing for what is unknown', () => {
  expect(csvCell(0.1 + 0.2)).toBe('0.30000000000000004');
  expect(csvCell(-3)).toBe('-3');
  expect(csvCell(undefined)).toBe('');
  expect(csvCell(Number.NaN)).toBe('');
});
test('text is never a formula', () => {
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell('@cmd,x')).toBe('"\'@cmd,x"');
});
test('header, rows and line ends', () => {
  const columns = [
    { key: 'a', label: 'A', show: (v: number) => v.toFixed(1) },
    { key: 'b', label: 'B' },
  ];
  expect(toCsv({ columns, rows: [{ a: 1.25, b: 'x' }, { b: 'y' }] })).toBe('a,b\r\n1.25,x\r\n,y\r\n');
  expect(cellText(columns[0], 1.25)).toBe('1.3');
  expect(cellText(columns[0], undefined)).toBe('–');
});
