/** Choosing a ticket of a study, its name, and the recipes it can begin. Pure. */
import { paramsOf } from '../../catalog';
import { trainParams } from '../../methods/train';
import { stripParams } from '../../spec/defaults';
import { cardOf } from '../../spec/location';
import { cardAt } from '../../spec/path';
import { type Experiment, isMethod, type MethodStep } from '../../spec/types';
import type { ArmPoint, ArmSeries, StudyPart } from '../../studies/types';
import type { Ticket, TicketRef } from '../../worker/api-ticket';

/** What somebody has chosen; what is not there any more falls back. */
export interface Choice {
  arm?: string;
  replicate?: number;
}
export interface Chosen {
  arm: ArmSeries;
  point: ArmPoint;
  /** Replicates that are finished. */
  replicates: number[];
  replicate: number;
}

const replicatesOf = ({ end, stop }: ArmPoint): number[] =>
  [...((end ?? stop)?.each.keys() ?? [])].sort((a, b) => a - b);

/** @param round looked at; an arm that has not come so far, or has no such round, shows its last one */
export function choose(
  series: readonly ArmSeries[],
  round: number | undefined,
  choice: Choice,
): Chosen | undefined {
  const arm = series.find(({ id }) => id === choice.arm) ?? series[0];
  const point = arm?.points.find((p) => p.round === round) ?? arm?.points.at(-1);
  if (!arm || !point) return undefined;
  const replicates = replicatesOf(point);
  const [first] = replicates;
  if (first === undefined) return undefined;
  const replicate = replicates.find((r) => r === choice.replicate) ?? first;
  return { arm, point, replicates, replicate };
}

/** Of several draws of an arm the first. */
export function refOf({ point, replicate }: Chosen, parts: readonly StudyPart[]): TicketRef | undefined {
  const [spot] = point.at;
  const part = parts.find(({ id }) => id === spot?.part);
  return part && { experiment: part.experiment, at: spot.at, replicate };
}

/** `lenet-300-100-ticket-round-9-seed-1.winnow` */
export const fileNameOf = ({ experiment }: TicketRef, { arm, point, replicate }: Chosen): string =>
  `${experiment.model}-${arm.id.replace(/[^a-z0-9.-]+/gi, '-')}-round-${point.round}-seed-${replicate + 1}.winnow`;

/**
 * How the ticket was trained, from its own first step on: a late start is in its weights already, and data order is that
 * of the experiment it goes to.
 */
export function trainingOf({ experiment, at }: TicketRef): MethodStep {
  const step = cardAt(experiment, cardOf(at));
  if (!step || !isMethod(step) || !('steps' in paramsOf(step))) return { do: 'train' };
  const { from: _, order: __, ...values } = step.with ?? {};
  const kept = stripParams(trainParams, values);
  return { do: 'train', ...(kept && { with: kept }) };
}

/** The ticket alone, trained as it was. */
export const ticketRecipe = (ref: TicketRef, file: string): Experiment => ({
  ...bare(ref.experiment),
  recipe: [{ do: 'open', with: { file } }, trainingOf(ref)],
  replicates: 1,
});

export interface Move {
  data: string;
  steps: number;
  replicates: number;
}
/** The ticket on other data beside its two controls: other weights in the same mask, the same start in another mask. */
export function moveRecipe(ref: TicketRef, file: string, { data, steps, replicates }: Move): Experiment {
  const { with: values } = trainingOf(ref);
  const train: MethodStep = { do: 'train', with: { ...values, steps } };
  return {
    ...bare(ref.experiment),
    data,
    replicates,
    recipe: [
      { do: 'open', with: { file } },
      {
        fork: {
          ticket: [train],
          reinit: [{ do: 'reinit' }, train],
          shuffle: [{ do: 'shuffle-mask' }, { do: 'rewind' }, train],
        },
      },
    ],
  };
}
function bare({ sweep: _, ...experiment }: Experiment): Experiment {
  return experiment;
}

/** Of hidden layers. */
export const unitsOf = ({ layers }: Ticket): { dead: number; all: number } => {
  const hidden = layers.slice(0, -1);
  return {
    dead: hidden.reduce((sum, { units }) => sum + units.dead, 0),
    all: hidden.reduce((sum, { units }) => sum + units.all, 0),
  };
};
