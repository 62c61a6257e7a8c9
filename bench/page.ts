// What a visitor feels, measured in the production build: how soon the page answers, how long until the network
// is good, how fast a slider answers, and what it all costs in memory.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { button, openLab, slider, tile } from '../e2e/support/lab';
import { browserArgs, findBrowser } from '../scripts/browser.mjs';
import { row } from './stats';
import { FELT_MS, type Tasks, tasksDuring } from './tasks';
import type { Bench, BenchRow } from './types';

const LOADS = 5;
const RUNS = 10;
const MOVES = 12;
const WATCHED = 3;

/** Milliseconds from navigation until Run can be pressed, seen from inside the page. */
async function interactive(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  const handle = await page.waitForFunction(
    () => {
      const name = (b: Element) => document.getElementById(b.getAttribute('aria-labelledby') ?? '') ?? b;
      const run = [...document.querySelectorAll('button')].find((b) => name(b).textContent?.trim() === 'Run');
      return run && !run.disabled ? performance.now() : 0;
    },
    undefined,
    { polling: 'raf' },
  );
  return handle.jsonValue();
}

/** Seconds from a click on Run until the Test accuracy tile shows at least `percent`; checked every frame. */
async function runUntil(page: Page, percent: number): Promise<number> {
  const watching = await tile(page, 'Test accuracy').evaluateHandle((element, wanted) => {
    const state = { began: 0, reached: 0 };
    const onClick = () => {
      state.began = performance.now();
      const look = () => {
        const shown = /(\d+(?:\.\d+)?)\s*%/.exec(element.textContent ?? '');
        if (shown && Number(shown[1]) >= wanted) state.reached = performance.now();
        else requestAnimationFrame(look);
      };
      look();
    };
    document.addEventListener('click', onClick, { capture: true, once: true });
    return state;
  }, percent);
  await button(page, 'Run').click();
  await page.waitForFunction((state) => state.reached > 0, watching, { timeout: 300_000 });
  const { began, reached } = await watching.jsonValue();
  return (reached - began) / 1000;
}

/**
 * Presses a key on the Sparsity slider. In ms after the key: the first new text on the Test accuracy tile (an
 * estimate on 1,000 validation images), and the end of its work (all test images).
 */
async function moveSlider(page: Page, key: string): Promise<{ first: number; whole: number }> {
  const watching = await tile(page, 'Test accuracy').evaluateHandle((element) => {
    const state = { began: 0, first: 0, whole: 0 };
    const onKey = () => {
      state.began = performance.now();
      const before = element.textContent;
      const look = () => {
        if (!state.first && element.textContent !== before) state.first = performance.now();
        if (state.first && element.ariaBusy !== 'true') state.whole = performance.now();
        else requestAnimationFrame(look);
      };
      look();
    };
    document.addEventListener('keydown', onKey, { capture: true, once: true });
    return state;
  });
  await slider(page, 'Sparsity').press(key);
  await page.waitForFunction((state) => state.whole > 0, watching, { timeout: 30_000 });
  const { began, first, whole } = await watching.jsonValue();
  return { first: first - began, whole: whole - began };
}

/** Memory of the page's process (its worker lives in it too), in MB: proportional set size from the kernel. */
async function processMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter((p) => p.type === 'renderer')
    .map((p) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${p.id}/smaps_rollup`, 'utf8'))![1]) / 1024);
  return Math.max(...sizes);
}

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 2 ** 20;
}

/** A browser profile that has never been here. */
async function visitor(browser: Browser, baseURL: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL,
    locale: 'en-US',
    viewport: { width: 1366, height: 768 },
  });
  // The TypeScript runner wraps named functions in a helper of its own, which functions sent to the page lack.
  await context.addInitScript('globalThis.__name = (f) => f');
  return context;
}

/** Opens another link in the same page, as back and forward do. */
async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForTimeout(500);
}

const ended = (page: Page) => button(page, 'Run').and(page.locator(':enabled')).waitFor({ timeout: 300_000 });

/** Presses Run and waits for the end. What is computed already may end before Stop is ever seen. */
async function run(page: Page): Promise<void> {
  await button(page, 'Run').click();
  await button(page, 'Stop')
    .waitFor({ timeout: 2_000 })
    .catch(() => {});
  await ended(page);
}

/** From the click on Run to its end, in a new visitor's page, several times; nobody looks at the page meanwhile. */
async function watchTraining(browser: Browser, url: string, preset: string): Promise<Tasks[]> {
  const all: Tasks[] = [];
  for (let i = 0; i < WATCHED; i++) {
    const context = await visitor(browser, url);
    const page = await context.newPage();
    await openLab(page, `/#v1/${preset}`);
    await page.waitForTimeout(3_000);
    all.push(
      await tasksDuring(page, async () => {
        await button(page, 'Run').click();
        const going = () => [...document.querySelectorAll('button')].some((b) => b.textContent === 'Pause');
        // Seldom: looking is a task of the page, too.
        while (await page.evaluate(going)) await page.waitForTimeout(500);
      }),
    );
    await context.close();
  }
  return all;
}
function taskRows(preset: string, all: readonly Tasks[]): BenchRow[] {
  const of = (what: string, unit: string, pick: (t: Tasks) => number, note?: string) =>
    row('page', `${what}, ${preset}, Run to end`, unit, all.map(pick), note);
  const load = `machine's load average ${loadavg()[0].toFixed(1)} on ${cpus().length} threads`;
  return [
    of('longest main-thread task', 'ms', (t) => t.longest, load),
    of('longest main-thread task, processor time', 'ms', (t) => t.longestCpu),
    of(`main-thread tasks over ${FELT_MS} ms`, 'tasks', (t) => t.felt),
    of(`main-thread tasks over ${FELT_MS} ms of processor time`, 'tasks', (t) => t.feltCpu),
  ];
}

async function measure(browser: Browser, url: string, log: (line: string) => void): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const loads: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    const context = await visitor(browser, url);
    loads.push(await interactive(await context.newPage(), `${url}/`));
    await context.close();
  }
  rows.push(row('page', 'empty cache to Run enabled', 'ms', loads));
  log(`interactive after ${Math.round(loads[0])} ms`);

  for (const preset of ['lenet-mnist', 'lottery-minute']) {
    const tasks = taskRows(preset, await watchTraining(browser, url, preset));
    rows.push(...tasks);
    log(`${preset}: longest task ${tasks[0].value.toFixed(0)} ms (${tasks[1].value.toFixed(0)} ms of CPU)`);
  }

  const page = await (await visitor(browser, url)).newPage();
  // The dense network: with the prune card on, the tile would show the pruned one.
  await openLab(page, '/#v1/lenet-mnist/recipe.2.off=true');
  rows.push(row('page', 'click on Run to 95 % on the tile (dense network)', 's', [await runUntil(page, 95)]));
  log(`95 % after ${rows.at(-1)!.value.toFixed(1)} s`);
  await ended(page);

  await goTo(page, '#v1/lenet-mnist');
  await run(page);
  await page.waitForTimeout(20_000);
  const moves: { first: number; whole: number }[] = [];
  for (let i = 0; i < MOVES; i++) {
    moves.push(await moveSlider(page, 'ArrowLeft'));
    await page.waitForTimeout(1_000);
  }
  const firsts = moves.map((m) => m.first);
  const wholes = moves.map((m) => m.whole);
  rows.push(row('page', 'slider to first new accuracy (1,000 validation images)', 'ms', firsts));
  rows.push(row('page', 'slider to accuracy on the whole test set', 'ms', wholes));
  log(`slider: ${Math.round(firsts[0])} ms, ${Math.round(wholes[0])} ms`);

  const memory: number[] = [await processMemory(browser)];
  const heaps: number[] = [await heap(page)];
  for (let i = 2; i <= RUNS; i++) {
    await goTo(page, `#v1/lenet-mnist/seeds.init=${i}`);
    await run(page);
    await page.waitForTimeout(3_000);
    memory.push(await processMemory(browser));
    heaps.push(await heap(page));
    log(`run ${i}: ${memory.at(-1)!.toFixed(0)} MB, page heap ${heaps.at(-1)!.toFixed(0)} MB`);
  }
  rows.push(
    row('page', 'memory of page and worker after run 1', 'MB', [memory[0]]),
    row('page', `memory of page and worker after run ${RUNS}`, 'MB', [memory.at(-1)!]),
    row('page', 'page heap after run 1', 'MB', [heaps[0]]),
    row('page', `page heap after run ${RUNS}`, 'MB', [heaps.at(-1)!]),
  );
  return rows;
}

export const bench: Bench = async (log) => {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('there is no Chromium here');
  await build({ logLevel: 'error' });
  const server = await preview({ preview: { port: 0, strictPort: false } });
  const { port } = server.httpServer.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath, args: browserArgs });
  try {
    return await measure(browser, `http://localhost:${port}`, log);
  } finally {
    await browser.close();
    await server.close();
  }
};
