import { expect, it } from 'vitest';
import { bench } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { FLAVOURS, openMachine } from '../testing/machines';
import { gatherSuite } from './suite';

checkSuite(gatherSuite);

it.each(FLAVOURS)('%s moves and mirrors an image as written down here', async (flavour) => {
  const machine = await openMachine(flavour);
  const b = bench(machine);
  // Three times the image 1 2 3 / 4 5 6: mirrored; one down (from the line below); one from the left, mirrored.
  const image = [1, 2, 3, 4, 5, 6];
  const moves = [1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 255, 0];
  const [x, at] = [b.put(Uint8Array.from([...image, ...image, ...image])), b.put(Uint8Array.from(moves))];
  const y = b.room(18);
  machine.augment({ h: 2, w: 3, c: 1 }, x, at, y, 3, 1, 0);
  expect([...b.take(y, 18)]).toEqual([3, 2, 1, 6, 5, 4, 4, 5, 6, 0, 0, 0, 2, 1, 0, 5, 4, 0]);
});
it.each(FLAVOURS)('%s gives byte 0 the shift', async (flavour) => {
  const machine = await openMachine(flavour);
  const b = bench(machine);
  const [x, y] = [b.put(Uint8Array.of(0, 255)), b.room(2)];
  machine.fromBytes(x, y, 2, 1 / 255, -0.5);
  expect([...b.take(y, 2)]).toEqual([-0.5, 0.5]);
});
