import { expect, it } from 'vitest';
import { conv } from '../conv/suite';
import { referenceMachine } from '../reference/machine';
import { bench, noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { difference } from '../testing/run';
import { patchesSuite } from './suite';

checkSuite(patchesSuite);

it.each([conv(8, 3, 7, 5), conv(9, 2, 13, 3, 2), conv(7, 3, 4, 3, 1, 1), conv(8, 2, 9, 3, 2, 0, 4)])(
  'times the kernel they are the convolution: %o',
  (s) => {
    const machine = referenceMachine();
    const b = bench(machine);
    const [batch, inn] = [2, s.k * s.k * s.c];
    const rows = batch * s.oh * s.ow;
    const [x, w] = [b.put(noise(batch * s.h * s.w * s.c, 1)), b.put(noise(inn * s.n, 2))];
    const [lines, product, want] = [b.room(rows * inn), b.room(rows * s.n), b.room(rows * s.n)];
    machine.patches(s, x, lines, 0, rows);
    machine.denseForward({ in: inn, out: s.n }, lines, w, 0, product, rows, false);
    machine.convForward(s, x, w, 0, 0, want, batch, false);
    expect(difference(b.take(product, rows * s.n), b.take(want, rows * s.n), 1e-6)).toBeUndefined();
  },
);
