/** What of a comparison is on screen; card and dialog each have their own. */
import { useState } from 'react';
import type { FlipFilter } from './flips';

export const VIEWS = ['classes', 'map', 'pictures'] as const;
export type HurtView = (typeof VIEWS)[number];

export function useHurtView() {
  const [view, setView] = useState<HurtView>('classes');
  const [order, setOrder] = useState<'class' | 'change'>('change');
  const [filter, setFilter] = useState<FlipFilter>({});
  /** Shows the pictures that pass. */
  const show = (wanted: FlipFilter) => {
    setFilter(wanted);
    setView('pictures');
  };
  return { view, setView, order, setOrder, filter, setFilter, show };
}
export type HurtViewState = ReturnType<typeof useHurtView>;
