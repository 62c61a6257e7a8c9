/** Which settings of a study are arms, which are in plain sight, and which are folded away: from its table alone. */
import type { FlagParam, Param, ParamTable } from '../../spec/params';
import { trainingParams } from '../../studies/protocol';

export interface ArmSetting {
  /** Name of its flag. */
  name: string;
  param: FlagParam;
  /** Settings that only this arm has. */
  more: ParamTable;
}
export interface Settings {
  plain: ParamTable;
  arms: ArmSetting[];
  folded: ParamTable;
}
/** Of what every training has, only its length is in plain sight. */
const VISIBLE = new Set(['steps']);
const folds = (name: string, param: Param): boolean =>
  param.advanced === true || (Object.hasOwn(trainingParams, name) && !VISIBLE.has(name));

export function settingsOf(table: ParamTable): Settings {
  const entries = Object.entries(table);
  const arms = entries.flatMap(([name, param]) =>
    param.kind === 'flag' && !folds(name, param) ? [{ name, param, more: moreOf(entries, name) }] : [],
  );
  const placed = new Set(arms.flatMap((a) => [a.name, ...Object.keys(a.more)]));
  const rest = entries.filter(([name]) => !placed.has(name));
  return {
    plain: Object.fromEntries(rest.filter(([name, param]) => !folds(name, param))),
    arms,
    // They are in one fold already: none of them needs a second one.
    folded: Object.fromEntries(
      rest
        .filter(([name, param]) => folds(name, param))
        .map(([name, p]) => [name, { ...p, advanced: false }]),
    ),
  };
}
const moreOf = (entries: readonly [string, Param][], flag: string): ParamTable =>
  Object.fromEntries(
    entries
      .filter(([, param]) => param.when !== undefined && Object.hasOwn(param.when, flag))
      .map(([name, { when: _, ...param }]) => [name, param as Param]),
  );
