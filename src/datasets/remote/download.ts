/** One file from one host: streamed, counted, and checked against what is known of it. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { PublicFile } from './types';

export interface DownloadOptions {
  fetch: typeof fetch;
  /** A host that sends nothing for this long is given up. */
  stallMs: number;
  /** Bytes of this file so far, and how many there will be where that is known. */
  onBytes?(bytes: number, total: number | undefined): void;
  signal?: AbortSignal;
}

/**
 * @returns the whole file; where its length or sha256 is known, it has them
 * @throws Error whose message is the reason in a few words; an abort of `signal` throws as fetch does
 */
export async function download(file: PublicFile, options: DownloadOptions): Promise<Uint8Array> {
  const watch = watchdog(options.stallMs, options.signal);
  try {
    // Kept by the cache of this folder and not a second time by the browser's, which would also keep damage.
    // No cookies, and the host is not told which page asks.
    const response = await options.fetch(file.url, {
      mode: 'cors',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: watch.signal,
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel().catch(() => {});
      throw new Error(response.ok ? 'no content' : `HTTP ${response.status}`);
    }
    return await receive(file, response, options, watch.fed);
  } catch (error) {
    if (watch.stalled()) throw new Error(`nothing came for ${Math.ceil(options.stallMs / 1000)} s`);
    throw error;
  } finally {
    watch.stop();
  }
}

async function receive(
  file: PublicFile,
  { body, headers }: Response,
  { onBytes }: DownloadOptions,
  fed: () => void,
): Promise<Uint8Array> {
  const total = file.bytes ?? (Number(headers.get('content-length')) || undefined);
  const sink = new Sink(file.bytes);
  const hash = file.sha256 ? sha256.create() : undefined;
  const reader = body!.getReader();
  try {
    onBytes?.(0, total);
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      fed();
      sink.add(chunk.value);
      hash?.update(chunk.value);
      onBytes?.(sink.length, total);
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
  const bytes = sink.close();
  const found = hash && bytesToHex(hash.digest());
  if (found !== file.sha256) throw new Error(`sha256 ${found} in place of ${file.sha256}`);
  return bytes;
}

/** Chunks put together: in place where the length is known, at the end where it is not. */
class Sink {
  #chunks: Uint8Array[] = [];
  #whole: Uint8Array | undefined;
  length = 0;
  constructor(readonly expected: number | undefined) {
    if (expected !== undefined) this.#whole = new Uint8Array(expected);
  }
  /** @throws Error as soon as there is too much */
  add(chunk: Uint8Array): void {
    const { expected } = this;
    if (expected !== undefined && this.length + chunk.length > expected)
      throw new Error(`more than ${expected} bytes`);
    if (this.#whole) this.#whole.set(chunk, this.length);
    else this.#chunks.push(chunk);
    this.length += chunk.length;
  }
  close(): Uint8Array {
    if (this.expected !== undefined && this.length !== this.expected)
      throw new Error(`${this.length} bytes in place of ${this.expected}`);
    if (this.#whole) return this.#whole;
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }
}

/** A signal that follows `outer`, and fires by itself when it is not fed for so long. */
function watchdog(ms: number, outer?: AbortSignal) {
  const own = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  let stalled = false;
  const fed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      own.abort();
    }, ms);
  };
  const follow = () => own.abort(outer?.reason);
  if (outer?.aborted) follow();
  outer?.addEventListener('abort', follow, { once: true });
  fed();
  return {
    signal: own.signal,
    fed,
    stalled: () => stalled,
    stop: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
}
