import { expect, type Page } from '@playwright/test';

/** A file dropped on the page, as a drag from the file manager ends. */
export async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([n, b64]) => {
      const all = new DataTransfer();
      all.items.add(new File([Uint8Array.from(atob(b64), (c) => c.charCodeAt(0))], n));
      return all;
    },
    [name, Buffer.from(bytes).toString('base64')] as const,
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop an experiment or a network file to open it')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}
