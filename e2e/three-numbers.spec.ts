/** Bytes, form of each layer, time: what stands behind the tiles, on the production build. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openLab, pressSlider, runToEnd, settled, tile } from './support/lab';

const PRUNED = '/#v1/lenet-mnist/recipe.0.steps=60/recipe.2.sparsity=0.98/sweep=';
const violations = async (page: Page, within: string) =>
  (await new AxeBuilder({ page }).include(within).analyze()).violations.map(
    (v) => `${v.id}: ${v.nodes[0]?.html}`,
  );

test('every byte of the file is accounted for', async ({ page }) => {
  await openLab(page, PRUNED);
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  await tile(page, 'Size').getByRole('button', { name: 'what is in it?' }).click();
  const panel = page.getByRole('dialog', { name: /What is in the file/ });
  const title = (await panel.getByRole('heading').textContent()) ?? '';
  const bytes = Number(/([\d,]+) bytes/.exec(title)?.[1].replaceAll(',', ''));
  expect(bytes).toBeGreaterThan(1000);
  await expect(panel.getByRole('row', { name: /^fc1/ })).toBeVisible();
  await expect(panel.getByRole('row', { name: /^header/ })).toBeVisible();
  expect(await violations(page, '[role="dialog"]')).toEqual([]);

  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  const lines = (await readFile(await csv.path(), 'utf8')).trim().split('\r\n');
  const rows = lines.slice(1).map((line) => line.split(','));
  expect(rows.reduce((sum, cells) => sum + Number(cells.at(-1)), 0)).toBe(bytes);
  for (const cells of rows)
    expect(cells.slice(2, -1).reduce((sum, cell) => sum + Number(cell), 0)).toBe(Number(cells.at(-1)));
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: /Download network/ }).click(),
  ]);
  expect((await readFile(await file.path())).length).toBe(bytes);
});

test('each layer says in which form it runs and why, and takes another when asked', async ({ page }) => {
  await openLab(page, PRUNED);
  await runToEnd(page);
  await settled(page, 'Measured speed-up');
  const layers = page.getByRole('region', { name: 'Layers' });
  const fc1 = layers.getByRole('button', { name: /^fc1 runs as/ });
  await fc1.click();
  const choice = page.getByRole('dialog');
  await expect(choice.getByRole('radio', { name: /^Automatic/ })).toBeChecked();
  await expect(choice.getByRole('row', { name: /CSR/ })).toContainText(/µs|ms/);
  expect(await violations(page, '[role="dialog"]')).toEqual([]);
  await choice.getByRole('radio', { name: 'dense' }).check();
  await page.keyboard.press('Escape');
  await expect(layers.getByText('chosen by you')).toBeVisible({ timeout: 60_000 });
  await expect(layers.getByRole('button', { name: /^fc1 runs as dense/ })).toBeVisible();
  await layers.getByRole('button', { name: /back to automatic/ }).click();
  await expect(layers.getByText('chosen by you')).toHaveCount(0, { timeout: 60_000 });
});

test('nothing is timed while the tab is hidden, and the tile says so', async ({ page }) => {
  await openLab(page, PRUNED);
  await runToEnd(page);
  await settled(page, 'Measured speed-up');
  const see = (state: 'hidden' | 'visible') =>
    page.evaluate((now) => {
      Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  const speed = tile(page, 'Measured speed-up');
  await see('hidden');
  await pressSlider(page, 'Sparsity', ['ArrowLeft']);
  await expect(speed).toContainText('paused while this tab is hidden', { timeout: 60_000 });
  await see('visible');
  await expect(speed).toContainText('batch 256', { timeout: 60_000 });
  await speed.getByRole('button', { name: /Behind the measured speed-up/ }).click();
  const details = page.getByRole('dialog', { name: 'Measured speed-up' });
  await expect(details.getByRole('row', { name: /batch 256, end to end/ })).toContainText('images/s');
  expect(await violations(page, '[role="dialog"]')).toEqual([]);
});
