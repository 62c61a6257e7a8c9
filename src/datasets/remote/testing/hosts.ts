/** Public hosts that do as they are told. */

/** What a host does with one of its addresses. */
export type Reply =
  | { bytes: Uint8Array; sizeUnknown?: boolean }
  | { status: number }
  /** The connection breaks after so many bytes. */
  | { bytes: Uint8Array; breakAfter: number }
  /** Nothing comes after so many bytes. */
  | { bytes: Uint8Array; stallAfter: number }
  | 'unreachable';

const CHUNK = 1 << 16;

/**
 * @param reply by URL; what it does not know is a 404
 * @param asked receives every URL
 */
export function fakeFetch(reply: (url: string) => Reply | undefined, asked: string[] = []): typeof fetch {
  return async (input, init) => {
    const url = String(input);
    asked.push(url);
    init?.signal?.throwIfAborted();
    const what = reply(url) ?? { status: 404 };
    if (what === 'unreachable') throw new TypeError('Failed to fetch');
    if ('status' in what) return new Response('no', { status: what.status });
    const known = !('sizeUnknown' in what && what.sizeUnknown);
    return new Response(bodyOf(what, init?.signal ?? undefined), {
      headers: known ? { 'content-length': String(what.bytes.length) } : {},
    });
  };
}

function bodyOf(what: Exclude<Reply, string | { status: number }>, signal?: AbortSignal): ReadableStream {
  const end = 'breakAfter' in what ? what.breakAfter : 'stallAfter' in what ? what.stallAfter : Infinity;
  let at = 0;
  return new ReadableStream({
    start(controller) {
      signal?.addEventListener('abort', () => {
        try {
          controller.error(signal.reason);
        } catch {
          // It was over already.
        }
      });
    },
    pull(controller) {
      if (at >= end) {
        if ('breakAfter' in what) controller.error(new TypeError('network error'));
        else return new Promise(() => {});
      } else if (at >= what.bytes.length) controller.close();
      else {
        const to = Math.min(at + CHUNK, what.bytes.length, end);
        controller.enqueue(what.bytes.slice(at, to));
        at = to;
      }
      return undefined;
    },
  });
}
