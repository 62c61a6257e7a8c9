/** For tests, the command line, and browsers that keep nothing: lasts as long as the page. */
import type { VaultEntry, VaultStore } from './types';

export class MemoryStore implements VaultStore {
  readonly #entries = new Map<string, Uint8Array>();
  async list() {
    return [...this.#entries].map(([id, { byteLength: bytes }]) => ({ id, bytes }));
  }
  async load(id: string) {
    return this.#entries.get(id);
  }
  async keep(entries: readonly VaultEntry[]) {
    for (const { id, bytes } of entries) if (!this.#entries.has(id)) this.#entries.set(id, bytes);
  }
  async remove(ids: readonly string[]) {
    for (const id of ids) this.#entries.delete(id);
  }
  async clear() {
    this.#entries.clear();
  }
}
