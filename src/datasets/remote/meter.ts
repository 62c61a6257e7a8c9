import type { Intake } from '../types';
import type { PublicFile, PublicPart } from './types';

const TELL_MS = 100;

/** Bytes of one host's files, told a few times a second. */
export class Meter {
  readonly #files = new Map<string, { bytes: number; total: number | undefined }>();
  #told = 0;
  constructor(
    readonly host: string,
    parts: readonly PublicPart[],
    readonly into: Intake,
  ) {
    for (const { url, bytes } of parts.flatMap((p) => p.files))
      this.#files.set(url, { bytes: 0, total: bytes });
  }

  tell({ url }: PublicFile, bytes: number, total: number | undefined): void {
    this.#files.set(url, { bytes, total });
    const now = performance.now();
    if (bytes !== 0 && bytes !== total && now - this.#told < TELL_MS) return;
    this.#told = now;
    const files = [...this.#files.values()];
    const known = files.every((f) => f.total !== undefined);
    this.into.fetching({
      host: this.host,
      bytes: files.reduce((sum, f) => sum + f.bytes, 0),
      ...(known && { total: files.reduce((sum, f) => sum + (f.total ?? 0), 0) }),
    });
  }
}
