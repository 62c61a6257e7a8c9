/** Who gets hurt, as a visitor asks it: train, prune to 98 %, see which digits suffer and on which pictures. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openLab, pressSlider, runToEnd, settled } from './support/lab';

const LINK = '/#v1/lenet-mnist/recipe.0.steps=150/recipe.2.sparsity=0.98';
const card = (page: Page) => page.getByRole('region', { name: 'Who gets hurt', exact: true });
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`);

async function csvOf(page: Page, press: () => Promise<void>): Promise<string[]> {
  const download = page.waitForEvent('download');
  await press();
  const stream = await (await download).createReadStream();
  return (await stream.toArray()).join('').trim().split('\r\n');
}

test('which digits suffer, where they go, and the pictures behind it', async ({ page }) => {
  await openLab(page, LINK);
  const panel = card(page);
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText('Train the network');
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText(/of 10,000 test images/);
  await expect(panel).toContainText(/Hurt most: \d/);
  const bars = panel.getByRole('list', { name: 'Change of accuracy by class' }).getByRole('button');
  await expect(bars).toHaveCount(10);
  const points = (await bars.allTextContents()).map((text) =>
    Number(/[+−]?[\d.]+$/.exec(text)?.[0].replace('−', '-')),
  );
  expect(points).toEqual([...points].sort((a, b) => a - b));
  expect(points[0]).toBeLessThan(0);

  // The table behind it, as CSV: ten classes and their sum.
  await panel.getByRole('button', { name: 'Table: Change of accuracy by class' }).click();
  const classes = await csvOf(page, () => page.getByRole('button', { name: 'Download CSV' }).click());
  expect(classes).toHaveLength(12);
  expect(classes[0]).toMatch(/^class,test_images,correct_old/);
  const [, images, before, after] = classes[11].split(',').map(Number);
  expect(images).toBe(10_000);
  expect(after).toBeLessThan(before);
  await page.keyboard.press('Escape');

  // The worst class leads to its pictures: all of one truth, the surest first.
  const worst = ((await bars.first().textContent()) ?? '')[0];
  await bars.first().click();
  const pictures = panel.getByRole('list', { name: 'Images whose answer changed' }).getByRole('listitem');
  await expect(pictures).toHaveCount(12);
  await expect(pictures.first().getByRole('figure')).toHaveAccessibleName(
    new RegExp(`Test image [\\d,]+: ${worst}\\. Old network: .* New network: `),
  );
  await panel.getByLabel('Kind of change').selectOption('lost');
  await expect(pictures.first().getByRole('figure')).toHaveAccessibleName(
    new RegExp(`Old network: ${worst} .*right.*New network: .*wrong`),
  );
  await panel.getByRole('button', { name: 'Show 12 more' }).click();
  await expect(pictures).toHaveCount(24);
  await panel.getByRole('button', { name: 'Table: Changed answers' }).click();
  const flips = await csvOf(page, () => page.getByRole('button', { name: 'Download CSV' }).click());
  const lost = Number(classes.find((line) => line.startsWith(`${worst},`))?.split(',')[7]);
  expect(flips).toHaveLength(lost + 1);
  for (const line of flips.slice(1)) expect(line.split(',')[1]).toBe(worst);
  await page.keyboard.press('Escape');

  // A cell of the matrix by keyboard.
  await panel.getByText('Mix-ups', { exact: true }).click();
  const matrix = panel.getByRole('application');
  await matrix.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await matrix.press(key);
  await expect(panel).toContainText(/1 right: [+−]?[\d,]+ \([\d,]+ → [\d,]+\)/);
  await matrix.press('ArrowRight');
  await expect(panel).toContainText(/1 → 2: [+−]?[\d,]+ \([\d,]+ → [\d,]+\)/);
  expect(await violations(page)).toEqual([]);
});

test('it follows the slider to nothing hurt, and takes any two states', async ({ page }) => {
  await openLab(page, LINK);
  await runToEnd(page);
  const panel = card(page);
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText(/Hurt most/, { timeout: 60_000 });
  await pressSlider(page, 'Sparsity', ['Home']);
  await expect(panel).toContainText('the same answer to all 10,000 test images', { timeout: 60_000 });
  await pressSlider(page, 'Sparsity', ['End']);
  await expect(panel).toContainText(/Hurt most/, { timeout: 60_000 });
  await panel.getByRole('combobox', { name: 'Old network' }).click();
  await page.getByRole('option', { name: '3 Prune' }).click();
  await expect(panel).toContainText('the same answer to all 10,000 test images', { timeout: 60_000 });
});

for (const scheme of ['light', 'dark'] as const) {
  test(`all of it at once, from the accuracy tile, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openLab(page, LINK);
    await runToEnd(page);
    await page.getByRole('button', { name: 'who gets hurt?' }).click();
    const dialog = page.getByRole('dialog', { name: 'Who gets hurt' });
    await expect(dialog.getByRole('listitem').getByRole('figure')).toHaveCount(24, { timeout: 60_000 });
    for (const name of ['Change of accuracy by class', 'Change of the confusion matrix', 'Changed answers'])
      await expect(dialog.getByRole('region', { name })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('a step is found by typing and added by keyboard', async ({ page }) => {
  await openLab(page, LINK);
  const add = page.getByRole('button', { name: 'Add a step', exact: true });
  await add.focus();
  await add.press('Enter');
  await expect(page.getByRole('option')).not.toHaveCount(0);
  await page.keyboard.type('few bits');
  await expect(page.getByRole('option', { name: /Quantize/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /Card 6: Quantize/ })).toBeVisible();
});
