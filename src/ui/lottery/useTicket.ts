/** The weights behind a point, asked for when another one is looked at. */
import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../spec/problem';
import { labApi, useLab } from '../../store/lab';
import { workerProblem } from '../../store/worker-problem';
import type { Ticket, TicketRef } from '../../worker/api-ticket';

/** Long enough not to ask while a slider of rounds is being moved. */
const SETTLE_MS = 120;

interface Wish {
  ref: TicketRef;
}
interface Asked<W> {
  wish: W;
  ticket?: Ticket;
  problem?: Problem;
}
export interface TicketView<W> {
  status: 'loading' | 'ready' | 'none' | 'failed';
  /** With the wish it answers; while another one is loading, the one before. */
  shown?: { wish: W; ticket: Ticket };
  problem?: Problem;
  again(): void;
}
/** @param wish the same object as long as the same is meant */
export function useTicket<W extends Wish>(wish: W | undefined): TicketView<W> {
  const ready = useLab((s) => s.worker.status === 'ready');
  const [asked, setAsked] = useState<Asked<W>>();
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks anew.
  useEffect(() => {
    if (!wish || !ready) return;
    let open = true;
    const timer = setTimeout(async () => {
      try {
        const ticket = await labApi()?.ticket(wish.ref);
        if (open) setAsked({ wish, ...(ticket && { ticket }) });
      } catch (error) {
        if (open) setAsked({ wish, problem: workerProblem(error) });
      }
    }, SETTLE_MS);
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [wish, ready, tries]);
  const again = useCallback(() => {
    setAsked(undefined);
    setTries((n) => n + 1);
  }, []);
  const shown = asked?.ticket && { wish: asked.wish, ticket: asked.ticket };
  if (!asked || asked.wish !== wish) return { status: 'loading', shown, again };
  if (asked.problem) return { status: 'failed', problem: asked.problem, again };
  return { status: shown ? 'ready' : 'none', shown, again };
}
