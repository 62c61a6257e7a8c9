/** A map that forgets. */

/** What was used longest ago goes first, when the whole costs more than `limit`; what came last always stays. */
export class Bounded<V> {
  readonly #map = new Map<string, V>();
  #cost = 0;
  constructor(
    readonly limit: number,
    readonly costOf: (value: V) => number,
  ) {}
  get(key: string): V | undefined {
    const value = this.#map.get(key);
    if (value === undefined) return undefined;
    this.#map.delete(key);
    this.#map.set(key, value);
    return value;
  }
  set(key: string, value: V): void {
    this.delete(key);
    this.#map.set(key, value);
    this.#cost += this.costOf(value);
    for (const oldest of this.#map.keys()) {
      if (this.#cost <= this.limit || oldest === key) break;
      this.delete(oldest);
    }
  }
  delete(key: string): void {
    const value = this.#map.get(key);
    if (value === undefined) return;
    this.#cost -= this.costOf(value);
    this.#map.delete(key);
  }
}
