/** A file is not what a decoder can read. Callers add which file it was and what to do. */
export class Unreadable extends Error {
  constructor(
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}, found ${found}`);
    this.name = 'Unreadable';
  }
}
