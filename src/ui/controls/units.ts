/** Parameters as shown: fractions read as percent, everything else as it is. */
import { integer } from '../../i18n/format';
import type { NumberParam, Unit } from '../../spec/params';

/** What a stored value is multiplied with for the screen. */
export const factorOf = (unit: Unit) => (unit === 'fraction' ? 100 : 1);
/** Short text after the number; empty where the label says it all. */
export const suffixOf = (unit: Unit) => (unit === 'fraction' || unit === 'percent' ? '%' : '');

/** Decimals worth showing for a value on this parameter's grid. */
export function decimalsOf({
  step,
  unit,
  integer: whole,
}: Pick<NumberParam, 'step' | 'unit' | 'integer'>): number {
  if (whole) return 0;
  const shown = step * factorOf(unit);
  return shown >= 1 ? 0 : Math.min(8, Math.ceil(-Math.log10(shown) - 1e-9));
}
/** `90.2 %`, `2,000`, `0.0012`. */
export function shown(value: number, param: Pick<NumberParam, 'step' | 'unit' | 'integer'>): string {
  const scaled = value * factorOf(param.unit);
  const digits = Math.max(decimalsOf(param), 0);
  const text = digits === 0 ? integer(scaled) : String(Number(scaled.toFixed(digits)));
  const suffix = suffixOf(param.unit);
  return suffix ? `${text}\u202f${suffix}` : text;
}
