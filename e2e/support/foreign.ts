import type { BrowserContext } from '@playwright/test';

/**
 * Collects every request that leaves the lab's own origin, workers' included. Call before the first navigation.
 * @returns a list that grows; data: and blob: URLs never leave the browser and are not listed
 */
export function watchForeign(context: BrowserContext, baseURL: string): string[] {
  const foreign: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (['data:', 'blob:'].includes(url.protocol)) return;
    if (url.origin !== new URL(baseURL).origin) foreign.push(request.url());
  });
  return foreign;
}
