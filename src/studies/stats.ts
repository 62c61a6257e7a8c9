/** Small statistics over seeds. */
import type { Band } from './types';

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / values.length;

/** Mean, least and greatest; of at least one value. */
export const summaryOf = (values: readonly number[]): { mean: number; min: number; max: number } => ({
  mean: meanOf(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

/** Per replicate that both have: mean of the draws of either. */
export function pairsOf(a: Band | undefined, b: Band | undefined): { a: number; b: number }[] {
  return [...(a?.each ?? [])].flatMap(([replicate, values]) => {
    const others = b?.each.get(replicate);
    return values.length && others?.length ? [{ a: meanOf(values), b: meanOf(others) }] : [];
  });
}
