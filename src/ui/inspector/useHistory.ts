/** Which trainings there are to look at, and how the weights of one of them went; asked for when results come in. */
import { useEffect, useState } from 'react';
import { labApi, useLab } from '../../store/lab';
import type { HistoryPlace, WeightHistory } from '../../worker/api-history';

const SETTLE_MS = 250;

/** Trainings that are done; those of before while they are being asked for. */
export function useHistories(): readonly HistoryPlace[] {
  const token = useLab((s) => s.preview?.token);
  const [places, setPlaces] = useState<readonly HistoryPlace[]>([]);
  useEffect(() => {
    if (token === undefined) return;
    let open = true;
    const timer = setTimeout(async () => {
      const found = await labApi()
        ?.histories(useLab.getState().experiment)
        .catch(() => undefined);
      if (open && found)
        setPlaces((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found));
    }, SETTLE_MS);
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [token]);
  return places;
}

/** @param place asked for anew whenever it is another object */
export function useHistory(place: HistoryPlace | undefined): WeightHistory | undefined {
  const [history, setHistory] = useState<WeightHistory>();
  useEffect(() => {
    let open = true;
    if (!place) setHistory(undefined);
    else
      void labApi()
        ?.history(useLab.getState().experiment, place.at)
        .then((found) => open && setHistory(found ?? undefined))
        // Refused or given up: what is shown stays.
        .catch(() => {});
    return () => {
      open = false;
    };
  }, [place]);
  return history;
}
