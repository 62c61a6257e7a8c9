// Finds the Chromium that the browser tests and the benchmark drive. A full Chromium: the headless shell has no WebGPU.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Always given: headless in a container, and not one request of the browser's own. */
export const browserArgs = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];
/** WebGPU on the software adapter, where there is no graphics card. */
export const webgpuArgs = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** A file that is there may still lack its libraries; one that tells its version starts. */
function starts(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** @returns {string | undefined} path of a Chromium that starts; CHROMIUM_PATH overrides the search */
export function findBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  const places = wanted ? [wanted] : [...installed, chromium.executablePath()];
  return places.find((path) => existsSync(path) && starts(path));
}
