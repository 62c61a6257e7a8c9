// Finds a Chromium or installs one: Playwright's own, else the distribution's where we may. Prints its path.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './browser.mjs';

const attempt = (command, args, minutes) => {
  console.error(`browser: ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: minutes * 60_000, env }).status === 0;
};

/** @returns {string | undefined} path of a Chromium that starts, or nothing when every way failed */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  attempt('npx', ['playwright', 'install', 'chromium'], 4);
  if (findBrowser()) return findBrowser();
  if (process.getuid?.() === 0 && attempt('apt-get', ['update'], 3))
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], 6);
  return findBrowser();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = ensureBrowser();
  console.log(path ?? 'browser: none found, and none could be installed');
  process.exit(path ? 0 : 1);
}
