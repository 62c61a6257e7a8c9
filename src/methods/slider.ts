import type { Params, ParamTable } from '../spec/params';

/**
 * The number that moves what a card does: its slider, or the one that a choice puts in charge instead (kept
 * energy, while `by` says energy). Undefined for a method without a slider.
 * @param given values that differ from the defaults
 */
export function sliderOf(
  method: { params: ParamTable; slider?: string },
  given: Params = {},
): string | undefined {
  const { params, slider } = method;
  if (slider === undefined || holds(params, slider, given)) return slider;
  return Object.keys(params).find((name) => {
    const { kind, when } = params[name];
    return kind === 'number' && when !== undefined && holds(params, name, given);
  });
}

const holds = (params: ParamTable, name: string, given: Params): boolean =>
  Object.entries(params[name].when ?? {}).every(([other, value]) =>
    [value].flat().includes((given[other] ?? params[other].default) as string),
  );
