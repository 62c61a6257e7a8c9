// `npm run screenshot`: makes docs/lab.png, the README's picture, from the built page: preset lenet-mnist, run to
// the end, slider swept. Real numbers of the machine that runs it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { browserArgs, findBrowser } from './browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const port = process.env.PORT ?? '5198';
const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'preview'], {
  cwd: root,
  env: { ...process.env, PORT: port },
  stdio: 'ignore',
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? findBrowser(),
  args: browserArgs,
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  const url = `http://localhost:${port}/#v1/lenet-mnist`;
  for (let tries = 0; ; tries++) {
    const answer = await page.goto(url).catch((error) => error);
    if (!(answer instanceof Error)) break;
    if (tries > 50) throw answer;
    await page.waitForTimeout(200);
  }
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByText(/of the 10,000 test digits/).waitFor({ timeout: 300_000 });
  // The sweep, with its times.
  await page.getByRole('img', { name: /14 points from/ }).waitFor({ timeout: 300_000 });
  await page.getByText('10,000 test images per point').waitFor({ timeout: 300_000 });
  await page.getByRole('button', { name: 'Sample shape of a 3' }).click();
  await page.waitForTimeout(3000);
  await page.mouse.move(720, 70);
  await page.screenshot({ path: `${root}docs/lab.png` });
  console.log('wrote docs/lab.png');
} finally {
  await browser.close();
  server.kill();
}
