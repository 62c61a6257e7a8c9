import { i18n } from '../../i18n';
import { integer } from '../../i18n/format';
import type { Params } from '../../spec/params';
import type { Experiment } from '../../spec/types';
import { layersOf } from './cards';

/** Up to this rank two thin layers m -> r -> n hold fewer weights than one m -> n. */
const breakEven = (m: number, n: number) => Math.floor((m * n - 1) / (m + n));

/** A few words beside a parameter that help to choose it. */
export function hintsFor(
  experiment: Experiment,
  method: string,
  values: Params,
): Record<string, string | undefined> {
  if (method !== 'factorize') return {};
  const names = values.layers as readonly string[];
  const layer = layersOf(experiment).find(
    (l) => l.kind === 'dense' && (names.length === 0 || names.includes(l.name)),
  );
  if (layer?.kind !== 'dense') return {};
  return {
    rank: i18n.t('card.breakEven', { layer: layer.name, rank: integer(breakEven(layer.in, layer.out)) }),
  };
}
