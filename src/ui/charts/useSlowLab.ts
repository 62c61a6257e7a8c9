import { startTransition, useEffect, useRef, useState } from 'react';
import { shallow } from 'zustand/shallow';
import { useLab } from '../../store/lab';
import type { LabStore } from '../../store/types';

/**
 * What `select` takes from the store, renewed at most once per `ms` and as a transition: rows, previews and
 * sweep points arrive faster than charts can be drawn, and sliders must not wait for any of them.
 * `select` returns an object of slices (compared one level deep) or a single value, and must not close over
 * anything that changes.
 */
export function useSlowLab<T>(select: (state: LabStore) => T, ms: number): T {
  const [shown, show] = useState(() => select(useLab.getState()));
  const known = useRef(shown);
  const how = useRef(select);
  useEffect(() => {
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      timer = undefined;
      last = performance.now();
      const next = how.current(useLab.getState());
      if (shallow(next, known.current)) return;
      known.current = next;
      startTransition(() => show(() => next));
    };
    const later = () => {
      if (timer === undefined && !shallow(how.current(useLab.getState()), known.current))
        timer = setTimeout(renew, Math.max(0, last + ms - performance.now()));
    };
    later();
    const end = useLab.subscribe(later);
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [ms]);
  return shown;
}
