import { expect, test } from '@playwright/test';
import { watchForeign } from './support/foreign';

test('the manifest and its shards are served as they are, with isolation headers', async ({ request }) => {
  const answer = await request.get('/data/mnist/manifest.json');
  expect(answer.status()).toBe(200);
  expect(answer.headers()).toMatchObject({
    'content-type': expect.stringContaining('application/json'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  const manifest = await answer.json();
  for (const { file, bytes } of manifest.shards) {
    const shard = await request.get(`/data/mnist/${file}`);
    expect(shard.status(), file).toBe(200);
    expect(shard.headers()['content-encoding'], file).toBeUndefined();
    expect((await shard.body()).length, file).toBe(bytes);
  }
});

test('a file that is not there is a 404 and not the page', async ({ request }) => {
  expect((await request.get('/data/mnist/train-99999.bin')).status()).toBe(404);
});

test('the page is cross-origin isolated and asks no other origin for anything', async ({
  page,
  context,
  baseURL,
}) => {
  const foreign = watchForeign(context, baseURL!);
  await page.goto('/');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.waitForLoadState('networkidle');
  expect(foreign).toEqual([]);
});

test('a link may name another data set and network; the page follows', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto('/#v1/lenet-mnist/data=cifar-10/model=conv-2/recipe.0.steps=3');
  await expect(page.getByLabel('Data', { exact: true })).toHaveValue('cifar-10');
  await expect(page.getByText('Conv-2 on 45,000 images of CIFAR-10')).toBeVisible();
  await expect(page.getByText(/4\.3\s?M weights/)).toBeVisible();
  await expect(page.getByText('45,000 train · 5,000 val · 10,000 test')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/CIFAR-10 shows other things/)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(errors).toEqual([]);
});
