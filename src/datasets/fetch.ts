import { Cancelled, messageOf } from '../spec/problem';
import { dataProblem } from './problems';
import type { ReadFile } from './types';

/**
 * The first two tries ask the server whether the browser's HTTP cache is still right (a few bytes if it is);
 * the last one takes the cached copy as it is, so that a visited lab still works without a network.
 */
const tries: RequestCache[] = ['no-cache', 'no-cache', 'force-cache'];
const PAUSE_MS = 400;

/**
 * Reads files below a URL, for the page and its worker.
 * @param baseUrl folder of one data set, e.g. `/data/mnist/`
 * @param id data set id, for messages
 */
export function fetchReader(baseUrl: string, id: string): ReadFile {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  return async (file, signal) => {
    let reason = '';
    for (const [i, cache] of tries.entries()) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (signal?.aborted) throw new Cancelled();
      try {
        return await fetchOnce(base + file, cache, signal);
      } catch (error) {
        if (signal?.aborted) throw new Cancelled();
        reason = messageOf(error);
        if (error instanceof Missing) throw dataProblem('missing', `${id}/${file}`, `is missing (${reason})`);
      }
    }
    throw dataProblem('unreachable', `${id}/${file}`, `could not be fetched (${reason})`, { reason });
  };
}

/** The server answered, and the answer is that there is no such file: trying again would not help. */
class Missing extends Error {}

async function fetchOnce(url: string, cache: RequestCache, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { cache, signal });
  if (response.status === 404 || response.status === 410) throw new Missing(`HTTP ${response.status}`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  // Hosts of single-page apps answer unknown paths with the page itself.
  if (response.headers.get('content-type')?.startsWith('text/html')) throw new Missing('got a web page');
  return new Uint8Array(await response.arrayBuffer());
}
