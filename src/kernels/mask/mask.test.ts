import { expect, it } from 'vitest';
import { checkSuite } from '../testing/check';
import { FLAVOURS, openMachine } from '../testing/machines';
import { runCase } from '../testing/run';
import { maskSuite } from './suite';

checkSuite(maskSuite);

it.each(FLAVOURS)('%s leaves +0 where weights are pruned, whatever they were', async (flavour) => {
  const machine = await openMachine(flavour);
  for (const test of maskSuite) {
    const written = Object.values(runCase(machine, test).written)[0];
    test.operands.mask.data.forEach((kept, i) => {
      if (!kept) expect(Object.is(written[i], 0), `${test.label}: [${i}] = ${written[i]}`).toBe(true);
    });
  }
});
