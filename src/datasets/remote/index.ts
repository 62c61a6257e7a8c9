/**
 * A data set from public hosts, for a page without shards of its own: what is kept from an earlier visit first, the
 * rest from one host after the other. Nothing counts before its sha256 is what it must be.
 */
import { Cancelled, type Problem } from '../../spec/problem';
import { cifar10Sources } from '../cifar-10.sources';
import { fashionMnistSources } from '../fashion-mnist.sources';
import { mnistSources } from '../mnist.sources';
import type { DatasetInfo, Elsewhere } from '../types';
import { type BlockCache, openCache, type Storages } from './cache';
import { Loading, type LoadingOptions } from './loading';
import type { PublicData } from './types';

export const publicData: Readonly<Record<string, PublicData>> = {
  mnist: mnistSources,
  'fashion-mnist': fashionMnistSources,
  'cifar-10': cifar10Sources,
};

export interface PublicHostsOptions extends Storages, LoadingOptions {
  /** By id of the data set; those of this folder where left out. */
  data?: Readonly<Record<string, PublicData>>;
  /** The page asks for its data with every slider moved; hosts that have just failed are left in peace for so long; ms. */
  restMs?: number;
  /** What a person should know although work goes on; said once. */
  notice?(problem: Problem): void;
}

/** @returns what `openDataset` asks when a data set's shards were never made; it knows MNIST, Fashion-MNIST, CIFAR-10 */
export function publicHosts(options: PublicHostsOptions): Elsewhere {
  const { data: all = publicData, restMs = 5_000 } = options;
  const caches = new Map<string, Promise<BlockCache>>();
  const failed = new Map<string, { error: unknown; at: number }>();
  let told = false;
  return async (info, into, signal) => {
    const data = all[info.id];
    if (!data) return false;
    const last = failed.get(info.id);
    if (last && performance.now() - last.at < restMs) throw last.error;
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

function notKept({ id, name }: DatasetInfo, reason: string): Problem {
  return {
    code: 'data.storage',
    path: 'data',
    message: `${name} cannot be kept in this browser: ${reason}. Work goes on in memory; the next visit fetches it again.`,
    values: { id, name, reason },
  };
}
