/** Numbers as people read them, in the page's language. Units are separated by a thin no-break space. */
import { currentLanguage } from './index';

const THIN = '\u202f';
const cache = new Map<string, Intl.NumberFormat>();
function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = `${currentLanguage()}${JSON.stringify(options)}`;
  let made = cache.get(key);
  if (!made) {
    made = new Intl.NumberFormat(currentLanguage(), options);
    cache.set(key, made);
  }
  return made.format(value);
}

/** Whole numbers with grouping: 266,200. */
export const integer = (n: number) => format(n, { maximumFractionDigits: 0 });
/** At most `digits` decimals, trailing zeros dropped. */
export const decimal = (n: number, digits = 2) => format(n, { maximumFractionDigits: digits });
/** Exactly `digits` decimals. */
export const fixed = (n: number, digits = 2) =>
  format(n, { minimumFractionDigits: digits, maximumFractionDigits: digits });
/** A fraction in [0, 1] as percent: 0.9762 -> `97.62 %`. */
export const percent = (fraction: number, digits = 2) => `${fixed(fraction * 100, digits)}${THIN}%`;
/** Bytes in decimal units: 31,400 -> `31.4 kB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${integer(n)}${THIN}B`;
  if (n < 1e6) return `${decimal(n / 1e3, n < 1e5 ? 1 : 0)}${THIN}kB`;
  return `${decimal(n / 1e6, 2)}${THIN}MB`;
}
/** 34 -> `34×`; two significant digits below 100. */
export const times = (ratio: number) =>
  `${ratio >= 100 ? integer(ratio) : fixed(ratio, ratio >= 10 ? 1 : 2)}×`;
/** 266,200 -> `266 k`, 1,230,000 -> `1.23 M`. */
export function compact(n: number): string {
  if (n < 1000) return integer(n);
  if (n < 1e6) return `${decimal(n / 1e3, n < 1e4 ? 1 : 0)}${THIN}k`;
  return `${decimal(n / 1e6, 2)}${THIN}M`;
}
/** Seconds as `12 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}${THIN}s`;
  const pad = (n: number) => String(n).padStart(2, '0');
  if (s < 3600) return `${Math.floor(s / 60)}${THIN}min ${pad(s % 60)}${THIN}s`;
  return `${Math.floor(s / 3600)}${THIN}h ${pad(Math.floor((s % 3600) / 60))}${THIN}min`;
}
/** A moment as `22 Nov 2026, 07:15`, in the reader's own time zone. */
export const dateTime = (ms: number): string =>
  new Date(ms).toLocaleString(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' });
