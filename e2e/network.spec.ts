/** Choosing a network: perceptrons of any size are put together on the page, by keyboard too. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openLab } from './support/lab';

test('an MLP of one’s own: layers added, changed, removed; what is not allowed is said and changes nothing', async ({
  page,
}) => {
  await openLab(page, '/#v1/lenet-mnist');
  const network = page.getByLabel('Network', { exact: true }).and(page.locator('select'));
  const layer = (n: number) => page.getByLabel(`Units of hidden layer ${n}`, { exact: true });
  await expect(layer(1)).toHaveCount(0);
  await network.selectOption('mlp');
  await expect(layer(1)).toHaveValue('256');
  await expect(layer(2)).toHaveValue('128');
  // 784 x 256 + 256 x 128 + 128 x 10.
  await expect(page.getByText(/234\.8\s?k weights|235\s?k weights/)).toBeVisible();
  await expect(page).toHaveURL(/model=mlp-256-128$/);

  await layer(1).fill('40');
  await layer(1).press('Enter');
  await expect(page).toHaveURL(/model=mlp-40-128$/);
  await page.getByRole('button', { name: 'Add a hidden layer' }).press('Enter');
  await expect(layer(3)).toBeFocused();
  await page.keyboard.type('7');
  await page.keyboard.press('Tab');
  await expect(page).toHaveURL(/model=mlp-40-128-7$/);

  await layer(2).fill('5000');
  await layer(2).press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'from 1 to 4096' })).toBeVisible();
  await expect(layer(2)).toHaveAttribute('aria-invalid', 'true');
  await expect(page).toHaveURL(/model=mlp-40-128-7$/);
  const { violations } = await new AxeBuilder({ page }).include('fieldset').analyze();
  expect(violations).toEqual([]);

  await page.getByRole('button', { name: 'Remove hidden layer 2' }).click();
  await expect(layer(1)).toBeFocused();
  await expect(page).toHaveURL(/model=mlp-40-7$/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(layer(3)).toHaveValue('7');
  await expect(page).toHaveURL(/model=mlp-40-128-7$/);
  await network.selectOption('lenet-300-100');
  await expect(layer(1)).toHaveCount(0);
});

test('a graph shows its layers and its batch norms', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await openLab(page, '/#v1/lenet-mnist/model=mobilenet-tiny');
  const table = page.getByRole('region', { name: 'Layers', exact: true });
  await expect(table.getByRole('row', { name: /^dw1 3×3×16 100/ })).toBeVisible();
  await expect(table.getByRole('rowheader', { name: 'dw1' })).toHaveAttribute(
    'title',
    /one filter per channel/,
  );
  // Four values for each of 736 channels, 0 or 1 before training: 16 bits hold them exactly.
  await expect(table.getByRole('row', { name: /^batch norms – 5\.9/ })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(errors).toEqual([]);
});
