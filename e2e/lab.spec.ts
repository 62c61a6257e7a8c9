/** The lab as a visitor uses it, on the production build with real MNIST; trainings are short by their links. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import {
  button,
  expectTile,
  openLab,
  pressSlider,
  runToEnd,
  settled,
  slider,
  tile,
  tileNumber,
} from './support/lab';

const SHORT = '/#v1/lenet-mnist/recipe.0.steps=120';
const LONG = '/#v1/lenet-mnist/recipe.0.steps=30000';
const accuracy = (page: Page) => tileNumber(page, 'Test accuracy');
const chart = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true }).locator('[role="img"]').first();

test('first visit: one click trains the preset, and the page says what one is looking at', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await openLab(page, SHORT);
  await expect(page.getByRole('heading', { name: /How much of a neural network/ })).toBeVisible();
  await page.getByRole('button', { name: 'Start training' }).click();
  await expectTile(page, 'Test accuracy', (v) => v > 50 && v <= 100);
  await expectTile(page, 'Weights remaining', (v) => v > 9.5 && v < 10.5);
  await settled(page, 'Test accuracy');
  await expect(page.getByText(/of the 10,000 test digits/)).toBeVisible();
  expect(errors).toEqual([]);
});

test('a slider moves accuracy, size and the point on the chart', async ({ page }) => {
  await openLab(page, SHORT);
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  const before = { accuracy: await accuracy(page), size: await tileNumber(page, 'Size') };
  await pressSlider(page, 'Sparsity', ['Home']);
  await expectTile(page, 'Weights remaining', (v) => v === 100);
  await settled(page, 'Test accuracy');
  await expectTile(page, 'Size', (v) => v > 1000);
  const dense = await expectTile(page, 'Test accuracy', (v) => v >= before.accuracy);
  await pressSlider(page, 'Sparsity', ['End']);
  await expectTile(page, 'Weights remaining', (v) => v < 1);
  await expectTile(page, 'Test accuracy', (v) => v < 15);
  await pressSlider(page, 'Sparsity', ['Home']);
  await expectTile(page, 'Test accuracy', (v) => v === dense);
  expect(before.size).toBeLessThan(1000);
  // The sweep arrives in the background: its first and last value and all between.
  await expect(chart(page, 'Accuracy against sparsity')).toHaveAccessibleName(/14 points from 0 % to 99 %/, {
    timeout: 90_000,
  });
  await expect(chart(page, 'Accuracy against sparsity')).toHaveAccessibleName(/Now at 0 %/);
});

test('bits and rank act live, and thin layers are executed as such', async ({ page }) => {
  await openLab(page, SHORT);
  await runToEnd(page);
  await page.getByRole('switch', { name: 'Use Prune' }).click({ force: true });
  await page.getByRole('switch', { name: 'Use Quantize' }).click({ force: true });
  // 266,200 codes of 4 bits, entropy coded: less than 133 kB.
  await expectTile(page, 'Size', (v) => v > 80 && v < 134);
  await pressSlider(page, 'Bits', ['Home']);
  await expect(slider(page, 'Bits')).toHaveAttribute('aria-valuetext', /1/);
  await expectTile(page, 'Size', (v) => v < 45);
  await page.getByRole('switch', { name: 'Use Quantize' }).click({ force: true });
  await page.getByRole('switch', { name: 'Use Factorize' }).click({ force: true });
  await expectTile(page, 'Size', (v) => v > 300 && v < 400);
  await expect(tile(page, 'Arithmetic' as never)).toContainText('85 k');
  await settled(page, 'Measured speed-up');
  expect(await tileNumber(page, 'Measured speed-up')).toBeGreaterThan(0);
});

test('a shared link gives the same experiment and the same numbers in a new browser', async ({
  page,
  browser,
}) => {
  await openLab(page, SHORT);
  await pressSlider(page, 'Sparsity', ['ArrowLeft', 'ArrowLeft']);
  await runToEnd(page);
  await settled(page, 'Test accuracy');
  const here = {
    accuracy: await accuracy(page),
    value: await slider(page, 'Sparsity').inputValue(),
  };
  await expect.poll(() => page.url()).toContain('sparsity=');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = page.url();
  expect(link.length).toBeLessThan(140);
  const context = await browser.newContext();
  const friend = await context.newPage();
  await friend.goto(`${link}.`);
  await expect(slider(friend, 'Sparsity')).toHaveValue(here.value);
  await runToEnd(friend);
  await settled(friend, 'Test accuracy');
  expect(await accuracy(friend)).toBe(here.accuracy);
  await context.close();
});

test('reload keeps the experiment; back and forward walk through presets; undo takes a change back', async ({
  page,
}) => {
  await openLab(page, SHORT);
  const value = () => slider(page, 'Sparsity').inputValue();
  const first = await value();
  await pressSlider(page, 'Sparsity', ['ArrowLeft', 'ArrowLeft', 'ArrowLeft']);
  const changed = await value();
  expect(changed).not.toBe(first);
  // At once: the address of the page that goes has not been written yet.
  await page.reload();
  await expect(slider(page, 'Sparsity')).toHaveValue(changed);
  await expect.poll(() => page.url()).toContain(`sparsity=${changed}`);
  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('menuitem').filter({ hasText: 'How few bits?' }).click();
  await expect(slider(page, 'Bits')).toBeVisible();
  await expect.poll(() => page.url()).toContain('bits-cliff');
  await page.goBack();
  await expect(slider(page, 'Sparsity')).toHaveValue(changed);
  await page.goForward();
  await expect.poll(() => page.url()).toContain('bits-cliff');
  await expect(page.getByRole('slider', { name: 'Sparsity' })).toHaveCount(0);
  const bits = await slider(page, 'Bits').inputValue();
  await pressSlider(page, 'Bits', ['ArrowRight']);
  await expect(slider(page, 'Bits')).not.toHaveValue(bits);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(slider(page, 'Bits')).toHaveValue(bits);
});

test('pause holds, resume goes on, stop ends and the page stays usable', async ({ page }) => {
  await openLab(page, LONG);
  await button(page, 'Run').click();
  const bar = page.getByRole('progressbar').first();
  const progress = async () => Number(await bar.getAttribute('aria-valuenow'));
  await expect.poll(progress, { timeout: 60_000 }).toBeGreaterThan(0);
  await button(page, 'Pause').click();
  const resume = page.getByRole('button', { name: 'Resume' });
  await expect(resume).toBeVisible();
  await page.waitForTimeout(300);
  const held = await page
    .getByText(/steps\/s|of 30,000/)
    .first()
    .textContent();
  await page.waitForTimeout(700);
  expect(
    await page
      .getByText(/steps\/s|of 30,000/)
      .first()
      .textContent(),
  ).toBe(held);
  await resume.click();
  await expect(button(page, 'Pause')).toBeVisible();
  await button(page, 'Stop').click();
  await expect(button(page, 'Run')).toBeEnabled();
  await expect(button(page, 'Stop')).toBeHidden();
  await page.goto(SHORT);
  await runToEnd(page);
  await expectTile(page, 'Test accuracy', (v) => v > 50);
});

test('a bad link is refused field by field, and the rest of it works', async ({ page }) => {
  await openLab(page, `${SHORT}/recipe.2.sparsity=1.4/recipe.2.sparcity=0.5/seeds.init=-3`);
  const notice = page.getByRole('alert').first();
  await expect(notice).toContainText('recipe.2.with.sparsity');
  await expect(notice).toContainText('[0, 1]');
  await expect(notice).toContainText('recipe.2.with.sparcity');
  await expect(notice).toContainText('seeds.init');
  await expect(slider(page, 'Sparsity')).toBeVisible();
  await runToEnd(page);
  await expectTile(page, 'Test accuracy', (v) => v > 50);
});

test('nonsense after the # opens the first preset and says so', async ({ page }) => {
  await openLab(page, '/#z1/%00%ff!!');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(slider(page, 'Sparsity')).toBeVisible();
});

test('a missing shard is named, with what to do; a worker that cannot start, too', async ({ page }) => {
  await page.route('**/train-15000.bin', (route) => route.fulfill({ status: 404 }));
  await openLab(page, SHORT);
  const notice = page.getByRole('alert').filter({ hasText: 'train-15000.bin' });
  await expect(notice).toBeVisible();
  await expect(notice).toContainText(/npm run assets|reload/i);
  // The first shard is there: a short training needs no more.
  await button(page, 'Run').click();
  await expect(chart(page, 'Learning curves')).toHaveAccessibleName(/step \d+/, { timeout: 60_000 });

  await page.unroute('**/train-15000.bin');
  await page.route('**/worker-*.js', (route) => route.abort());
  await page.goto('about:blank');
  await page.goto(SHORT);
  await expect(page.getByRole('button', { name: /Reload/ })).toBeVisible();
});

test('an experiment saved as a file opens again, and a wrong file is refused by its fields', async ({
  page,
}) => {
  await openLab(page, SHORT);
  const recipe = [
    { do: 'train', with: { steps: 70 } },
    { do: 'prune', with: { sparsity: 0.5 } },
  ];
  const file = (experiment: object) => ({
    name: 'experiment.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(experiment)),
  });
  const input = page.locator('input[type=file]').first();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await input.setInputFiles(file({ v: 1, recipe }));
  await expect(slider(page, 'Sparsity')).toHaveValue('0.5');
  await expect.poll(() => page.url()).toContain('0.5');
  await input.setInputFiles(file({ v: 1, recipe: [{ do: 'prune', with: { sparsity: 2 } }] }));
  await expect(page.getByRole('alert').first()).toContainText('recipe.0.with.sparsity');
});

test('a first lottery ticket: one line per arm, and what they say in words', async ({ page }) => {
  const link = '/#v1/lottery-minute/recipe.0.steps=60/recipe.1.repeat=2';
  const arms = '/recipe.1.steps.1.fork.ticket.1.steps=60/recipe.1.steps.1.fork.reinit.1.steps=60';
  await openLab(page, link + arms);
  await runToEnd(page);
  const remaining = chart(page, 'Accuracy against weights remaining');
  await expect(remaining).toBeVisible();
  await expect(remaining).toHaveAccessibleName(/ticket/i);
  await expect(remaining).toHaveAccessibleName(/re-?init/i);
});

test('Chinese from the first word to the last', async ({ page }) => {
  await openLab(page, SHORT);
  await page.getByText('中文', { exact: true }).first().click();
  await expect(page.locator('html')).toHaveAttribute('lang', /zh/);
  await expect(page.getByRole('button', { name: '运行', exact: true }).first()).toBeVisible();
  const text = await page.locator('main').innerText();
  const english = text.match(/\b(accuracy|sparsity|weights|train|prune|quantize|layer|size)\b/gi);
  expect(english).toBeNull();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', /zh/);
});

test('data behind a chart: table and CSV hold the plotted points', async ({ page }) => {
  await openLab(page, SHORT);
  await runToEnd(page);
  await expect(chart(page, 'Learning curves')).toHaveAccessibleName(/step 120/);
  await page.getByRole('button', { name: 'Table and downloads: Learning curves' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  const stream = await (await download).createReadStream();
  const csv = (await stream.toArray()).join('');
  expect(csv.trim().split('\n').length).toBeGreaterThan(6);
  expect(csv).toContain('120');
});

for (const scheme of ['light', 'dark'] as const) {
  test(`no accessibility violations, ${scheme}, before and after a run`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openLab(page, SHORT);
    const violations = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
    expect(await violations()).toEqual([]);
    await runToEnd(page);
    await settled(page, 'Test accuracy');
    expect(await violations()).toEqual([]);
  });
}

test('on a phone everything is one column and nothing sticks out', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLab(page, SHORT);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  await expect(tile(page, 'Test accuracy')).toBeVisible();
});
