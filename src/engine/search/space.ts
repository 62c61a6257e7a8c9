/**
 * The settings of a card as points of the unit cube: one axis per layer, as the slider spreads it, so that equal
 * distances look equal to people. 1 is always the stronger compression.
 */
import type { NumberParam } from '../../spec/params';
import { positionOf, valueAt } from '../../spec/warp';
import type { Setting } from '../../worker/api-search';

/** Units of which less is stronger compression. */
const FALLING: readonly NumberParam['unit'][] = ['bits', 'rank'];
/** Values of a scan along an axis with many. */
const SCANNED = 13;

export class Space {
  readonly #falling: boolean;
  constructor(
    readonly layers: readonly string[],
    readonly param: NumberParam,
    /** The value that changes nothing; undefined where every value does (bits). */
    readonly neutral?: number,
  ) {
    this.#falling = FALLING.includes(param.unit);
  }
  get size(): number {
    return this.layers.length;
  }
  valueAt(u: number): number {
    return valueAt(this.#falling ? 1 - u : u, this.param);
  }
  positionOf(value: number): number {
    const u = positionOf(value, this.param);
    return this.#falling ? 1 - u : u;
  }
  /** @param point one number in [0, 1] per layer */
  setting(point: readonly number[]): Setting {
    return Object.fromEntries(this.layers.map((layer, i) => [layer, this.valueAt(point[i])]));
  }
  /** Where a setting lies: not where it was drawn, but where it was rounded to. */
  point(setting: Setting): number[] {
    return this.layers.map((layer) => this.positionOf(setting[layer]));
  }
  keyOf(setting: Setting): string {
    return this.layers.map((layer) => setting[layer]).join();
  }
  /** Evenly spread over the slider, weakest first: all of a short integer range. */
  grid(): number[] {
    const { min, max, integer } = this.param;
    const count = integer && max - min < SCANNED ? max - min + 1 : SCANNED;
    const values = Array.from({ length: count }, (_, i) => this.valueAt(i / (count - 1)));
    return [...new Set(values)];
  }
}
