import { expect, test } from 'vitest';
import type { ExecForm, FormTiming, LayerSpeed, SpeedReport } from '../../worker/api';
import { speedAt } from '../charts/fixtures';
import { executedLayers, inexactForms, onRequest } from './executed';

const spread = (median: number) => ({ median, q1: median, q3: median });
const timing = (form: ExecForm, ms: number, exact = true): FormTiming => ({
  form,
  exact,
  macs: 10,
  ms: spread(ms),
  ratio: spread(1 / ms),
});
const layer = (name: string, form: ExecForm, candidates: FormTiming[]): LayerSpeed => ({
  layer: name,
  form,
  chosen: 'measured',
  candidates,
  macs: 10,
});
const report = (one: LayerSpeed[], many: LayerSpeed[]): SpeedReport => ({
  device: 'here',
  latency: { ...speedAt(1, spread(2)), layers: one },
  throughput: { ...speedAt(256, spread(2)), layers: many },
});

test('thin layers stand under the layer they were made of; candidates of both batch sizes are joined', () => {
  const rows = executedLayers(
    report(
      [layer('fc1.u', 'dense', []), layer('fc1.v', 'csr', [timing('dense', 1), timing('csr', 0.5)])],
      [layer('fc1.u', 'dense', []), layer('fc1.v', 'dense', [timing('dense', 1), timing('bitmap', 2)])],
    ),
  );
  expect([...rows.keys()]).toEqual(['fc1']);
  const [u, v] = rows.get('fc1')!;
  expect(u.candidates).toEqual([]);
  expect([v.one.form, v.many.form]).toEqual(['csr', 'dense']);
  expect(v.candidates.map((c) => [c.form, c.one?.ms.median, c.many?.ms.median])).toEqual([
    ['dense', 1, 1],
    ['csr', 0.5, undefined],
    ['bitmap', undefined, 2],
  ]);
});
test('names the forms in use that round activations, and no others', () => {
  const both = [timing('dense', 1), timing('int8', 0.5, false), timing('xnor', 0.1, false)];
  const rows = executedLayers(report([layer('fc1', 'int8', both)], [layer('fc1', 'dense', both)]));
  expect(inexactForms(rows.get('fc1')!)).toEqual(['int8']);
});
test('offers the forms that round for quantized kernels, until they are timed like the others', () => {
  const plain = [timing('dense', 1)];
  const [fc1] = executedLayers(report([layer('fc1', 'dense', plain)], [])).get('fc1')!;
  expect(onRequest(fc1, 32)).toEqual([]);
  expect(onRequest(fc1, 4)).toEqual(['int8']);
  expect(onRequest(fc1, 1)).toEqual(['int8', 'xnor']);
  const asked = [...plain, timing('xnor', 0.1, false)];
  const [out] = executedLayers(report([layer('out', 'xnor', asked)], [])).get('out')!;
  expect(onRequest(out, 1)).toEqual(['int8']);
});
