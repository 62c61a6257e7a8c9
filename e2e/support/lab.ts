import { expect, type Locator, type Page } from '@playwright/test';

export type Tile = 'Test accuracy' | 'Weights remaining' | 'Size' | 'Measured speed-up';
export type SliderName = 'Sparsity' | 'Bits' | 'Rank';
export type ButtonName = 'Run' | 'Pause' | 'Stop' | 'Share';

/** Opens the lab (with a link's query or fragment, where given) and waits until it can be used. */
export async function openLab(page: Page, link = '/'): Promise<void> {
  await page.goto(link);
  await expect(button(page, 'Run')).toBeEnabled();
}

export const button = (page: Page, name: ButtonName): Locator =>
  page.getByRole('button', { name, exact: true }).first();
export const slider = (page: Page, name: SliderName): Locator =>
  page.getByRole('slider', { name, exact: true }).first();
export const tile = (page: Page, name: Tile): Locator => page.getByRole('group', { name, exact: true });

/** First number in a tile, as shown: `97.81 %` gives 97.81, a dash gives NaN. */
export async function tileNumber(page: Page, name: Tile): Promise<number> {
  const text = ((await tile(page, name).textContent()) ?? '').replaceAll(',', '');
  return Number.parseFloat(/-?\d+(\.\d+)?/.exec(text.replace(name, ''))?.[0] ?? 'NaN');
}

/** Waits until the tile shows its final figure: the whole test set, the finished timing. */
export const settled = (page: Page, name: Tile, timeout = 60_000): Promise<void> =>
  expect(tile(page, name)).not.toHaveAttribute('aria-busy', 'true', { timeout });

/** Waits until a tile's number passes the test; its last value is in the message otherwise. */
export async function expectTile(
  page: Page,
  name: Tile,
  holds: (value: number) => boolean,
  timeout = 60_000,
): Promise<number> {
  let value = Number.NaN;
  await expect
    .poll(
      async () => {
        value = await tileNumber(page, name);
        return holds(value) || `${name} is ${value}`;
      },
      { timeout, message: name },
    )
    .toBe(true);
  return value;
}

/** Moves a slider as a keyboard user does: to one end, then by arrow keys. */
export async function pressSlider(page: Page, name: SliderName, keys: string[]): Promise<void> {
  const handle = slider(page, name);
  await handle.focus();
  for (const key of keys) await handle.press(key);
}

/** Presses Run and waits for the end: Stop is gone or no longer usable, and Run is back. */
export async function runToEnd(page: Page, timeout = 110_000): Promise<void> {
  await button(page, 'Run').click();
  await expect(button(page, 'Stop')).toBeEnabled();
  await expect(button(page, 'Run')).toBeEnabled({ timeout });
}
