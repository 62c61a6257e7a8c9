// `npm test`: every check there is, one after the other. A stage that fails does not keep the next from running,
// unless it needs what the failed one makes; it then counts as failed and says NOT RUN.
//   npm test                 everything
//   npm test -- types unit   these stages only
// The last line is `N passed, N failed` (and `, N skipped`): single tests, plus one for each stage without tests.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './install-browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = `${root}test-results`;
/** biome colours its output in pipes too. */
const plain = process.stdout.isTTY ? [] : ['--colors=off'];
const bin = (name) => `${root}node_modules/.bin/${name}`;

/** Runs a command with its output shown; a hanging one is ended with everything it started. */
function run(command, args, { minutes = 5, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: { ...process.env, ...env },
    });
    const clock = setTimeout(() => {
      console.log(`\nNot done after ${minutes} minutes: stopped.`);
      process.kill(-child.pid, 'SIGKILL');
    }, minutes * 60_000);
    const end = (code) => {
      clearTimeout(clock);
      resolve(code);
    };
    child.on('error', (error) => {
      console.log(String(error));
      end(1);
    });
    child.on('exit', (code) => end(code ?? 1));
  });
}

/** One check without tests of its own. */
const check =
  (command, ...args) =>
  async () =>
    (await run(command, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/** Whatever else a report says, a test command that failed must not count as passed; nor may an empty one. */
function settle(code, { passed, failed, skipped }) {
  if (failed === 0 && (code !== 0 || passed === 0)) return { passed, failed: 1, skipped };
  return { passed, failed, skipped };
}

async function unit() {
  const file = `${reports}/unit.json`;
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await run(bin('vitest'), args, { minutes: 10.5 });
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1 };
  // A file that could not even be loaded has no tests and is still a failure.
  const unloaded = report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0);
  return settle(code, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const notRun = (why) => {
  console.log(`NOT RUN: ${why}`);
  return { passed: 0, failed: 1 };
};

async function browser(results) {
  if (results.build?.failed) return notRun('there is no build to test');
  const chromium = ensureBrowser();
  if (!chromium)
    return notRun('there is no Chromium here and none could be installed (CHROMIUM_PATH names one)');
  const file = `${reports}/browser.json`;
  const env = {
    CHROMIUM_PATH: chromium,
    E2E_PORT: String(await freePort()),
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  };
  const code = await run(bin('playwright'), ['test', '--reporter=list,json'], { minutes: 16, env });
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return settle(code, { passed: expected, failed: unexpected + flaky + report.errors.length, skipped });
}

const stages = {
  style: check(bin('biome'), 'ci', '--error-on-warnings', ...plain, '.'),
  types: check(bin('tsc'), '-p', '.'),
  imports: check(bin('depcruise'), 'src', 'bench', 'e2e', 'scripts', '--no-progress'),
  assets: check(process.execPath, 'scripts/assets.mjs'),
  unit,
  build: check(bin('vite'), 'build', '--logLevel', 'warn'),
  browser,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in stages));
if (unknown.length) {
  console.error(`no such stage: ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const results = {};
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const began = Date.now();
  const result = await stage(results).catch((error) => notRun(String(error)));
  results[name] = { skipped: 0, ...result, seconds: Math.round((Date.now() - began) / 1000) };
}

console.log('\n== summary');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [name, r] of Object.entries(results)) {
  for (const key of Object.keys(sum)) sum[key] += r[key];
  const skipped = r.skipped ? `, ${r.skipped} skipped` : '';
  console.log(`${name.padEnd(8)} ${r.passed} passed, ${r.failed} failed${skipped} (${r.seconds} s)`);
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`);
process.exit(sum.failed ? 1 : 0);
