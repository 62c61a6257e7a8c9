import type { Problem } from '../../spec/problem';
import type { DatasetInfo, Examples, SplitName } from '../types';

/** A file as the visitor gave it, or as an archive of theirs holds it. */
export interface OwnFile {
  /** For messages: path, with the archive's name in front. */
  name: string;
  bytes: Uint8Array;
  /** Folders around it, outermost first; archives are none. */
  folders: readonly string[];
  /** Came with a folder or an archive: what is unknown there is left out and not refused. */
  inside: boolean;
}
/** An array read from a file: values row-major, `shape` outermost first. */
export interface OwnArray {
  /** File, and array inside it, for messages. */
  name: string;
  shape: readonly number[];
  values: Uint8Array;
}
/** Images [count, h, w, c] and the class of each, as the files call it. */
export interface LabelledImages {
  shape: readonly [number, number, number];
  count: number;
  pixels: Uint8Array;
  labels: readonly string[];
}
export type OwnFormat = 'idx' | 'npz' | 'cifar' | 'sprite' | 'folder' | 'parquet';
/** Something that the visitor should know before using the data; worded by the page. */
export interface OwnNote {
  code: 'ignored' | 'jpeg' | 'transparent' | 'grey' | 'duplicates' | SplitRule;
  values: Record<string, string | number>;
}
/** How the splits came about: what the files say is kept, the rest is drawn. */
export type SplitRule = 'splitGiven' | 'splitVal' | 'splitTest' | 'splitBoth';

/** What a set of files holds, before it is divided. */
export interface OwnPool {
  format: OwnFormat;
  parts: { train: LabelledImages } & { [Name in 'val' | 'test']?: LabelledImages };
  /** Names of numbered classes, where the files bring them. */
  names?: readonly string[];
  notes: OwnNote[];
}
export type OwnSplits = { readonly [Name in SplitName]: Examples<Name> };

/** A data set made of own files. */
export interface OwnSet {
  info: DatasetInfo;
  format: OwnFormat;
  splits: OwnSplits;
  notes: OwnNote[];
}

/** How a long piece of work lets others in, and tells how far it is. */
export interface Work {
  /** Awaited now and then; rejects with Cancelled to give up. */
  turn(): Promise<void>;
  tell(stage: OwnStage, done: number, total: number): void;
  /** The browser's own decoder; absent where there is none. */
  jpeg?(bytes: Uint8Array): Promise<{ width: number; height: number; pixels: Uint8Array }>;
}
export type OwnStage = 'read' | 'unpack' | 'decode' | 'check';

/** A file on its way to the worker; `path` with the folders that were dropped around it. */
export interface OwnUpload {
  file: Blob;
  path: string;
}
export interface OwnProgress {
  stage: OwnStage;
  done: number;
  total: number;
}
/** What the visitor sees before deciding. */
export interface OwnLook {
  info: DatasetInfo;
  format: OwnFormat;
  notes: OwnNote[];
  /** Images by class. */
  perClass: Readonly<Record<SplitName, number[]>>;
  /** Training images [h, w, c] with their class, class by class. */
  samples: { label: number; pixels: Uint8Array }[];
}
/** Neither where reading was given up. */
export interface OwnAnswer {
  look?: OwnLook;
  problem?: Problem;
}
