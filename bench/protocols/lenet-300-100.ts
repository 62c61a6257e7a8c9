/**
 * LeNet-300-100 on MNIST as the lottery-ticket papers train it: Glorot normal weights, Adam at 1.2e-3, 60 images a step,
 * 55,000 images to train on, validation every 100 steps. `npx tsx bench/protocols/lenet-300-100.ts [steps] [seeds]`
 * prints the test accuracy after 5,000 steps, at the end, and where the validation loss was lowest (early stopping).
 */
import { dataDir, fileReader } from '../../src/cli/file-reader';
import { openDataset } from '../../src/datasets/open';
import { openSimd } from '../../src/engine/backends/simd';
import { dataOrder } from '../../src/engine/order';
import { initialState } from '../../src/engine/state';
import type { Network, OptimizerSpec } from '../../src/engine/types';
import { lenet300 } from '../../src/models/lenet-300-100';

const [steps = 10_000, seeds = 3] = process.argv.slice(2).map(Number);
const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const EVERY = 100;

const data = openDataset('mnist', fileReader(dataDir('mnist')));
await data.complete;
const { train, val, test } = data;
if (train.split !== 'train') throw new Error('no training images');

const arch = lenet300.build([28, 28, 1], 10);
const accuracy = async (net: Network) => {
  const { correct, count } = await net.evaluate(test, 0, test.count);
  return correct / count;
};
const percent = (value: number) => `${(value * 100).toFixed(2)} %`;

const backend = await openSimd();
console.log(`${backend.device}; ${train.count} + ${val.count} + ${test.count} images; ${steps} steps`);
for (let seed = 1; seed <= seeds; seed++) {
  const net = await backend.open(arch);
  await net.load(initialState(arch, { init: seed, order: seed, method: seed }, 0));
  const indices = dataOrder(train.count, 60, seed, 0, 0);
  const training = net.train({ examples: train, batch: 60, optimizer: ADAM, indices });
  let best = { loss: Number.POSITIVE_INFINITY, step: 0, test: 0 };
  let early = '';
  for (let step = EVERY; step <= steps; step += EVERY) {
    await training.run(EVERY);
    const { loss } = await net.evaluate(val, 0, val.count);
    if (loss < best.loss) best = { loss, step, test: await accuracy(net) };
    if (step === 5000) early = `${percent(await accuracy(net))} after 5000, `;
  }
  const last = percent(await accuracy(net));
  console.log(
    `seed ${seed}: ${early}${last} after ${steps}, ${percent(best.test)} at the lowest validation loss (${best.step})`,
  );
  net.dispose();
}
backend.dispose();
