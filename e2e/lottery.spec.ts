/** The Lottery view on the production build: a tiny study by hand, its words, table, link, reload and files. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

/** Five trainings of twenty steps. */
const TINY = 'rounds=2/steps=20/evalEvery=10';
const open = async (page: Page, study = TINY) => {
  await page.goto(`/#~lottery=${study}`);
  await expect(run(page)).toBeEnabled({ timeout: 60_000 });
};
const run = (page: Page) => page.getByRole('button', { name: 'Run study' });
const chart = (page: Page) => page.getByRole('region', { name: 'Accuracy at early stop', exact: true });
const dots = (page: Page) => chart(page).first().locator('[data-series="ticket"] circle');
const says = (page: Page) => page.locator('[data-statement="study"]').first();
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
async function fromMenu(page: Page, item: string) {
  await page.getByRole('button', { name: 'Files and results' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}

test('a study runs, says what it found, is there again after a reload, and goes with a file', async ({
  page,
  browser,
  baseURL,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await open(page);
  expect(await violations(page)).toEqual([]);
  await run(page).click();
  await expect(page.getByText('Complete: all 5 trainings are kept.')).toBeVisible({ timeout: 90_000 });
  await expect(dots(page)).toHaveCount(3);
  await expect(says(page)).toContainText('One seed makes no claim.');
  await expect(says(page)).toContainText('64 % of the weights'.replace(' %', '\u202f%'));

  await chart(page).getByRole('button', { name: 'Table and downloads: Accuracy at early stop' }).click();
  await page.getByRole('menuitem', { name: 'Show table' }).click();
  // Two arms at three sizes, and the head.
  await expect(page.getByRole('dialog').getByRole('table').getByRole('row')).toHaveCount(7);
  await page.getByRole('dialog').getByRole('button', { name: 'Show this round' }).nth(1).click();
  await expect(page.getByRole('heading', { name: 'Round 1, all arms' })).toBeVisible();
  await page.getByRole('slider', { name: 'Round', exact: true }).press('End');
  await expect(page.getByRole('heading', { name: 'Round 2, all arms' })).toBeVisible();

  await page.reload();
  await expect(page.getByText('Complete: all 5 trainings are kept.')).toBeVisible({ timeout: 60_000 });
  await expect(dots(page)).toHaveCount(3);
  expect(await violations(page)).toEqual([]);

  const json = await fromMenu(page, 'Save results (JSON)');
  const csv = (await fromMenu(page, 'Save all rows (CSV)')).trim().split('\r\n');
  const { rows, study } = JSON.parse(json);
  expect(csv[0]).toMatch(/^exp,replicate,arm,at,step,metric/);
  expect(csv.length).toBe(rows.length + 1);
  expect(study).toMatchObject({ kind: 'tickets', with: { rounds: 2, steps: 20 } });

  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await open(other);
  const chooser = other.locator('input[type=file][accept*=json]');
  const file = (text: string) => ({
    name: 'theirs.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await chooser.setInputFiles(file(json.replace('"test.accuracy"', '"luck"')));
  await expect(other.getByRole('alert')).toContainText(/rows\.\d+\.metric .*luck/);
  await chooser.setInputFiles(file(json));
  await expect(other.getByText(/^From theirs\.json: trained on/)).toBeVisible();
  await expect(other.getByRole('region', { name: 'From the file', exact: true })).toBeVisible();
  await expect(dots(other)).toHaveCount(3);
  // What was brought is not this browser's: its own study has not been run.
  await expect(run(other)).toBeEnabled();
  await other.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(other)).toEqual([]);
  await context.close();
  expect(errors).toEqual([]);
});

test('a study that is cut off by a reload goes on with one button', async ({ page }) => {
  await open(page, 'rounds=3/steps=2000/evalEvery=100');
  await run(page).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.getByRole('slider', { name: 'Seeds' }).press('ArrowRight');
  await expect(page).toHaveURL(/replicates=2/);
  await page.getByRole('button', { name: 'Run after it' }).click();
  await expect(page.getByRole('region', { name: 'Waiting' }).getByRole('listitem')).toHaveCount(1);
  await page.reload();
  const cut = page.getByRole('alert', { name: 'A study was running when the page was closed' });
  await expect(cut).toContainText('One study waits.');
  await cut.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeEnabled();
  await expect(page).not.toHaveURL(/replicates=2/);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped. What was finished is kept.')).toBeVisible();
});

test('settings are undone, a mangled link is told, and keys do not reach the Lab', async ({ page }) => {
  await open(page, `kind=tickets/rounds=99/${TINY.replace('rounds=2/', '')}`);
  await expect(page.getByRole('alert')).toContainText(/rounds.*99/);
  const rounds = page.getByRole('slider', { name: 'Rounds' });
  const value = await rounds.getAttribute('aria-valuetext');
  await rounds.press('ArrowLeft');
  expect(await rounds.getAttribute('aria-valuetext')).not.toBe(value);
  await rounds.press('Control+z');
  await expect(rounds).toHaveAttribute('aria-valuetext', value ?? '');
  await page.getByRole('button', { name: 'Files and results' }).click();
  await page.getByRole('menuitem', { name: 'Open in the Lab' }).click();
  await expect(page.getByRole('button', { name: 'Run', exact: true }).first()).toBeEnabled();
  await expect(page).toHaveURL(/^[^~]*$/);
});

test('on a phone it is one column, in Chinese, too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('button', { name: '运行研究' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
