/**
 * Milliseconds per training step of LeNet-300-100 (Adam, batch 60) on WebGPU, by our kernels and by TensorFlow.js,
 * in a worker of a real browser on its software adapter. They take turns, so that a busy machine slows both alike.
 * `WEBGPU_ADAPTER=hardware` leaves the choice of the adapter to the browser. `npx tsx bench/webgpu.ts`
 */
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import type { RaceResult } from '../e2e/harness/gpu';
import type { Harness } from '../e2e/harness/worker';
import { harnessBrowser, serve } from '../e2e/support/harness';
import { browserArgs } from '../scripts/browser.mjs';
import { quantile, row } from './stats';
import type { Bench, BenchRow } from './types';

const ROUNDS = 7;
const PORT = Number(process.env.HARNESS_PORT ?? 5204);

async function race(): Promise<RaceResult[]> {
  const served = await serve(PORT);
  const hardware = process.env.WEBGPU_ADAPTER === 'hardware';
  const { executablePath, args } = harnessBrowser();
  const browser = await chromium.launch({
    executablePath,
    args: hardware ? [...browserArgs, '--enable-unsafe-webgpu'] : args,
  });
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    return await page.evaluate(
      (rounds) => (window as unknown as { harness: Harness }).harness.race(rounds, ['tuned', 'tfjs']),
      ROUNDS,
    );
  } finally {
    await browser.close();
    await served.close();
  }
}

/** Ratios are of the same rounds; their median is less noisy than the ratio of medians. */
const ratio = (a: number[], b: number[]) =>
  quantile(
    a.map((value, i) => value / b[i]),
    0.5,
  );

export const bench: Bench = async (log) => {
  const [ours, tfjs] = await race();
  const rows: BenchRow[] = [];
  for (const { id, device, wall, js, dispatches } of [ours, tfjs]) {
    const who = `lenet-300-100, ${device}, ${id === 'tfjs' ? 'TensorFlow.js' : 'own kernels'}: Adam step of 60 images`;
    rows.push(row('webgpu', who, 'ms', wall, `${dispatches} dispatches per step`));
    rows.push(row('webgpu', `${who}, JavaScript of it`, 'ms', js, 'recording, uploads and submits'));
    log(
      `${id}: ${quantile(wall, 0.5).toFixed(1)} ms, ${quantile(js, 0.5).toFixed(2)} in JavaScript, ${dispatches} dispatches`,
    );
  }
  const faster = ratio(tfjs.wall, ours.wall);
  const lighter = quantile(tfjs.js, 0.5) / quantile(ours.js, 0.5);
  rows.push(row('webgpu', 'TensorFlow.js / own kernels, wall clock', 'x', [faster], 'median over rounds'));
  rows.push(row('webgpu', 'TensorFlow.js / own kernels, JavaScript', 'x', [lighter], 'of medians'));
  log(`own kernels are ${faster.toFixed(1)} times as fast, with ${lighter.toFixed(0)} times less JavaScript`);
  return rows;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await bench(console.log);
