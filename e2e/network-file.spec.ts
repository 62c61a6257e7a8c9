/** The compressed network as a file: downloaded, dropped back, refused where it is damaged. */
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { drop } from './support/drop';
import { openLab, runToEnd, settled, tile, tileNumber } from './support/lab';

const PRUNED = '/#v1/lenet-mnist/recipe.0.steps=80/recipe.2.sparsity=0.9/recipe.3.off=false';

async function saved(page: Page): Promise<{ name: string; bytes: Uint8Array }> {
  const coming = page.waitForEvent('download');
  await tile(page, 'Size')
    .getByRole('button', { name: /Download network/ })
    .click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
/** What the card says of the file. */
const opened = (page: Page) =>
  page.getByRole('complementary', { name: 'Recipe' }).getByText(/^file-[0-9a-f]{12}$/);
const accuracy = (page: Page) => tileNumber(page, 'Test accuracy');

test('a network is downloaded, and dropped back it is the same network and the same file', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await openLab(page, PRUNED);
  await expect(page.getByRole('button', { name: /Download network/ })).toHaveCount(0);
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  const before = { accuracy: await accuracy(page), size: await tileNumber(page, 'Size') };
  const first = await saved(page);
  expect(first.name).toMatch(/^lenet-300-100-\d+(\.\d+)?kB\.winnow$/);
  expect(Math.abs(first.bytes.length / 1000 - before.size)).toBeLessThan(0.06);

  await drop(page, 'whatever.bin', first.bytes);
  await expect(page.getByText('whatever.bin is the start of the recipe')).toBeVisible();
  await expect(opened(page)).toBeVisible();
  await settled(page, 'Test accuracy');
  await expect.poll(() => accuracy(page)).toBe(before.accuracy);
  expect(await tileNumber(page, 'Size')).toBe(before.size);
  expect(Buffer.from((await saved(page)).bytes).equals(Buffer.from(first.bytes))).toBe(true);

  // What was trained is still there.
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(opened(page)).toHaveCount(0);
  await expect.poll(() => accuracy(page)).toBe(before.accuracy);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(opened(page)).toBeVisible();

  await page.reload();
  await expect(page.getByText('whatever.bin')).toBeVisible();
  await settled(page, 'Test accuracy');
  await expect.poll(() => accuracy(page)).toBe(before.accuracy);
  expect(Buffer.from((await saved(page)).bytes).equals(Buffer.from(first.bytes))).toBe(true);
  expect(errors).toEqual([]);
});

test('a file that is cut short, altered or of another network is refused by name, and all stays as it was', async ({
  page,
  browser,
}) => {
  await openLab(page, PRUNED);
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  const before = await accuracy(page);
  const { bytes } = await saved(page);
  const url = page.url();
  const refused = async (name: string, what: Uint8Array, says: RegExp) => {
    await drop(page, name, what);
    const notice = page.getByRole('alert').filter({ hasText: name });
    await expect(notice).toContainText(says);
    await notice.getByRole('button', { name: 'Dismiss' }).first().click();
    expect(page.url()).toBe(url);
    expect(await accuracy(page)).toBe(before);
  };
  await refused('cut.winnow', bytes.subarray(0, bytes.length - 100), /cut short|altered/);
  await refused('stub.winnow', bytes.subarray(0, 60), /cut short/);
  const altered = Uint8Array.from(bytes);
  altered[bytes.length - 40] ^= 1;
  await refused('altered.winnow', altered, /altered/);

  // In another browser the link says what is missing, and dropping that file mends it.
  await drop(page, 'mine.winnow', bytes);
  await expect(opened(page)).toBeVisible();
  await expect.poll(() => page.url()).not.toBe(url);
  const context = await browser.newContext();
  const friend = await context.newPage();
  await friend.goto(page.url());
  const missing = friend.getByRole('alert').filter({ hasText: /network file.*is not here/ });
  await expect(missing).toContainText(/file-[0-9a-f]{12}/);
  await drop(friend, 'renamed.dat', bytes);
  await expect(missing).toBeHidden();
  await expect.poll(() => accuracy(friend), { timeout: 60_000 }).toBe(before);
  await context.close();
});
