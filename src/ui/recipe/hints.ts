import { i18n } from '../../i18n';
import { integer } from '../../i18n/format';
import { weightLayers } from '../../models/build';
import type { Arch } from '../../models/types';
import type { Params } from '../../spec/params';

/** Up to this rank two thin layers m -> r -> n hold fewer weights than one m -> n. */
const breakEven = (m: number, n: number) => Math.floor((m * n - 1) / (m + n));

/** A few words beside a parameter that help to choose it. */
export function hintsFor(
  arch: Arch | undefined,
  method: string,
  values: Params,
): Record<string, string | undefined> {
  if (method !== 'factorize' || !arch) return {};
  const names = values.layers as readonly string[];
  const layer = weightLayers(arch).find(
    (l) => l.kind === 'dense' && (names.length === 0 || names.includes(l.name)),
  );
  if (layer?.kind !== 'dense') return {};
  return {
    rank: i18n.t('card.breakEven', { layer: layer.name, rank: integer(breakEven(layer.in, layer.out)) }),
  };
}
