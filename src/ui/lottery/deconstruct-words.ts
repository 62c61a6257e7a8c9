/** What criteria, values, actions and their lines are called, in the page's language. */
import { i18n } from '../../i18n';
import { deconstructEn } from '../../i18n/deconstruct.en';
import { words } from '../../i18n/words';
import { type LineKind, placeOf } from './deconstruct';

const say = (key: string, values: Record<string, string> = {}): string =>
  String(i18n.t(`deconstruct:${key}` as never, values as never));

/** Of a small chart; one that has no words here is called by its id. */
export function smallName(kind: string, id: string): string {
  if (kind === 'criteria') return words.option(id);
  const values: object = kind === 'signs' ? deconstructEn.signs.values : deconstructEn['mask-zero'].values;
  return Object.hasOwn(values, id) ? say(`${kind}.values.${id}`) : id;
}
export const lineName = (kind: LineKind): string => say(`line.${kind}`);

const KINDS = ['criteria', 'signs', 'mask-zero'] as const;
/** An arm of one of these studies by its full name, wherever it is spoken of; undefined for those of others. */
export function deconstructed(arm: string): string | undefined {
  for (const kind of KINDS) {
    const place = placeOf(kind, arm);
    if (!place || place.small === undefined) continue;
    const small = smallName(kind, place.small);
    if (small === place.small) continue;
    if (kind === 'criteria') return `${small}: ${lineName(place.line)}`;
    return say(`arm.${place.line}`, { small });
  }
  return arm === 'zero' ? say('arm.zero') : undefined;
}
