// What a visitor feels, measured in the production build: how soon the page answers, how long until the network
// is good, how fast a slider answers, and what it all costs in memory.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { button, openLab, slider, tile } from '../e2e/support/lab';
import { browserArgs, findBrowser } from '../scripts/browser.mjs';
import { row } from './stats';
import type { Bench, BenchRow } from './types';

const LOADS = 5;
const RUNS = 10;
const MOVES = 12;

/** Milliseconds from navigation until Run can be pressed, seen from inside the page. */
async function interactive(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  const handle = await page.waitForFunction(
    () => {
      const run = [...document.querySelectorAll('button')].find(
        (b) => (b.getAttribute('aria-label') ?? b.textContent)?.trim() === 'Run',
      );
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

/** Presses a key on the Sparsity slider; when the Test accuracy tile first and last changed after it, in ms. */
async function moveSlider(page: Page, key: string): Promise<{ first: number; last: number }> {
  const watching = await tile(page, 'Test accuracy').evaluateHandle((element) => {
    const state = { began: 0, changes: [] as number[] };
    document.addEventListener(
      'keydown',
      () => {
        state.began = performance.now();
        const text = () => element.textContent;
        let seen = text();
        new MutationObserver(() => {
          if (text() === seen) return;
          seen = text();
          state.changes.push(performance.now());
        }).observe(element, { subtree: true, childList: true, characterData: true });
      },
      { capture: true, once: true },
    );
    return state;
  });
  await slider(page, 'Sparsity').press(key);
  await page.waitForTimeout(6_000);
  const { began, changes } = await watching.jsonValue();
  if (!changes.length) throw new Error('the tile did not change after the slider moved');
  return { first: changes[0] - began, last: changes[changes.length - 1] - began };
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

const link = (seed: number) => `/#v1/lenet-mnist/seeds.init=${seed}`;

async function measure(browser: Browser, url: string, log: (line: string) => void): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const loads: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    const context = await browser.newContext({ locale: 'en-US' });
    loads.push(await interactive(await context.newPage(), `${url}/`));
    await context.close();
  }
  rows.push(row('page', 'empty cache to Run enabled', 'ms', loads));
  log(`interactive after ${Math.round(loads[0])} ms`);

  const page = await browser.newPage({
    baseURL: url,
    locale: 'en-US',
    viewport: { width: 1366, height: 768 },
  });
  await openLab(page, '/');
  rows.push(row('page', 'click on Run to 95 % on the tile', 's', [await runUntil(page, 95)]));
  await button(page, 'Run').and(page.locator(':enabled')).waitFor({ timeout: 300_000 });
  log(`95 % after ${rows.at(-1)!.value.toFixed(1)} s`);

  await page.waitForTimeout(10_000);
  const moves: { first: number; last: number }[] = [];
  for (let i = 0; i < MOVES; i++) moves.push(await moveSlider(page, i % 4 < 2 ? 'ArrowLeft' : 'ArrowRight'));
  rows.push(
    row(
      'page',
      'slider to first new accuracy',
      'ms',
      moves.map((m) => m.first),
    ),
    row(
      'page',
      'slider to last change of the accuracy tile',
      'ms',
      moves.map((m) => m.last),
      'whole test set',
    ),
  );

  const memory: number[] = [await processMemory(browser)];
  const heaps: number[] = [await heap(page)];
  for (let i = 2; i <= RUNS; i++) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, link(i).slice(1));
    await page.waitForTimeout(500);
    await button(page, 'Run').click();
    await button(page, 'Stop').and(page.locator(':enabled')).waitFor();
    await button(page, 'Run').and(page.locator(':enabled')).waitFor({ timeout: 300_000 });
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
