import type { Row } from '../../spec/types';
import type { Study } from '../../studies/types';

interface Props {
  study: Study;
  rows: readonly Row[];
}
/** Where the ticket of the round on screen is shown. */
export function TicketSlot(_: Props) {
  return null;
}
