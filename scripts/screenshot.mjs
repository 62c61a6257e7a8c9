// `npm run screenshot`: makes the README's pictures from the built page, with real numbers of the machine that runs it.
// docs/lab.png: preset lenet-mnist, run to the end, slider swept. docs/lottery.png: the study below, run to its end.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { browserArgs, findBrowser } from './browser.mjs';

const STUDY = 'minute/rounds=10/evalEvery=50/earlyStop=true/replicates=3';
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
async function open(fragment) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  for (let tries = 0; ; tries++) {
    const answer = await page.goto(`http://localhost:${port}/${fragment}`).catch((error) => error);
    if (!(answer instanceof Error)) return page;
    if (tries > 50) throw answer;
    await page.waitForTimeout(200);
  }
}
async function keep(page, name) {
  await page.waitForTimeout(3000);
  await page.mouse.move(720, 70);
  await page.screenshot({ path: `${root}docs/${name}.png` });
  console.log(`wrote docs/${name}.png`);
  await page.close();
}
const pictures = {
  async lab() {
    const page = await open('#v1/lenet-mnist');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText(/of the 10,000 test digits/).waitFor({ timeout: 300_000 });
    // The sweep, with its times.
    await page.getByRole('img', { name: /14 points from/ }).waitFor({ timeout: 300_000 });
    await page.getByText('10,000 test images per point').waitFor({ timeout: 300_000 });
    await page.getByRole('button', { name: 'Sample shape of a 3' }).click();
    await keep(page, 'lab');
  },
  async lottery() {
    const page = await open(`#~lottery=${STUDY}`);
    await page.getByRole('button', { name: 'Run study' }).click();
    await page.getByText(/Complete: all/).waitFor({ timeout: 1_800_000 });
    await keep(page, 'lottery');
  },
};
try {
  const wanted = process.argv.slice(2);
  for (const [name, make] of Object.entries(pictures))
    if (!wanted.length || wanted.includes(name)) await make();
} finally {
  await browser.close();
  server.kill();
}
