/** Rows of a study as they come: in any order, some of them twice (kept from before, then told again). */
import type { Row } from '../spec/types';

const keyOf = (r: Row): string => `${r.exp}/${r.replicate}/${r.at}/${r.step}/${r.metric}/${r.layer ?? ''}`;

export interface RowBox {
  /** The newest word on a number wins. */
  add(rows: readonly Row[]): void;
  /** The same array until something is added. */
  list(): readonly Row[];
}
export function rowBox(): RowBox {
  const rows = new Map<string, Row>();
  let listed: readonly Row[] | undefined;
  return {
    add(more) {
      for (const r of more) rows.set(keyOf(r), r);
      if (more.length > 0) listed = undefined;
    },
    list() {
      listed ??= [...rows.values()];
      return listed;
    },
  };
}
/** Boxes of the studies looked at last, by key: going back to one shows it at once. */
export function rowBoxes(most: number): (key: string) => RowBox {
  const boxes = new Map<string, RowBox>();
  return (key) => {
    const box = boxes.get(key) ?? rowBox();
    boxes.delete(key);
    boxes.set(key, box);
    for (const old of boxes.keys()) {
      if (boxes.size <= most) break;
      boxes.delete(old);
    }
    return box;
  };
}
