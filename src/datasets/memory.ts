/** Memory for images that several threads read: shared where the page is isolated and in Node, plain elsewhere. */
export const room = (bytes: number): Uint8Array<ArrayBufferLike> =>
  new Uint8Array(
    typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes),
  );
