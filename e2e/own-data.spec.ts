/** The visitor's own files as data, on the production build. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { digits, folders, noise, png, zip } from '../src/datasets/own/testing/encoders';
import { drop } from './support/drop';
import { expectTile, openLab, runToEnd, settled } from './support/lab';

/** Nothing pruned: what the tile shows is what was learned. */
const FEW = '/#v1/lenet-mnist/recipe.0.steps=60/recipe.2.off=true';
/** 240 images of 12 x 12 in three classes that differ in brightness, so that a few steps learn something. */
function toys(): Uint8Array {
  const set = digits(240, 12);
  set.pixels.forEach((v, i) => {
    set.pixels[i] = Math.round(v / 4) + 90 * set.labels[Math.floor(i / 144)];
  });
  return zip({ ...folders(set, ['dark', 'dim', 'light']), 'README.md': new TextEncoder().encode('# toys') });
}
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Own images as data' });
const data = (page: Page) => page.getByLabel('Data', { exact: true });
const pick = (page: Page) => data(page).selectOption({ label: 'Own files…' });
const give = (page: Page, name: string, bytes: Uint8Array) =>
  dialog(page)
    .locator('input[type=file][multiple]')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
}

test('a zip of class folders is dropped, looked at, used, trained on, and still there after a reload', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await openLab(page, FEW);
  await drop(page, 'toys.zip', toys());
  const shown = dialog(page);
  await expect(shown.getByText('One folder per class: 240 images, 12 × 12, 3 classes · grey')).toBeVisible();
  await expect(shown.getByRole('row', { name: 'All 180 21 39' })).toBeVisible();
  await expect(shown.getByRole('row', { name: 'dim 60 7 13' })).toBeVisible();
  await expect(shown.getByRole('list', { name: 'Training images' }).getByRole('listitem')).toHaveCount(24);
  await expect(shown.getByText(/one sixth is held out for test/)).toBeVisible();
  await expect(shown.getByText('1 other file was left out: toys.zip/README.md.')).toBeVisible();
  await expectAccessible(page);

  await shown.getByLabel('Name').fill('my toys');
  await shown.getByRole('button', { name: 'Use this data' }).click();
  await expect(shown).toBeHidden();
  await expect(data(page).locator('option:checked')).toHaveText('my toys');
  await expect(page.getByText('180 train · 21 val · 39 test')).toBeVisible();
  const id = await data(page).inputValue();
  expect(id).toMatch(/^own-[0-9a-f]{12}$/);
  await expect(page).toHaveURL(new RegExp(`data=${id}`));
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  await expectTile(page, 'Test accuracy', (v) => v > 60);
  await expect(page.getByText('of the 39 test images')).toBeVisible();

  await page.reload();
  await expect(data(page).locator('option:checked')).toHaveText('my toys');
  await expect(page.getByText('180 train · 21 val · 39 test')).toBeVisible();
  await runToEnd(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('a wrong file is refused with what was found; what was computed stays', async ({ page }) => {
  await openLab(page, FEW);
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  const before = await expectTile(page, 'Test accuracy', (v) => v > 0);
  await pick(page);
  await give(page, 'paper.zip', new TextEncoder().encode('%PDF-1.7'));
  await expect(dialog(page).getByRole('alert')).toContainText('paper.zip: expected idx (also .gz)');
  await expect(dialog(page).getByRole('alert')).toContainText('found PDF');
  await expectAccessible(page);
  await give(
    page,
    'pets.zip',
    zip({ 'a/1.png': png(8, 8, 1, noise(64)), 'b/2.png': png(8, 9, 1, noise(72)) }),
  );
  await expect(dialog(page).getByRole('alert')).toContainText(
    'pets.zip/b/2.png is 9 x 8 and pets.zip/a/1.png is 8 x 8: all images must have the same size',
  );
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(data(page)).toHaveValue('mnist');
  await expectTile(page, 'Test accuracy', (v) => v === before);
});

test('a link names data by their content: the same files make it work, here too', async ({ page }) => {
  await openLab(page, `${FEW}/data=own-0123456789ab`);
  await expect(page.getByRole('alert')).toContainText('own images named own-0123456789ab');
  await page.getByRole('alert').getByRole('button', { name: 'Own files…' }).click();
  await give(page, 'a.zip', toys());
  await dialog(page).getByRole('button', { name: 'Use this data' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page).not.toHaveURL(/own-0123456789ab/);
  const link = page.url();

  await pick(page);
  await dialog(page).getByRole('button', { name: 'Remove a from this browser' }).click();
  await page.keyboard.press('Escape');
  const missing = page.getByRole('alert').filter({ hasText: 'The data of this experiment are not here' });
  await expect(missing).toBeVisible();
  await page.reload();
  await expect(missing).toBeVisible();
  await drop(page, 'other-name.zip', toys());
  await dialog(page).getByRole('button', { name: 'Use this data' }).click();
  await expect(missing).toBeHidden();
  await runToEnd(page);
  expect(page.url()).toBe(link);
});

test('a network that cannot take the images gives way, and it is said before and after', async ({ page }) => {
  await openLab(page, '/#v1/lenet5-mnist/recipe.0.steps=5');
  await pick(page);
  await give(page, 'tiny.zip', zip(folders(digits(120, 6))));
  await expect(dialog(page).getByText(/image is too small for layer/)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Use this data' }).click();
  await expect(page.getByRole('combobox', { name: 'Network' })).toHaveValue('lenet-300-100');
  await expect(page.getByRole('alert')).toContainText('image is too small for layer');
});

test('where storage is full the data are used all the same, and it is said', async ({
  page,
  context,
  baseURL,
}) => {
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.overrideQuotaForOrigin', { origin: baseURL!, quotaSize: 10_000 });
  await openLab(page, FEW);
  await pick(page);
  await give(page, 'toys.zip', toys());
  await dialog(page).getByRole('button', { name: 'Use this data' }).click();
  await expect(page.getByRole('alert')).toContainText('toys could not be kept in this browser');
  await expect(data(page).locator('option:checked')).toHaveText('toys');
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  await expectTile(page, 'Test accuracy', (v) => v > 60);
});

test('JPEG is decoded by the browser, and it is said', async ({ page }) => {
  await openLab(page, FEW);
  const jpegs = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(16, 16);
    const context = canvas.getContext('2d')!;
    const all: string[] = [];
    for (let i = 0; i < 120; i++) {
      context.fillStyle = i % 2 ? 'rgb(200 30 40)' : 'rgb(20 40 210)';
      context.fillRect(0, 0, 16, 16);
      context.fillStyle = 'white';
      context.fillRect(i % 15, Math.floor(i / 15), 2, 2);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
      all.push(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    }
    return all;
  });
  const files = jpegs.map((j, i) => [`${i % 2 ? 'red' : 'blue'}/${i}.jpg`, Buffer.from(j, 'latin1')]);
  await pick(page);
  await give(page, 'photos.zip', zip(Object.fromEntries(files)));
  await expect(dialog(page).getByText(/120 images, 16 × 16, 2 classes · colour/)).toBeVisible();
  await expect(dialog(page).getByText(/120 JPEG files were decoded by this browser/)).toBeVisible();
  const colours = await dialog(page)
    .locator('canvas')
    .evaluateAll((all) =>
      all.map((c) => {
        const [r, , b] = (c as HTMLCanvasElement).getContext('2d')!.getImageData(15, 15, 1, 1).data;
        return r > 150 && b < 80 ? 'red' : b > 150 && r < 80 ? 'blue' : 'other';
      }),
    );
  expect(colours).toEqual([...Array(12).fill('blue'), ...Array(12).fill('red')]);
});
