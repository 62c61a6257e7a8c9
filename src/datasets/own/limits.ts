/** What the lab takes. Every refusal for size states the number that it is checked against. */
export const OWN_LIMITS = {
  /** Labels are bytes. */
  classes: [2, 255],
  /** Height and width of one image. */
  side: [4, 256],
  /** Images over all splits. */
  images: [100, 200_000],
  /** Bytes of all decoded images: pixels stay in memory while the lab is open. */
  pixels: 256 * 2 ** 20,
  /** Bytes of what is dropped, and of what comes out of archives. */
  given: 512 * 2 ** 20,
  unpacked: 768 * 2 ** 20,
  /** Archives inside archives: `.tar.gz` is two. */
  depth: 3,
} as const;

export const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
