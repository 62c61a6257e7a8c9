import { startTransition, useEffect, useRef, useState } from 'react';
import { shallow } from 'zustand/shallow';
import { useLab } from '../../store/lab';
import type { LabStore } from '../../store/types';
import { inTurn } from './turns';

/**
 * What `select` takes from the store, renewed at most once per `ms`, as a transition and in turn with all others
 * who use this: rows, previews and sweep points arrive faster than charts can be drawn, and sliders must not wait
 * for any of them. `select` returns an object of slices (compared one level deep) or a single value, and must not
 * close over anything that changes.
 */
export function useSlowLab<T>(select: (state: LabStore) => T, ms: number): T {
  const [shown, show] = useState(() => select(useLab.getState()));
  const known = useRef(shown);
  const how = useRef(select);
  const drawn = useRef<() => void>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown now is drawn now.
  useEffect(() => {
    drawn.current?.();
  }, [shown]);
  useEffect(() => {
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = false;
    let giveUp = () => {};
    const renew = (done: () => void) => {
      asked = false;
      last = performance.now();
      const next = how.current(useLab.getState());
      if (shallow(next, known.current)) return done();
      known.current = next;
      drawn.current = done;
      startTransition(() => show(() => next));
    };
    const ask = () => {
      timer = undefined;
      asked = true;
      giveUp = inTurn(renew);
    };
    const later = () => {
      if (timer === undefined && !asked && !shallow(how.current(useLab.getState()), known.current))
        timer = setTimeout(ask, Math.max(0, last + ms - performance.now()));
    };
    later();
    const end = useLab.subscribe(later);
    return () => {
      end();
      clearTimeout(timer);
      giveUp();
      drawn.current?.();
    };
  }, [ms]);
  return shown;
}
