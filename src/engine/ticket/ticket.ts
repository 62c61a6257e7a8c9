/** Everything that is shown of a ticket. */
import { kernelName, weightLayers } from '../../models/build';
import { unheld } from '../../models/held';
import type { NetState } from '../../models/types';
import type { Ticket, TicketFilters, TicketLayer } from '../../worker/api-ticket';
import type { Found } from './find';
import { layerOf, unitsOf } from './layers';
import { pathsOf, pixelsOf } from './pixels';

/**
 * Weights that are held at a value are shown as pruned: they are not the ticket's.
 * @param turn awaited between pieces of work of some milliseconds each
 */
export async function ticketOf({ state: found, end }: Found, turn: () => Promise<void>): Promise<Ticket> {
  const state = unheld(found);
  const units = unitsOf(state);
  const layers: TicketLayer[] = [];
  for (const layer of weightLayers(state.arch)) {
    await turn();
    layers.push(layerOf(state, end[kernelName(layer)], layer, units.get(layer.name)!));
  }
  const sum = (of: (layer: TicketLayer) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const paths = await pathsOf(state, turn);
  const pixels = pixelsOf(state);
  const filters = filtersOf(state, end);
  return {
    input: state.arch.input,
    weights: sum(({ rows, columns }) => rows * columns),
    kept: sum(({ kept }) => kept),
    layers,
    signs: { same: sum(({ signs }) => signs.same), of: sum(({ signs }) => signs.of) },
    startRatio:
      sum(({ kept, startSize }) => (kept > 0 ? kept * startSize.kept : 0)) /
      sum(({ kept, startSize }) => (kept > 0 ? kept * startSize.all : 0)),
    ...(pixels && { pixels }),
    ...(paths && { paths }),
    ...(filters && { filters }),
  };
}

function filtersOf({ arch, start }: NetState, end: Found['end']): TicketFilters | undefined {
  const [first] = arch.layers;
  if (first.kind !== 'conv') return undefined;
  const name = kernelName(first);
  return {
    size: first.kernel,
    channels: first.in[2],
    count: first.out[2],
    start: start[name].slice(),
    end: end[name].slice(),
  };
}
