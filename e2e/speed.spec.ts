/** The Speed view on the production build: a real study of one layer, its files, its link, its states. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openLab } from './support/lab';

const LINK = '/#v1/lenet-mnist~speed';
const only = (page: Page) => page.getByRole('button', { name: 'Only this one' });
const stop = (page: Page) => page.getByRole('button', { name: 'Stop', exact: true });
const chart = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`);

async function openSpeed(page: Page): Promise<string[]> {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto(LINK);
  await expect(only(page)).toBeEnabled({ timeout: 60_000 });
  return errors;
}
/** Until the first points of the small layer are there, then stops. */
async function someOf(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /Fully connected 300×100/ }).check();
  await only(page).click();
  await expect(page.getByText(/^\d+ of \d+ points$/)).toBeVisible();
  await expect(chart(page, 'Speed-up against sparsity').locator('[data-series] circle').first()).toBeVisible({
    timeout: 60_000,
  });
  await stop(page).click();
  await expect(only(page)).toBeEnabled({ timeout: 30_000 });
}

test('views have addresses of their own, Back leads out, and the lab keeps what it had', async ({ page }) => {
  await openLab(page, '/#v1/lenet-mnist/recipe.0.steps=90');
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('button', { name: 'Speed' }).click();
  await expect(page.getByRole('heading', { name: 'Speed on this device' })).toBeVisible();
  await expect(page).toHaveURL(/#v1\/lenet-mnist\/recipe\.0\.steps=90~speed$/);
  await expect(views.getByRole('button', { name: 'Speed' })).toHaveAttribute('aria-current', 'page');
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Run', exact: true }).first()).toBeVisible();
  await expect(page).toHaveURL(/recipe\.0\.steps=90$/);
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'Speed on this device' })).toBeVisible();
});

test('a study runs, stops, keeps what is measured, and goes with a link to a page that shows it as foreign', async ({
  page,
  browser,
  baseURL,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const errors = await openSpeed(page);
  await expect(page.getByText(/Nothing measured here yet. “Measure everything”/).first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await someOf(page);
  await expect(page.getByText(/^Stopped\. What was measured is kept|^Done: everything/)).toBeVisible();
  const words = page.getByRole('region', { name: 'In words' });
  await expect(words.getByRole('listitem').first()).toContainText(/dense/);

  const figure = chart(page, 'Speed-up against sparsity');
  await figure.getByRole('button', { name: 'Table and downloads: Speed-up against sparsity' }).click();
  await page.getByRole('menuitem', { name: 'Show table' }).click();
  const table = page.getByRole('dialog').getByRole('table');
  expect(await table.getByRole('row').count()).toBeGreaterThan(2);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  const csv = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(csv[0]).toMatch(/^subject,series,axis,x,batch,measured_speedup/);
  expect(csv.length).toBe(await table.getByRole('row').count());
  expect(csv[1]).toMatch(/^fc-300x100,/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Copy link with this result' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#~speed=1\.[0-9A-Za-z]+$/);

  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByText('A result from another place')).toBeVisible();
  await expect(other.getByText(/^Measured on .*CPU SIMD/)).toBeVisible();
  await expect(
    chart(other, 'Speed-up against sparsity · From the link').locator('[data-series]').first(),
  ).toBeVisible();
  await expect(
    chart(other, 'Speed-up against sparsity').getByText(/Nothing measured here yet/),
  ).toBeVisible();
  expect(await violations(other)).toEqual([]);
  await other.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(other)).toEqual([]);
  await other.getByRole('button', { name: 'Close this result' }).click();
  await expect(other.getByText('A result from another place')).toHaveCount(0);

  await other.goto(link.slice(0, -7));
  await other.reload();
  await expect(other.getByRole('alert')).toContainText('incomplete or was changed');
  await context.close();

  await page.reload();
  await expect(figure.locator('[data-series] circle').first()).toHaveCount(1);
  expect(errors).toEqual([]);
});

test('while a training runs nothing is measured, and it is said', async ({ page }) => {
  await openLab(page, '/#v1/lenet-mnist/recipe.0.steps=30000');
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await expect(stop(page).first()).toBeEnabled();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Speed' }).click();
  await expect(page.getByText(/A training is running/)).toBeVisible();
  await expect(only(page)).toBeDisabled();
});

test('on a phone it is one column, in Chinese, too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openSpeed(page);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('heading', { name: '本设备上的速度' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('navigation').getByRole('button', { name: '实验室' }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
