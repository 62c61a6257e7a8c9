/** Sensitivity curves and the search for settings, as a visitor meets them: a small perceptron, few steps. */
import { expect, type Page, test } from '@playwright/test';
import { openLab, runToEnd } from './support/lab';

const LINK = '/#v1/lenet-mnist/model=mlp-16-12/recipe.0.steps=60/recipe.0.evalEvery=60';
const sliders = (page: Page) => page.getByRole('slider', { name: /^Layer / });

async function openLayers(page: Page) {
  await page.getByRole('button', { name: 'More settings' }).first().click();
  await page.getByRole('button', { name: 'Sparsity per layer' }).click();
}

test('layers are measured in the background; a search answers, is applied and undone', async ({ page }) => {
  await openLab(page, LINK);
  await openLayers(page);
  await expect(page.getByText('once the network is trained')).toBeVisible();
  await runToEnd(page);

  await expect(page.locator('[data-curves="done"]')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('img', { name: /^fc1 alone: .*untouched/ })).toBeVisible();
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const table = page.getByRole('dialog', { name: /Sensitivity/ });
  await expect(table.getByRole('row')).toHaveCount(1 + 3 * 13);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Find settings' }).first().click();
  await page.getByLabel('Percentage points that may be lost').fill('3');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const answer = page.locator('[data-answer]');
  await expect(answer).toContainText(/fc1 [\d.]+.%, fc2 [\d.]+.%, out [\d.]+.%/, { timeout: 60_000 });
  const chart = page.locator('[data-chart^="settings-accuracy"]');
  await expect(chart.locator('[data-front="random"] path')).not.toHaveAttribute('d', '', { timeout: 30_000 });

  await page.getByRole('button', { name: 'Stop', exact: true }).last().click();
  await expect(page.getByRole('button', { name: 'Search again' })).toBeVisible();
  const said = (await answer.textContent()) ?? '';
  const size = /([\d.,]+.kB)/.exec(said)?.[1] ?? 'no size';
  await page.getByRole('button', { name: 'Apply', exact: true }).first().click();
  await expect(page.getByRole('button', { name: 'Applied', exact: true }).first()).toBeVisible();
  // The file on screen is the one that was promised, byte for byte.
  await expect(page.getByRole('group', { name: 'Size', exact: true })).toContainText(size);
  await expect(sliders(page)).toHaveCount(3);

  await page.getByRole('button', { name: /Undo/ }).click();
  await expect(sliders(page)).toHaveCount(0);

  await page.getByRole('button', { name: 'Next setting on the front' }).click();
  await expect(page.locator('[data-chosen]')).toContainText(/validation/);
});
