import { expect, it } from 'vitest';
import { bench, noise } from '../../testing/bench';
import { FLAVOURS, openMachine } from '../../testing/machines';
import { checkForm } from '../testing/check';
import { sparseKernel } from '../testing/suite';
import { csr } from './form';
import { csrSuite } from './suite';

checkForm(csr, csrSuite);

it('sorts outputs by length and fills up slices of eight', () => {
  // Outputs of 1, 0, 3, 2 and 1 inputs.
  const w = Float32Array.of(1, 0, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0, 5, 6, 7);
  const packed = csr.pack({ shape: { in: 3, out: 5 }, values: w })!;
  expect([...packed.slices]).toEqual([0, 3]);
  expect([...packed.slots]).toEqual([2, 3, 3, 2, 0, 1, 4, 1, 1, 0, 5, 0, 5, 0, 5, 0]);
  expect([...packed.places]).toEqual([2, 4, 0, 1, 3]);
  const index = [...new Uint16Array(packed.index.buffer)];
  expect(index).toEqual([0, 1, 0, 2, 3, 3, 3, 3, 1, 2, 3, 3, 3, 3, 3, 3, 2, ...new Array(7).fill(3)]);
  const values = [2, 4, 1, 7, 0, 0, 0, 0, 3, 6, 0, 0, 0, 0, 0, 0, 5, ...new Array(7).fill(0)];
  expect([...packed.values]).toEqual(values);
  expect(csr.macs({ in: 3, out: 5 }, packed)).toBe(7);
});

it('does not hold more inputs than 16 bits can number', () => {
  const wide = (inn: number) => csr.pack({ shape: { in: inn, out: 1 }, values: new Float32Array(inn) });
  expect(wide(65535)).toBeDefined();
  expect(wide(65536)).toBeUndefined();
});

it.each(FLAVOURS)('%s gives a row the same bits in every batch', async (flavour) => {
  const machine = await openMachine(flavour);
  for (const shape of [
    { in: 61, out: 19 },
    { in: 1300, out: 10 },
  ]) {
    const packed = csr.pack({ shape, values: sparseKernel(shape, 0.8) })!;
    const first = (rows: number) => {
      const b = bench(machine);
      const put = (name: string) => b.put(packed[name]);
      const places = Object.fromEntries(Object.keys(packed).map((name) => [name, put(name)]));
      const [x, bias, y] = [
        b.put(noise(60 * shape.in, 1)),
        b.put(noise(shape.out, 2)),
        b.room(rows * shape.out),
      ];
      machine.setScratch(b.room(csr.scratch(machine, shape, rows) / 4));
      csr.forward(machine, shape, x, places, bias, y, rows, true);
      return b.take(y, shape.out);
    };
    const want = first(60);
    for (const rows of [1, 2, 3, 5, 8, 9, 17]) expect(first(rows)).toEqual(want);
  }
});
