import { Cancelled, messageOf, WinnowError } from '../../spec/problem';
import { sha256 } from '../shard';
import type { DatasetInfo, Intake } from '../types';
import type { BlockCache } from './cache';
import { type Block, decoders } from './decoders';
import { download } from './download';
import { Meter } from './meter';
import { BLOCK, type PublicData, type PublicFile, type PublicPart, type PublicSource } from './types';

export interface LoadingOptions {
  fetch: typeof fetch;
  /** A host that sends nothing for this long is given up; ms. */
  stallMs?: number;
}
interface Failure {
  host: string;
  file: string;
  reason: string;
}
type Half = PublicPart['of'];

/** One data set on its way: what is still missing, and who could not give it. */
export class Loading {
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
    readonly options: LoadingOptions,
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
      this.#failures.push({ host: source.host, file, reason: messageOf(error) });
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

function unobtainable({ id, name }: DatasetInfo, failures: readonly Failure[]): WinnowError {
  const hosts = failures.map(({ host, file, reason }) => `${host} (${file}: ${reason})`).join('; ');
  return new WinnowError({
    code: 'data.hosts',
    path: 'data',
    message: `${name} is not on this site, and no public host gave it: ${hosts}. Check the connection and what blocks requests to other sites, then run again or reload the page; what has arrived is kept. If you serve the lab yourself, \`npm run assets\` makes its files.`,
    values: { id, name, hosts },
  });
}
