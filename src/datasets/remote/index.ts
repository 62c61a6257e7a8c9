/**
 * A data set from public hosts, for a page without shards of its own: what is kept from an earlier visit first, the
 * rest from one host after the other. Nothing counts before its sha256 is what it must be.
 */
import { Cancelled, WinnowError } from '../../spec/problem';
import { cifar10Sources } from '../cifar-10.sources';
import { reasonOf } from '../decode/unreadable';
import { fashionMnistSources } from '../fashion-mnist.sources';
import { mnistSources } from '../mnist.sources';
import { sha256 } from '../shard';
import type { DatasetInfo, Elsewhere, Intake } from '../types';
import { type BlockCache, openCache, type Storages } from './cache';
import { type Block, decoders } from './decoders';
import { download } from './download';
import { BLOCK, type PublicData, type PublicFile, type PublicPart, type PublicSource } from './types';

const publicData: Readonly<Record<string, PublicData>> = {
  mnist: mnistSources,
  'fashion-mnist': fashionMnistSources,
  'cifar-10': cifar10Sources,
};

/** The page asks for its data with every slider moved; hosts that have just failed are left in peace for so long. */
const REST_MS = 5_000;

export interface PublicHostsOptions extends Storages {
  fetch: typeof fetch;
  /** By id of the data set; those of this folder where left out. */
  data?: Readonly<Record<string, PublicData>>;
  /** A host that sends nothing for this long is given up; ms. */
  stallMs?: number;
  /** What a person should know although work goes on; said once. */
  notice?(problem: WinnowError['problem']): void;
}

/** @returns what `openDataset` asks when a data set's shards were never made; it knows MNIST, Fashion-MNIST, CIFAR-10 */
export function publicHosts(options: PublicHostsOptions): Elsewhere {
  const all = options.data ?? publicData;
  const caches = new Map<string, Promise<BlockCache>>();
  const failed = new Map<string, { error: unknown; at: number }>();
  let told = false;
  return async (info, into, signal) => {
    const data = all[info.id];
    if (!data) return false;
    const last = failed.get(info.id);
    if (last && performance.now() - last.at < REST_MS) throw last.error;
    const refused = (reason: string) => {
      if (!told) options.notice?.(notKept(info, reason));
      told = true;
    };
    const cache = caches.get(info.id) ?? openCache(options, [info.id, data.version], refused);
    caches.set(info.id, cache);
    try {
      await new Loading(info, data, await cache, into, options, signal).run();
    } catch (error) {
      // What a memory cache holds is worth keeping for another try.
      if (!(error instanceof Cancelled)) failed.set(info.id, { error, at: performance.now() });
      throw error;
    }
    caches.delete(info.id);
    return true;
  };
}

interface Failure {
  host: string;
  file: string;
  reason: string;
}
type Half = PublicPart['of'];

class Loading {
  readonly #missing: Record<Half, Set<number>>;
  readonly #failures: Failure[] = [];
  /** Small files that several parts need (labels), by URL. */
  readonly #small = new Map<string, Uint8Array>();
  readonly #size: number;

  constructor(
    readonly info: DatasetInfo,
    readonly data: PublicData,
    readonly cache: BlockCache,
    readonly into: Intake,
    readonly options: PublicHostsOptions,
    readonly signal: AbortSignal | undefined,
  ) {
    const all = (of: Half) => new Set(data.sums[of].keys());
    this.#missing = { train: all('train'), test: all('test') };
    this.#size = info.shape[0] * info.shape[1] * info.shape[2];
  }

  /** @throws WinnowError that names every host asked and what was wrong with it; Cancelled */
  async run(): Promise<void> {
    await this.#recall();
    for (const source of this.data.sources) {
      if (this.#done()) return;
      await this.#ask(source);
    }
    if (!this.#done()) throw unobtainable(this.info, this.#failures);
  }

  #done(): boolean {
    return this.#missing.train.size + this.#missing.test.size === 0;
  }
  #turn(): void {
    if (this.signal?.aborted) throw new Cancelled();
  }

  /** Blocks of an earlier visit. One that was damaged since is thrown away. */
  async #recall(): Promise<void> {
    for (const of of ['train', 'test'] as const)
      for (const index of [...this.#missing[of]]) {
        this.#turn();
        const sum = this.data.sums[of][index];
        const bytes = await this.cache.get(sum);
        if (!bytes) continue;
        if ((await sha256(bytes as Uint8Array<ArrayBuffer>)) === sum) this.#place(of, index, bytes);
        else await this.cache.drop(sum);
      }
  }

  /** Takes from a host what is still missing; its first failure ends its turn. */
  async #ask(source: PublicSource): Promise<void> {
    const parts = source.parts.filter((part) =>
      this.#blocks(part).some((i) => this.#missing[part.of].has(i)),
    );
    const meter = new Meter(source.host, parts, this.into);
    let at: PublicFile = parts[0].files[0];
    try {
      for (const part of parts) {
        const files: Uint8Array[] = [];
        for (const file of part.files) {
          at = file;
          files.push(await this.#fetch(file, meter));
        }
        at = part.files[0];
        await this.#take(source, part, files);
      }
    } catch (error) {
      this.#turn();
      const { pathname } = new URL(at.url);
      const file = pathname.slice(pathname.lastIndexOf('/') + 1);
      this.#failures.push({ host: source.host, file, reason: reasonOf(error) });
    } finally {
      this.into.fetching(undefined);
    }
  }

  async #fetch(file: PublicFile, meter: Meter): Promise<Uint8Array> {
    const kept = this.#small.get(file.url);
    if (kept) return kept;
    this.#turn();
    const { fetch, stallMs = 30_000 } = this.options;
    const onBytes = (bytes: number, total: number | undefined) => meter.tell(file, bytes, total);
    const bytes = await download(file, { fetch, stallMs, onBytes, signal: this.signal });
    if (bytes.length < 1_000_000) this.#small.set(file.url, bytes);
    return bytes;
  }

  async #take(source: PublicSource, part: PublicPart, files: readonly Uint8Array[]): Promise<void> {
    for await (const block of decoders[source.decoder](files, part, this.info.shape)) {
      this.#turn();
      const index = block.from / BLOCK;
      if (this.#missing[part.of].has(index)) await this.#check(part.of, index, block);
    }
    const left = this.#blocks(part).filter((i) => this.#missing[part.of].has(i));
    if (left.length) throw new Error(`${part.of} images from ${left[0] * BLOCK} on are not in it`);
  }

  async #check(of: Half, index: number, { labels, pixels }: Block): Promise<void> {
    const content = new Uint8Array(labels.length + pixels.length);
    content.set(labels);
    content.set(pixels, labels.length);
    const [found, wanted] = [await sha256(content), this.data.sums[of][index]];
    if (found !== wanted)
      throw new Error(
        `${of} images ${index * BLOCK} to ${(index + 1) * BLOCK - 1} have sha256 ${found} in place of ${wanted}`,
      );
    this.#place(of, index, content);
    await this.cache.put(wanted, content.subarray(0, labels.length), content.subarray(labels.length));
  }

  #place(of: Half, index: number, content: Uint8Array): void {
    const n = content.length / (1 + this.#size);
    this.into.place(of, index * BLOCK, content.subarray(0, n), content.subarray(n));
    this.#missing[of].delete(index);
  }

  #blocks({ from, count }: PublicPart): number[] {
    return Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => from / BLOCK + i);
  }
}

const TELL_MS = 100;

/** Bytes of one host's files, told a few times a second. */
class Meter {
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

function unobtainable({ id, name }: DatasetInfo, failures: readonly Failure[]): WinnowError {
  const hosts = failures.map(({ host, file, reason }) => `${host} (${file}: ${reason})`).join('; ');
  return new WinnowError({
    code: 'data.hosts',
    path: 'data',
    message: `${name} is not on this site, and no public host gave it: ${hosts}. Check the connection and what blocks requests to other sites, then run again or reload the page; what has arrived is kept. If you serve the lab yourself, \`npm run assets\` makes its files.`,
    values: { id, name, hosts },
  });
}

function notKept({ id, name }: DatasetInfo, reason: string): WinnowError['problem'] {
  return {
    code: 'data.storage',
    path: 'data',
    message: `${name} cannot be kept in this browser: ${reason}. Work goes on in memory; the next visit fetches it again.`,
    values: { id, name, reason },
  };
}
