/** Values to try a method at, from its parameter table. */
import type { Param, Params, ParamTable, ParamValue } from '../../spec/params';

/** Other than the default, and allowed; none where nothing else can be said without a layer or file that is there. */
export function othersOf(param: Param, table: ParamTable, layer: string): ParamValue[] {
  switch (param.kind) {
    case 'number': {
      const between = param.integer
        ? Math.floor((param.min + param.max) / 2)
        : Number(((param.min + param.max) / 2).toPrecision(3));
      return [...new Set([param.min, between, param.max])].filter((v) => v !== param.default);
    }
    case 'choice':
      return param.options.filter((o) => o !== param.default);
    case 'flag':
      return [!param.default];
    case 'perLayer':
      return othersOf(table[param.of], table, layer).map((v) => ({ [layer]: v as number }));
    case 'layers':
      return [[layer]];
    case 'file':
      return ['file-0123456789ab'];
  }
}

/** Each parameter by itself at other values; with what it needs to be in force (`when`). */
export const variations = (table: ParamTable, layer: string): [string, Params][] =>
  Object.entries(table).flatMap(([name, param]) =>
    othersOf(param, table, layer).map((value): [string, Params] => {
      const needed = Object.entries(param.when ?? {}).map(([other, v]) => [
        other,
        [v].flat()[0] as ParamValue,
      ]);
      const needs = Object.fromEntries(needed.filter(([other, v]) => table[other as string].default !== v));
      return [`${name} = ${JSON.stringify(value)}`, { ...needs, [name]: value }];
    }),
  );
