/** What a page without shards of its own is told about public copies of a data set: pure data. */

/** One file of a public host. What is known of it is checked while it arrives. */
export interface PublicFile {
  url: string;
  /** Length as served; left out where it is not known. */
  bytes?: number;
  /** Of the file as served; left out where it is not known: the images inside are checked in any case. */
  sha256?: string;
}

/** How images and labels lie in the files of a part, and in which order the decoder wants these. */
export type DecoderName =
  /** Images, labels; idx, gzipped or not. */
  | 'idx'
  /** A PNG whose every row is one image, channels interleaved; a JSON array of all labels of the original files. */
  | 'png-rows'
  /** One parquet file with encoded images and labels. */
  | 'parquet';

/** Some of a data set, as one host offers it in one go. */
export interface PublicPart {
  /** The original training or test files: a part is never of both. */
  of: 'train' | 'test';
  /** First image by original index, and how many; whole blocks. */
  from: number;
  count: number;
  files: readonly PublicFile[];
}

export interface PublicSource {
  /** As people call it, for messages. */
  host: string;
  decoder: DecoderName;
  /** In the order in which they are fetched: what training needs first comes first. */
  parts: readonly PublicPart[];
}

/** Where else a data set is, and what it must be, wherever it comes from. */
export interface PublicData {
  /** Part of the cache's keys; changes when blocks are cut or ordered in another way. */
  version: string;
  /** sha256 of the labels and then the pixels of every BLOCK images, by original index. */
  sums: Readonly<Record<'train' | 'test', readonly string[]>>;
  /** In the order in which they are asked. */
  sources: readonly PublicSource[];
}

/** Images are checked, kept and counted in blocks of this many. */
export const BLOCK = 10_000;

/** Blocks by the sha256 of their content. */
export interface BlockStore {
  get(sum: string): Promise<Uint8Array | undefined>;
  /** @param parts of the content, in order */
  put(sum: string, parts: readonly Uint8Array[]): Promise<void>;
  drop(sum: string): Promise<void>;
}
