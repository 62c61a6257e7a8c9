/** Where the vault keeps its records: IndexedDB in a browser, memory elsewhere. */
export interface VaultEntry {
  id: string;
  bytes: Uint8Array;
}
/** Every call may throw what the browser throws where storage is full or forbidden. */
export interface VaultStore {
  list(): Promise<{ id: string; bytes: number }[]>;
  load(id: string): Promise<Uint8Array | undefined>;
  /** All of them or none. What is there already stays as it is. */
  keep(entries: readonly VaultEntry[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}
