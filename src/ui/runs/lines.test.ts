import { expect, test } from 'vitest';
import type { RunCard } from '../../store/types';
import { toCsv } from '../charts/csv';
import { experimentOf, previewOf, row } from '../charts/fixtures';
import { rowsTable, runNumbers } from './lines';

const rows = [
  row('recipe.0', 100, 'test.accuracy', 0.97),
  row('recipe.1[1].steps.1.fork.reinit.1', 100, 'test.accuracy', 0.5, { arm: 'reinit' }),
  row('recipe.1[1].steps.0', 0, 'density', 0.25, { layer: 'fc1' }),
];
const run: RunCard = {
  id: 'r',
  hash: 'abcd',
  title: 'x',
  experiment: experimentOf([]),
  rows,
  pinned: false,
  at: 0,
};

test('rows keep every field', () => {
  expect(toCsv(rowsTable(rows)).split('\r\n')).toEqual([
    'exp,replicate,arm,at,step,metric,layer,value,unit,basis,device',
    'e,0,,recipe.0,100,test.accuracy,,0.97,,measured,test',
    'e,0,reinit,recipe.1[1].steps.1.fork.reinit.1,100,test.accuracy,,0.5,,measured,test',
    'e,0,,recipe.1[1].steps.0,0,density,fc1,0.25,,measured,test',
    '',
  ]);
});
test('a card speaks of its preview, else of its last rows outside control arms', () => {
  expect(runNumbers(run).accuracy).toEqual({ share: 0.97 });
  const test = { split: 'test', correct: 9650, count: 10_000 } as const;
  expect(runNumbers({ ...run, preview: previewOf({ test }) })).toMatchObject({ accuracy: test, bytes: 500 });
});
