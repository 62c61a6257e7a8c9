/** The weights behind a point, asked for when another one is looked at. */
import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../spec/problem';
import { labApi, useLab } from '../../store/lab';
import { workerProblem } from '../../store/worker-problem';
import type { Ticket, TicketRef } from '../../worker/api-ticket';

/** Long enough not to ask while a slider of rounds is being moved. */
const SETTLE_MS = 120;

interface Asked {
  ref: TicketRef;
  ticket?: Ticket;
  problem?: Problem;
}
export interface TicketView {
  status: 'loading' | 'ready' | 'none' | 'failed';
  /** While another one is loading, the one before. */
  ticket?: Ticket;
  problem?: Problem;
  again(): void;
}
/** @param ref the same object as long as the same is meant */
export function useTicket(ref: TicketRef | undefined): TicketView {
  const ready = useLab((s) => s.worker.status === 'ready');
  const [asked, setAsked] = useState<Asked>();
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks anew.
  useEffect(() => {
    if (!ref || !ready) return;
    let open = true;
    const timer = setTimeout(async () => {
      try {
        const ticket = await labApi()?.ticket(ref);
        if (open) setAsked({ ref, ...(ticket && { ticket }) });
      } catch (error) {
        if (open) setAsked({ ref, problem: workerProblem(error) });
      }
    }, SETTLE_MS);
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [ref, ready, tries]);
  const again = useCallback(() => {
    setAsked(undefined);
    setTries((n) => n + 1);
  }, []);
  if (!asked || asked.ref !== ref) return { status: 'loading', ticket: asked?.ticket, again };
  if (asked.problem) return { status: 'failed', problem: asked.problem, again };
  return { status: asked.ticket ? 'ready' : 'none', ticket: asked.ticket, again };
}
