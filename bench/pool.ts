// What the crew of training threads gives: four replicates against one, in Node and in the production build in
// Chromium; and how soon everything is let go when a run is stopped. Ratios come from interleaved runs.

import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { button } from '../e2e/support/lab';
import { browserArgs, findBrowser } from '../scripts/browser.mjs';
import { hash } from '../src/catalog';
import { dataDir, fileReader } from '../src/cli/file-reader';
import { nodeStaff } from '../src/cli/staff';
import { Lab } from '../src/engine/lab';
import type { Experiment } from '../src/spec/types';
import type { LabEvent } from '../src/worker/api';
import { row } from './stats';
import type { Bench, BenchRow } from './types';

const STEPS = 2000;
const ROUNDS = 3;
const STOPS = 10;
const MANY = 4;

/** Another seed every time: what was computed before is not computed again. */
let seed = 1000;
const experiment = (replicates: number, steps = STEPS): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe: [{ do: 'train', with: { steps } }],
  seeds: { init: seed++, order: 1, method: 1 },
  replicates,
});

/** The times of one replicate and of several, in turn; the quotient round by round. */
async function compare(
  what: string,
  run: (replicates: number) => Promise<number>,
  log: (line: string) => void,
) {
  await run(1);
  const [one, many, ratio]: number[][] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await run(1));
    many.push(await run(MANY));
    ratio.push(many[round] / one[round]);
    log(
      `${what}: ${one[round].toFixed(2)} s, ${MANY} replicates ${many[round].toFixed(2)} s, ${ratio[round].toFixed(2)}x`,
    );
  }
  const cores = `${availableParallelism()} hardware threads`;
  return [
    row('pool', `${what}: one replicate, ${STEPS} steps of LeNet-300-100`, 's', one),
    row('pool', `${what}: ${MANY} replicates`, 's', many),
    row('pool', `${what}: ${MANY} replicates / one`, 'x', ratio, cores),
  ];
}

async function inNode(
  threads: number | undefined,
  what: string,
  log: (line: string) => void,
): Promise<BenchRow[]> {
  let heard: (event: LabEvent) => void = () => {};
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    (event) => heard(event),
    undefined,
    threads === 0 ? undefined : nodeStaff(threads),
  );
  await lab.use('simd');
  await lab.open('mnist').complete;
  const spent: Record<number, number[]> = { 1: [], [MANY]: [] };
  const run = async (replicates: number) => {
    const [began, before] = [performance.now(), process.cpuUsage()];
    if (!(await lab.run(experiment(replicates)))) throw new Error('the run failed');
    spent[replicates].push(process.cpuUsage(before).user / 1e6);
    return (performance.now() - began) / 1000;
  };
  const rows = await compare(what, run, log);
  // What others do on this machine changes the time, and processor time hardly.
  for (const replicates of [1, MANY]) {
    const times = spent[replicates].slice(-ROUNDS);
    rows.push(
      row(
        'pool',
        `${what}: processor time of ${replicates === 1 ? 'one replicate' : `${MANY} replicates`}`,
        's',
        times,
      ),
    );
  }
  const stops: number[] = [];
  for (let i = 0; i < STOPS; i++) {
    const training = new Promise<void>((resolve) => {
      heard = (event) => event.type === 'progress' && event.progress.done > 20 * (i + 1) && resolve();
    });
    void lab.run(experiment(MANY, 1e6));
    await training;
    const began = performance.now();
    await lab.stop();
    stops.push(performance.now() - began);
  }
  rows.push(row('pool', `${what}: stop until nothing trains any more`, 'ms', stops));
  log(`${what}: stopped after ${stops.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  await lab.dispose();
  return rows;
}

/** From the click on Run until it can be pressed again, in seconds, seen from inside the page. */
async function runInPage(page: Page, replicates: number): Promise<number> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#v1/lenet-mnist/recipe.0.steps=${STEPS}/recipe.2.off=true/replicates=${replicates}/seeds.init=${seed++}`);
  await page.waitForTimeout(3000);
  const began = performance.now();
  await button(page, 'Run').click();
  await button(page, 'Stop').waitFor();
  await button(page, 'Run').and(page.locator(':enabled')).waitFor({ timeout: 600_000 });
  return (performance.now() - began) / 1000;
}

async function inChromium(log: (line: string) => void): Promise<BenchRow[]> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('there is no Chromium here');
  await build({ logLevel: 'error' });
  const server = await preview({ preview: { port: 0, strictPort: false } });
  const { port } = server.httpServer.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath, args: browserArgs });
  try {
    const page = await browser.newPage({ locale: 'en-US' });
    await page.goto(`http://localhost:${port}/`);
    await button(page, 'Run').and(page.locator(':enabled')).waitFor();
    return await compare('Chromium', (replicates) => runInPage(page, replicates), log);
  } finally {
    await browser.close();
    await server.close();
  }
}

export const bench: Bench = async (log) => [
  ...(await inNode(undefined, 'Node', log)),
  ...(await inNode(0, 'Node, no threads', log)),
  ...(await inChromium(log)),
];
