import type { Problem } from '../../spec/problem';
import type { Arch } from '../types';

/** A network file that was opened here: what the page has to know of it. */
export interface NetworkFile {
  /** `file-` and the first 12 hex digits of its sha256: links name it so. */
  id: string;
  /** As the visitor's file was called. */
  name: string;
  /** Its length. */
  bytes: number;
  arch: Arch;
  /** Prunable weights, and those of them that are not zero. */
  weights: number;
  kept: number;
}
/** What came of opening a file; both where it is opened but could not be kept for the next visit. */
export interface OpenedFile {
  file?: NetworkFile;
  problem?: Problem;
}
