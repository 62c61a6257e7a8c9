/** Of the format; earlier ones were never given out. */
export const VERSION = '2';
/** Bytes. The largest network of the lab has a header of some 10 kB. */
export const LONGEST_HEADER = 2 ** 20;
/** Entries of all tensors of a network together: 256 MiB as floats. */
export const MOST_ENTRIES = 2 ** 26;
