/** With many rows the weights are unpacked: to the very values that were quantized. */
import { expect, it } from 'vitest';
import { bench, noise } from '../../testing/bench';
import { FLAVOURS, openMachine } from '../../testing/machines';
import { codebook } from '../codebook/form';
import { int4 } from '../int4/form';
import { codedSource } from '../testing/coded';
import { int8Weights } from './form';

const ROWS = 130;
const forms = [
  [int8Weights, 8],
  [int4, 4],
  [codebook, 3],
] as const;

it.each(FLAVOURS)('%s gives many rows the bits of denseForward', async (flavour) => {
  const machine = await openMachine(flavour);
  for (const [form, bits] of forms) {
    for (const shape of [
      { in: 30, out: 21 },
      { in: 17, out: 8 },
    ]) {
      const { source } = codedSource(shape, { bits, single: true, pruned: 0.2 });
      const b = bench(machine);
      const places = Object.fromEntries(
        Object.entries(form.pack(source)!).map(([name, v]) => [name, b.put(new Uint8Array(v.buffer))]),
      );
      const [x, w, bias] = [
        b.put(noise(ROWS * shape.in, 1)),
        b.put(source.values),
        b.put(noise(shape.out, 2)),
      ];
      const [got, want] = [b.room(ROWS * shape.out), b.room(ROWS * shape.out)];
      const bytes = Math.max(form.scratch(machine, shape, ROWS), machine.scratchDense(shape, ROWS));
      machine.setScratch(b.room(Math.ceil(bytes / 4)));
      form.forward(machine, shape, x, places, bias, got, ROWS, true);
      machine.denseForward(shape, x, w, bias, want, ROWS, true);
      expect(b.take(got, ROWS * shape.out), form.id).toEqual(b.take(want, ROWS * shape.out));
    }
  }
});
