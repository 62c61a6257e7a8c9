/** Studies in a real browser: cut off by reloads and closed tabs, in two tabs, and where nothing may be kept. */
import { createHash } from 'node:crypto';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';

/** Six trainings of a small network in two seeds. */
const LINK = '/#~lottery=minute/model=mlp-30/replicates=2/rounds=1/steps=600';
const complete = (page: Page) => page.getByText(/Complete: all \d+ trainings are kept/);

/** Clicks whatever begins the study or goes on with it. */
async function go(page: Page): Promise<void> {
  const start = page.getByRole('button', { name: /^(Run study|Go on)$/ }).first();
  await expect(start.or(complete(page)).first()).toBeVisible({ timeout: 30_000 });
  if (await complete(page).isVisible()) return;
  await expect(start).toBeEnabled({ timeout: 30_000 });
  await start.click();
}
async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(LINK);
  return page;
}
/** What is kept: a digest of every record, by its name. */
async function vault(page: Page): Promise<Record<string, string>> {
  const entries = await page.evaluate(
    () =>
      new Promise<[string, string][]>((resolve, reject) => {
        const opening = indexedDB.open('winnow-studies');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const store = opening.result.transaction('bytes').objectStore('bytes');
          const [keys, values] = [store.getAllKeys(), store.getAll()];
          values.onsuccess = () => {
            opening.result.close();
            const texts = values.result.map((bytes: Uint8Array) => [...bytes].join());
            resolve(keys.result.map((key, i) => [String(key), texts[i]]));
          };
        };
      }),
  );
  return Object.fromEntries(
    entries.map(([id, text]) => [id, createHash('sha256').update(text).digest('hex').slice(0, 16)]),
  );
}
let whole: Record<string, string> | undefined;
/** Of a study that nobody disturbs. */
async function undisturbed(browser: Browser): Promise<Record<string, string>> {
  if (whole) return whole;
  const context = await browser.newContext();
  const page = await open(context);
  await go(page);
  await expect(complete(page)).toBeVisible({ timeout: 90_000 });
  whole = await vault(page);
  await context.close();
  expect(Object.keys(whole).length).toBeGreaterThan(6);
  return whole;
}

test('reloaded and closed at any moment, it ends with the same numbers, bit for bit', async ({
  browser,
  context,
}) => {
  const expected = await undisturbed(browser);
  let page = await open(context);
  let seed = 5;
  for (let cut = 0; cut < 4; cut++) {
    await go(page);
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    await page.waitForTimeout(200 + (seed / 2 ** 32) * 1800);
    if (cut % 2 === 0) await page.reload();
    else {
      await page.close();
      page = await open(context);
    }
  }
  await go(page);
  await expect(complete(page)).toBeVisible({ timeout: 90_000 });
  expect(await vault(page)).toEqual(expected);
});

test('two tabs take turns; the second goes on when the first is closed', async ({ browser, context }) => {
  const expected = await undisturbed(browser);
  const [one, two] = [await open(context), await open(context)];
  await go(one);
  await expect(one.getByRole('button', { name: 'Pause', exact: true })).toBeVisible({ timeout: 30_000 });
  await go(two);
  await expect(two.getByText(/Another tab is running studies/)).toBeVisible();
  await one.close();
  await expect(complete(two)).toBeVisible({ timeout: 90_000 });
  expect(await vault(two)).toEqual(expected);
});

test('where nothing may be kept it says so, and goes on to the end', async ({ context }) => {
  await context.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
    const answer = await route.fetch();
    const forbid = "IDBFactory.prototype.open = () => { throw new Error('not in this window'); };\n";
    await route.fulfill({ response: answer, body: forbid + (await answer.text()) });
  });
  const page = await open(context);
  await go(page);
  await expect(page.getByText(/not in this window/).first()).toBeVisible({ timeout: 30_000 });
  await expect(complete(page)).toBeVisible({ timeout: 90_000 });
});
