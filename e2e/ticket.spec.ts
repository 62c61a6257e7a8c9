/** A ticket of a study: looked at, kept, trained in the Lab, moved to other data; and the way from the Lab to the view. */
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { button, openLab, settled } from './support/lab';

const STUDY = '/#~lottery=minute/rounds=1/steps=40/reinit=false';
const card = (page: Page) => page.getByRole('region', { name: 'The ticket', exact: true });

test('a ticket is looked at, downloaded, kept, opened in the Lab and moved to other data', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto(STUDY);
  await page.getByRole('button', { name: 'Run study', exact: true }).click();
  await expect(card(page)).toContainText('round 1 · 80', { timeout: 60_000 });
  await expect(card(page)).toHaveAttribute('data-ticket', 'ready');
  await expect(card(page).locator('canvas')).toHaveAccessibleName(/of 300 weights kept per pixel/);

  // The picture is of as many weights as the table says are kept.
  await card(page).getByRole('button', { name: 'Show the ticket larger', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('213,060 of 266,200');
  await expect(
    dialog.getByRole('img', { name: /^fc1, 784 × 300: 188,160 of 235,200 weights kept/ }),
  ).toBeVisible();
  await expect(dialog.getByRole('img', { name: /paths, at most/ })).toHaveCount(10);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  const coming = page.waitForEvent('download');
  await card(page).getByRole('button', { name: 'Download' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('lenet-300-100-ticket-round-1-seed-1.winnow');
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(8, 30).toString()).toContain('__metadata__');

  await card(page).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Train it in the Lab' }).click();
  const recipe = page.getByRole('complementary', { name: 'Recipe' });
  await expect(recipe).toContainText('lenet-300-100-ticket-round-1-seed-1.winnow');
  await expect(recipe).toContainText('213,060 weights');

  // What the study has trained is there: nothing is left to run.
  await page.goBack();
  await page.getByRole('button', { name: 'Lottery', exact: true }).click();
  await card(page).getByRole('button', { name: 'Open in Lab' }).click();
  await settled(page, 'Test accuracy');
  await expect(recipe.getByText('Rewind').first()).toBeVisible();
  await expect(recipe.getByText('needs run')).toHaveCount(0);

  await page.getByRole('button', { name: 'Lottery', exact: true }).click();
  await card(page).getByRole('button', { name: 'Other data…' }).click();
  const move = page.getByRole('dialog');
  await expect(move).toContainText('CIFAR-10: images of 32 × 32 × 3');
  await expect(move.getByLabel('Data')).toHaveValue('fashion-mnist');
  await move.getByRole('button', { name: 'Open the comparison in the Lab' }).click();
  await expect(recipe).toContainText('lenet-300-100-ticket-round-1-seed-1.winnow');
  await expect(recipe).toContainText('shuffle');
  await expect(button(page, 'Run')).toBeEnabled();
  expect(errors).toEqual([]);
});

test('a recipe that is a study of tickets opens in the Lottery view', async ({ page }) => {
  await openLab(page, '/#v1/lottery-minute');
  await page.getByRole('button', { name: 'Open in Lottery' }).click();
  await expect(page.getByRole('button', { name: 'Run study', exact: true })).toBeVisible();
  expect(page.url()).toContain('~lottery');
});
