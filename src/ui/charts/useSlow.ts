import { useEffect, useRef, useState } from 'react';

/** The latest value, but at most one change per `ms`: live rows must not redraw charts for every message. */
export function useSlow<T>(value: T, ms = 200): T {
  const [shown, show] = useState(value);
  const latest = useRef(value);
  const last = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  latest.current = value;
  useEffect(() => {
    if (Object.is(value, shown) || timer.current !== undefined) return;
    const wait = Math.max(0, last.current + ms - performance.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      last.current = performance.now();
      show(latest.current);
    }, wait);
  }, [value, shown, ms]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
}
