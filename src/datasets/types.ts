/** Images stay bytes until a batch is gathered: x = pixel * scale + shift. */
export interface Examples<Name extends SplitName = SplitName> {
  readonly split: Name;
  /** How many are loaded and usable now; grows while shards stream in. */
  readonly count: number;
  /** How many there will be. */
  readonly total: number;
  /** [total, h*w*c], row-major, only the first `count` filled. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly shape: readonly [number, number, number];
  readonly scale: number;
  readonly shift: number;
}
export type SplitName = 'train' | 'val' | 'test';
/** The only thing a trainer is ever handed. */
export type TrainExamples = Examples<'train'>;

export interface DatasetInfo {
  id: string;
  name: string;
  shape: readonly [number, number, number];
  classes: readonly string[];
  counts: Readonly<Record<SplitName, number>>;
  /** Pictures of single digits as MNIST has them: one drawn on the page's pad is a fair question. */
  digits: boolean;
  licence: string;
  citation: { text: string; url?: string };
  /** Made of another one when it is opened: its pixels are means of squares of that one's, `block` pixels wide. */
  smaller?: { of: DatasetInfo; block: number };
  /** What the shards are made from, for the message about shards that were never made. */
  source: string;
}

/** Written beside the shards by scripts/data.mjs. Ranges are original indices, end exclusive. */
export interface Manifest {
  v: 1;
  id: string;
  shape: [number, number, number];
  /** sha256 of each source file as shipped, by name. */
  sources: Record<string, string>;
  /** How pixels are stored: as they are, or as residuals of colour planes (planes.ts). */
  coding?: 'planes';
  splits: Record<SplitName, { from: 'train' | 'test'; range: [number, number]; count: number }>;
  shards: ShardInfo[];
}
export interface ShardInfo {
  file: string;
  split: SplitName;
  /** Position inside the split, end exclusive. */
  range: [number, number];
  /** Length of the file as served (zlib stream: labels, then pixels as `coding` says). */
  bytes: number;
  /** sha256 of labels and pixels, inflated and decoded. */
  sha256: string;
}
/** How far the transfer from a public host has come. */
export interface Fetching {
  /** As people call it. */
  host: string;
  bytes: number;
  /** Left out where the host does not say. */
  total?: number;
}
/** Where another place than a data set's own shards delivers what it has. */
export interface Intake {
  /** Verified images of the original training or test files, the first of which has the original index `from`. */
  place(of: 'train' | 'test', from: number, labels: Uint8Array, pixels: Uint8Array): void;
  /** Undefined when nothing is on its way. */
  fetching(state: Fetching | undefined): void;
}
/**
 * Takes over where a data set's own shards were never made.
 * @returns false when it knows no other place for this one; else every image has been placed
 */
export type Elsewhere = (info: DatasetInfo, into: Intake, signal?: AbortSignal) => Promise<boolean>;

/** Reads one file of the data set; throws WinnowError that names the file. */
export type ReadFile = (file: string, signal?: AbortSignal) => Promise<Uint8Array>;

export interface Dataset {
  readonly info: DatasetInfo;
  readonly train: TrainExamples;
  readonly val: Examples<'val'>;
  readonly test: Examples<'test'>;
  /** While images come from a public host. */
  readonly fetching?: Fetching;
  /** Resolves when the first training shard and the validation split are in: training may begin. */
  readonly ready: Promise<void>;
  /** Resolves when everything is in; rejects with a WinnowError that names the shard. */
  readonly complete: Promise<void>;
}
