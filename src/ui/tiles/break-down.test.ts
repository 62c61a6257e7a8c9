import { expect, test } from 'vitest';
import { PARTS } from '../../models/files/parts';
import type { Facts, LayerFacts, PartBytes } from '../../worker/api';
import { factsOf } from '../charts/fixtures';
import { fileRows, partsIn } from './break-down';

const none = Object.fromEntries(PARTS.map((part) => [part, 0])) as unknown as PartBytes;
const layer = (name: string, parts: Partial<PartBytes>): LayerFacts =>
  ({ name, parts: { ...none, ...parts }, stored: [] }) as unknown as LayerFacts;
const facts: Facts = {
  ...factsOf(0.9, 1000),
  layers: [layer('fc1', { values: 500, indices: 100, biases: 40 }), layer('out', { values: 60, scales: 8 })],
  parts: { ...none, values: 560, indices: 100, scales: 8, biases: 40, norms: 32, header: 250, tables: 10 },
};

test('every byte is in exactly one row, and rows and parts sum up to the file', () => {
  const rows = fileRows(facts);
  expect(rows.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['fc1', 640],
    ['out', 68],
    ['norms', 32],
    ['shared', 10],
    ['header', 250],
  ]);
  expect(rows.reduce((total, row) => total + row.bytes, 0)).toBe(1000);
  for (const part of PARTS)
    expect(rows.reduce((total, row) => total + row.parts[part], 0)).toBe(facts.parts[part]);
});
test('names the parts that there are, and no row for what takes nothing', () => {
  expect(partsIn(facts)).toEqual(['values', 'indices', 'scales', 'tables', 'biases', 'norms', 'header']);
  const plain = { ...facts, layers: [], parts: { ...none, header: 8 } };
  expect(fileRows(plain).map(({ name }) => name)).toEqual(['header']);
});
