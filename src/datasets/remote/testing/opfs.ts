/** As much of the private file system as the cache uses, in memory, with a limit; Node has none. */

type Content = { bytes: Uint8Array };
const missing = () => new DOMException('no such entry', 'NotFoundError');

class FakeFile {
  constructor(
    readonly folder: FakeFolder,
    public name: string,
    readonly content: Content,
  ) {}
  async getFile() {
    return new Blob([this.content.bytes as Uint8Array<ArrayBuffer>]);
  }
  async createSyncAccessHandle() {
    const { disk } = this.folder;
    return {
      write: (bytes: Uint8Array, { at = 0 } = {}) => {
        if (disk.used() + bytes.length > disk.quota) throw new DOMException('full', 'QuotaExceededError');
        const grown = new Uint8Array(Math.max(this.content.bytes.length, at + bytes.length));
        grown.set(this.content.bytes);
        grown.set(bytes, at);
        this.content.bytes = grown;
        return bytes.length;
      },
      flush() {},
      close() {},
    };
  }
  async move(name: string) {
    if (this.folder.disk.crash) throw new DOMException('gone', 'InvalidStateError');
    this.folder.entries.delete(this.name);
    this.folder.entries.set(name, this.content);
    this.name = name;
  }
}

class FakeFolder {
  readonly entries = new Map<string, FakeFolder | Content>();
  constructor(readonly disk: FakeDisk) {}
  async getDirectoryHandle(name: string, { create = false } = {}) {
    let found = this.entries.get(name);
    if (!found && !create) throw missing();
    if (!found) {
      found = new FakeFolder(this.disk);
      this.entries.set(name, found);
    }
    return found as FakeFolder;
  }
  async getFileHandle(name: string, { create = false } = {}) {
    let found = this.entries.get(name);
    if (!found && !create) throw missing();
    if (!found) {
      found = { bytes: new Uint8Array(0) };
      this.entries.set(name, found);
    }
    return new FakeFile(this, name, found as Content);
  }
  async removeEntry(name: string) {
    if (this.disk.crash && name.endsWith('.part')) throw missing();
    if (!this.entries.delete(name)) throw missing();
  }
  async *keys() {
    yield* this.entries.keys();
  }
}

export class FakeDisk {
  readonly root = new FakeFolder(this);
  /** The tab is closed before a written file can be moved or removed. */
  crash = false;
  constructor(public quota = Infinity) {}

  /** Every file by its path, below `winnow-data`. */
  files(): Map<string, Content> {
    const out = new Map<string, Content>();
    const walk = (folder: FakeFolder, path: string) => {
      for (const [name, entry] of folder.entries)
        if (entry instanceof FakeFolder) walk(entry, `${path}${name}/`);
        else out.set(`${path}${name}`.replace(/^winnow-data\//, ''), entry);
    };
    walk(this.root, '');
    return out;
  }
  used(): number {
    return [...this.files().values()].reduce((sum, f) => sum + f.bytes.length, 0);
  }
  get storage(): StorageManager {
    return { getDirectory: async () => this.root } as unknown as StorageManager;
  }
}

/** As much of Cache Storage as the cache uses. */
export function fakeCaches(): CacheStorage & { kept: Map<string, Blob> } {
  const kept = new Map<string, Blob>();
  const cache = {
    match: async (key: string) => kept.has(key) && new Response(kept.get(key)),
    put: async (key: string, response: Response) => void kept.set(key, await response.blob()),
    delete: async (key: string) => kept.delete(key),
  };
  return { kept, open: async () => cache } as unknown as CacheStorage & { kept: Map<string, Blob> };
}
