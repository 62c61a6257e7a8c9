/** Tickets: which weights a training kept, where they began and where they ended. Types only. */
import type { Size, WeightLayer } from '../models/types';
import type { Problem } from '../spec/problem';
import type { Experiment } from '../spec/types';

/** The state after one card of a recipe, rounds and arms included (spec/location.ts). */
export interface TicketRef {
  experiment: Experiment;
  at: string;
  replicate: number;
}
/** How many weights have which value, kept and pruned ones apart, before training (w0) and after it (wT). */
export interface TicketHistogram {
  /** Edges of the bins, one more than bins; the same for all four. */
  edges: Float64Array;
  start: { kept: Uint32Array; pruned: Uint32Array };
  /** A pruned weight counts with its value at the end of the last training that it took part in. */
  end: { kept: Uint32Array; pruned: Uint32Array };
  /** Pruned before they were ever trained, or of trainings that are not kept: in `end` nowhere. */
  unknown: number;
}
export interface TicketUnits {
  all: number;
  /** No kept weight leads to it. */
  fedByNone: number;
  /** No kept weight leads from it; 0 for the output layer. */
  readByNone: number;
  /** Either. */
  dead: number;
}
export interface TicketLayer {
  name: string;
  kind: WeightLayer['kind'];
  /** The kernel as a matrix: inputs (positions times channels) by units. */
  rows: number;
  columns: number;
  kept: number;
  /** One bit per weight, row after row, lowest bit first; 1 = kept. */
  mask: Uint8Array;
  /** Mean |w0|. */
  startSize: { kept: number; all: number };
  /** Kept weights whose sign at the end is that of their start, of those that are not zero at either. */
  signs: { same: number; of: number };
  histogram: TicketHistogram;
  units: TicketUnits;
}
/** By input pixel, row after row; channels of a pixel are added up. */
export interface PixelCounts {
  counts: Float64Array;
  /** As many as there can be: those of the dense network. */
  most: number;
}
/** Ways through kept weights from a pixel to the logit of a class, one picture per class. */
export interface TicketPaths {
  classes: PixelCounts[];
  /** Pixels from which no way leads anywhere. */
  cutOff: number;
}
/** Filters of a first layer that is a convolution: values [kernel, kernel, channels, count] before and after training. */
export interface TicketFilters {
  size: number;
  channels: number;
  count: number;
  start: Float32Array;
  end: Float32Array;
}
export interface Ticket {
  input: Size;
  /** Of all prunable weights. */
  weights: number;
  kept: number;
  layers: TicketLayer[];
  signs: { same: number; of: number };
  /** Mean |w0| of kept weights / that of as many weights of the same layers chosen blindly. */
  startRatio: number;
  /** Kept weights of the first layer; where that is dense. */
  pixels?: PixelCounts;
  /** Where every layer is dense. */
  paths?: TicketPaths;
  filters?: TicketFilters;
}
/** The file, or why there can be none. */
export type TicketFile =
  | { bytes: Uint8Array<ArrayBuffer>; problem?: undefined }
  | { bytes?: undefined; problem: Problem };
export interface TicketApi {
  /** Null where a training behind it is not there (yet). */
  ticket(ref: TicketRef): Promise<Ticket | null>;
  /** The mask and the start as a file, whose `rewind` leads to w0; null as above. */
  ticketFile(ref: TicketRef): Promise<TicketFile | null>;
}
