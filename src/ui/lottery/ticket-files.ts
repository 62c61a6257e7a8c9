/** Tickets as network files. */
import type { NetworkFile } from '../../models/files/types';
import { WinnowError } from '../../spec/problem';
import { keepNetwork } from '../../store/files';
import { labApi, useLab } from '../../store/lab';
import type { TicketRef } from '../../worker/api-ticket';

/** @throws WinnowError `ticket.gone` where its training is not kept any more, or why it cannot be written */
export async function fileOf(ref: TicketRef): Promise<Uint8Array<ArrayBuffer>> {
  const found = await labApi()?.ticketFile(ref);
  if (found?.bytes) return found.bytes;
  if (found?.problem) throw new WinnowError(found.problem);
  throw new WinnowError({
    code: 'ticket.gone',
    path: '',
    message: 'the weights of this training are not kept any more: run the study again',
  });
}

/** In this browser, for recipes to begin with; where it cannot be kept it is there until the page is closed, and that is said. */
export async function keep(ref: TicketRef, name: string): Promise<NetworkFile> {
  const { file, problem } = await keepNetwork(await fileOf(ref), name);
  if (!file) throw new WinnowError(problem as NonNullable<typeof problem>);
  if (problem) useLab.getState().report(problem);
  return file;
}
