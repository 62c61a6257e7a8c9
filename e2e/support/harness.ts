/** Builds the backend harness and serves it to the tests of one file. It is a page of its own, not shipped. */
import { fileURLToPath } from 'node:url';
import { type Page, test } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { browserArgs, findBrowser, webgpuArgs } from '../../scripts/browser.mjs';
import type { Harness } from '../harness/worker';

const root = fileURLToPath(new URL('../harness', import.meta.url));
/** One per port, so that two runs at a time do not empty each other's. */
const outDirOf = (port: number) =>
  fileURLToPath(new URL(`../../test-results/harness-${port}`, import.meta.url));

/** WebGPU and WebGL both on the software adapter, whatever project a file runs in. */
export const harnessBrowser = () => ({
  executablePath: process.env.CHROMIUM_PATH ?? findBrowser(),
  args: [...browserArgs, ...webgpuArgs, '--enable-unsafe-swiftshader'],
});

export async function serve(port: number): Promise<{ url: string; close(): Promise<void> }> {
  const common = {
    configFile: false,
    root,
    logLevel: 'error',
    build: { outDir: outDirOf(port), emptyOutDir: true },
  } as const;
  await build({ ...common, worker: { format: 'es' } });
  const server: PreviewServer = await preview({ ...common, preview: { port } });
  return { url: server.resolvedUrls!.local[0], close: () => server.close() };
}

/** For the head of a test file: every test starts with the harness open in its page. */
export function openHarness(): void {
  let served: Awaited<ReturnType<typeof serve>>;
  test.use({ launchOptions: harnessBrowser() });
  test.beforeAll(async () => {
    served = await serve(Number(process.env.HARNESS_PORT ?? 5204));
  });
  test.afterAll(() => served?.close());
  test.beforeEach(({ page }) => page.goto(served.url));
}

type Remote = { harness: Harness };
/** Calls one function of the harness, in its worker. */
export const remote = <K extends keyof Harness>(
  page: Page,
  name: K,
  ...args: Parameters<Harness[K]>
): Promise<Awaited<ReturnType<Harness[K]>>> =>
  page.evaluate(
    ([n, a]) =>
      ((window as unknown as Remote).harness[n as K] as unknown as (...a: unknown[]) => unknown)(
        ...(a as unknown[]),
      ),
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<Harness[K]>>>;
