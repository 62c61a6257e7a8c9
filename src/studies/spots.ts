/** Which place of which part tells what about which arm after which round: known from the study alone. */
import { methodOf } from '../catalog';
import { inArm, inRecipe, inRound, inSteps } from '../spec/location';
import { isFork, isRepeat, type Step } from '../spec/types';
import { partHash, partsOf } from './index';
import { kindById } from './registry';
import type { Study, StudyPart } from './types';

/** Where something is measured: the end of a training, or an arm that ends without one. */
export interface Spot {
  part: string;
  /** Hash that rows of the part carry. */
  exp: string;
  /** Without replicate. */
  at: string;
  arm: string;
  /** Prunings before it; 0: the dense network. */
  round: number;
  trains: boolean;
}
/** An arm of this name is only there so that pruning goes on from the same network. */
const BASE = 'base';
/** Draws of one arm are one series. */
const drawsOf = (arm: string): string => arm.replace(/-\d+$/, '');

interface Walk {
  arm?: string;
  prunings: number;
}
/** `idle`: nothing happens in its arm; it shows the card before the fork. */
type Found = Pick<Spot, 'at' | 'round' | 'trains'> & { arm?: string; idle?: true };

/** Everything that ends an arm's round, in the order of execution; of an arm's several trainings in a round the last. */
function walk({ experiment }: StudyPart): Found[] {
  const found = new Map<string, Found>();
  const put = (at: string, { arm, prunings: round }: Walk, how: { trains: boolean; idle?: true }) =>
    found.set(`${arm} ${round}`, { at, arm, round, ...how });
  /** @returns prunings at the end of the list, on the trunk */
  const list = (steps: readonly Step[], place: (i: number) => string, from: Walk): number => {
    let prunings = from.prunings;
    let before: string | undefined;
    steps.forEach((step, i) => {
      const at = place(i);
      if (isRepeat(step)) {
        for (let round = 1; round <= step.repeat; round++)
          prunings = list(step.steps, (j) => inSteps(inRound(at, round), j), { ...from, prunings });
      } else if (isFork(step)) {
        prunings = arms(step.fork, at, { ...from, prunings }, before);
      } else {
        const method = methodOf(step.do);
        if (method?.kind === 'criterion') prunings += 1;
        const trains = method?.live === false;
        const ends = from.arm !== undefined && i === steps.length - 1;
        if (trains || ends) put(at, { ...from, prunings }, { trains });
        before = at;
      }
    });
    return prunings;
  };
  const arms = (all: Record<string, Step[]>, at: string, from: Walk, before?: string): number => {
    const ends = Object.entries(all).map(([arm, steps]) => {
      // What an empty arm has to show is the card before the fork.
      if (steps.length === 0 && before) put(before, { ...from, arm }, { trains: false, idle: true });
      return list(steps, (i) => inArm(at, arm, i), { ...from, arm });
    });
    return ends[0];
  };
  list(experiment.recipe, inRecipe, { prunings: 0 });
  return [...found.values()];
}

/** An arm and its points by round; several spots where there are several draws. */
export interface ArmSpots {
  arm: string;
  rounds: ReadonlyMap<number, readonly Spot[]>;
}

/**
 * The arms of a study in the order of its parts, with the dense network as round 0 of every arm that trains. An arm of
 * a part that has no dense network of its own takes the first there is: it is the same one.
 */
export function armSpots(study: Study, parts: readonly StudyPart[] = partsOf(study)): ArmSpots[] {
  const { grouped } = kindById(study.kind);
  const series = new Map<string, Map<number, Spot[]>>();
  let firstDense: Spot | undefined;
  for (const part of parts) {
    const exp = partHash(part);
    const found = walk(part);
    const trunk = found.filter(({ arm }) => arm === undefined);
    const isForked = found.length > trunk.length;
    const spot = ({ at, round, trains }: Found, arm: string): Spot => ({
      part: part.id,
      exp,
      at,
      arm,
      round,
      trains,
    });
    const dense = trunk.find(({ round, trains }) => round === 0 && trains);
    firstDense ??= dense && spot(dense, 'dense');
    // Without a fork the part is the arm.
    const told = isForked ? found.filter(({ arm }) => arm !== undefined && arm !== BASE) : trunk;
    for (const one of told) {
      const name = one.arm === undefined ? part.id : drawsOf(one.arm);
      const arm = grouped ? `${part.id}/${name}` : name;
      const rounds = series.get(arm) ?? new Map<number, Spot[]>();
      series.set(arm, rounds);
      const startsDense = one.trains || one.idle === true;
      const origin = dense ? spot(dense, arm) : firstDense && { ...firstDense, arm };
      if (startsDense && origin && rounds.size === 0 && one.round > 0) rounds.set(0, [origin]);
      rounds.set(one.round, [...(rounds.get(one.round) ?? []), spot(one, arm)]);
    }
  }
  return [...series].map(([arm, rounds]) => ({ arm, rounds }));
}
