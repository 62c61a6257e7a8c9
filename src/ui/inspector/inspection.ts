/** What only the inspector needs of the worker, asked for once per settled state and shared by all who show it. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { labApi, useLab } from '../../store/lab';
import type { Guess, Inspection } from '../../worker/api';

interface Held {
  /** Preview that `inspection` belongs to. */
  token?: number;
  inspection?: Inspection;
}
export const useHeld = create<Held>()(() => ({}));

/** Long enough not to ask while a slider is being moved. */
const SETTLE_MS = 250;
let users = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let unsubscribe: (() => void) | undefined;

async function ask(): Promise<void> {
  const { preview, experiment } = useLab.getState();
  const token = preview?.token;
  if (token === undefined || token === useHeld.getState().token) return;
  // Refused or given up: what is shown stays, the next preview asks again.
  const inspection = await labApi()
    ?.inspect(experiment)
    .catch(() => undefined);
  if (useLab.getState().preview?.token !== token || inspection === undefined) return;
  useHeld.setState({ token, inspection: inspection ?? undefined });
}
function later(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), SETTLE_MS);
}
/** The inspection of the state on screen; of the one before while the new one is being made. */
export function useInspection(): Inspection | undefined {
  useEffect(() => {
    if (users++ === 0) {
      later();
      unsubscribe = useLab.subscribe((now, before) => {
        if (now.preview?.token !== before.preview?.token) later();
      });
    }
    return () => {
      if (--users === 0) unsubscribe?.();
    };
  }, []);
  return useHeld((s) => s.inspection);
}
/** Softmax of dense and compressed network for 28*28 grey values; undefined when nobody can answer. */
export async function guess(pixels: Uint8Array): Promise<Guess | undefined> {
  const answer = await labApi()
    ?.guess(useLab.getState().experiment, pixels)
    .catch(() => undefined);
  return answer ?? undefined;
}
