/** Training threads in a real browser: as many as there are processors, gone with a press of Stop. */
import { expect, type Page, test } from '@playwright/test';
import { button, openLab } from './support/lab';

const hands = (page: Page) => page.workers().filter((worker) => /\/hand-/.test(worker.url())).length;

test('replicates train side by side; Stop frees their threads, and Run goes on from there', async ({
  page,
}) => {
  await openLab(page, '/#v1/lenet-mnist/recipe.0.steps=20000/recipe.2.off=true/replicates=4');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const processors = await page.evaluate(() => navigator.hardwareConcurrency);
  await button(page, 'Run').click();
  const expected = Math.min(4, processors < 5 ? processors : processors - 1);
  await expect.poll(() => hands(page), { timeout: 60_000 }).toBe(expected);
  if (expected > 1) await expect(page.getByText(`${expected} side by side`)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/[1-9]\d* steps\/s/).first()).toBeVisible({ timeout: 30_000 });
  await button(page, 'Stop').click();
  await expect(button(page, 'Run')).toBeEnabled();
  await expect.poll(() => hands(page)).toBe(0);
  await button(page, 'Run').click();
  await expect.poll(() => hands(page), { timeout: 60_000 }).toBe(expected);
  await button(page, 'Stop').click();
  await expect.poll(() => hands(page)).toBe(0);
});
