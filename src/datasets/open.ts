import { Cancelled, WinnowError } from '../spec/problem';
import { type Filling, intakeInto, type Splits } from './intake';
import { parseManifest } from './manifest';
import { room } from './memory';
import { openOwn } from './own/open';
import { isOwn } from './own/registry';
import { absent } from './problems';
import { datasetInfo } from './registry';
import { openShard } from './shard';
import { blockMeans } from './smaller';
import type {
  Dataset,
  DatasetInfo,
  Elsewhere,
  Examples,
  Fetching,
  Intake,
  ReadFile,
  ShardInfo,
  SplitName,
  TrainExamples,
} from './types';

/** Each split owns its memory: from the training examples no path leads to a test pixel. */
function emptySplit<Name extends SplitName>(info: DatasetInfo, split: Name): Filling<Name> {
  const total = info.counts[split];
  const size = info.shape[0] * info.shape[1] * info.shape[2];
  return {
    split,
    count: 0,
    total,
    pixels: room(total * size),
    labels: room(total),
    shape: info.shape,
    scale: 1 / 255,
    shift: 0,
  };
}

function deferred() {
  let resolve!: () => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever awaits still gets the rejection; one nobody awaits must not end the process.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/**
 * Opens a data set and streams its shards in the manifest's order: the first training shard, validation, the
 * rest of training, test. Every shard is verified before its images count.
 * @param read reads a file of the folder of `folderOf(id)` (fetchReader in the page, fileReader in Node)
 * @param onProgress images usable so far, over all splits, and how many there will be; also called when `fetching`
 * of the returned data set changes
 * @param signal gives up; `ready` and `complete` then reject with Cancelled
 * @param elsewhere asked when there is no manifest, which means that the shards were never made
 * @throws WinnowError at once for an unknown id; `ready` and `complete` reject with one that names a broken file
 */
export function openDataset(
  id: string,
  read: ReadFile,
  onProgress?: (loaded: number, total: number) => void,
  signal?: AbortSignal,
  elsewhere?: Elsewhere,
): Dataset {
  if (isOwn(id)) return openOwn(id, onProgress);
  const info = datasetInfo(id);
  const splits = {
    train: emptySplit(info, 'train'),
    val: emptySplit(info, 'val'),
    test: emptySplit(info, 'test'),
  };
  const ready = deferred();
  const complete = deferred();
  const all = Object.values(splits);
  const total = all.reduce((sum, s) => sum + s.total, 0);
  const tell = () =>
    onProgress?.(
      all.reduce((sum, s) => sum + s.count, 0),
      total,
    );
  const onImages = () => {
    tell();
    if (splits.train.count > 0 && splits.val.count === splits.val.total) ready.resolve();
  };
  const data = { info, ...splits, ready: ready.promise, complete: complete.promise };
  const fetching = (state: Fetching | undefined) => {
    Object.assign(data, { fetching: state });
    tell();
  };
  const put = intakeInto(splits, onImages);
  const source = info.smaller?.of ?? info;
  const made = (pixels: Uint8Array) =>
    info.smaller ? blockMeans(pixels, source.shape, info.smaller.block) : pixels;
  const place: Intake['place'] = (of, from, labels, pixels) => put(of, from, labels, made(pixels));
  load(source, splits, made, read, onImages, signal)
    .catch(async (error) => {
      const none = error instanceof WinnowError && error.problem.code === 'data.absent';
      if (!none || !(await elsewhere?.(source, { place, fetching }, signal))) throw error;
    })
    .then(complete.resolve, (error) => {
      const reason = signal?.aborted ? new Cancelled() : error;
      ready.reject(reason);
      complete.reject(reason);
    });
  return data;
}

/** @param made pixels of the splits from those of `info`'s shards, image by image */
async function load(
  info: DatasetInfo,
  splits: Splits,
  made: (pixels: Uint8Array) => Uint8Array,
  read: ReadFile,
  onImages: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const manifest = parseManifest(await readManifest(info, read, signal), info);
  const fetchShard = (s: ShardInfo | undefined) => {
    const bytes = s ? read(s.file, signal) : undefined;
    bytes?.catch(() => {});
    return bytes;
  };
  // One shard ahead: the next one travels while this one is unpacked.
  let coming = fetchShard(manifest.shards[0]);
  for (const [i, shard] of manifest.shards.entries()) {
    const packed = await coming!;
    coming = fetchShard(manifest.shards[i + 1]);
    const { labels, pixels } = await openShard(`${info.id}/${shard.file}`, shard, manifest, packed);
    if (signal?.aborted) throw new Cancelled();
    const split = splits[shard.split];
    split.labels.set(labels, shard.range[0]);
    split.pixels.set(made(pixels), (shard.range[0] * split.pixels.length) / split.total);
    split.count = shard.range[1];
    onImages();
  }
}

/** Without a manifest there is no data set here at all, which is told differently from a broken one. */
async function readManifest(info: DatasetInfo, read: ReadFile, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await read('manifest.json', signal);
  } catch (error) {
    if (error instanceof WinnowError && error.problem.code === 'data.missing') throw absent(info);
    throw error;
  }
}

/**
 * Refuses to train on anything but the training split, also where the compiler was talked out of checking.
 * @throws WinnowError
 */
export function assertTrain(examples: Examples): asserts examples is TrainExamples {
  if (examples.split === 'train') return;
  throw new WinnowError({
    code: 'data.split',
    path: 'data',
    message: `only the train split may be trained on, got ${examples.split}`,
    values: { found: examples.split },
  });
}
