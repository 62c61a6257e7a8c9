/** Tasks of all parts of a run in their order, and the states between them. */
import type { NetState } from '../models/types';
import type { Experiment, Row } from '../spec/types';
import type { Line } from '../studies/types';
import { lineage, type Task } from './lineage';
import type { BareRow, Trained } from './results';

/** One of the experiments that are run together; its rows carry its hash. */
export interface RunPart {
  /** Distinct among them. */
  id: string;
  experiment: Experiment;
  hash: string;
  /** Measured once both its ends are there. */
  line?: Line;
}
export type PartTask = Task & { of: RunPart };

/**
 * What is to be done, by replicate. Several parts go on side by side: what comes after n trainings in any of them is
 * before what comes after more, so that what has been done so far can be compared.
 */
export function tasksOf(parts: readonly RunPart[]): PartTask[][] {
  const most = Math.max(0, ...parts.map(({ experiment }) => experiment.replicates));
  return Array.from({ length: most }, (_, replicate) => {
    const some = parts.filter(({ experiment }) => replicate < experiment.replicates);
    const tasks = some.flatMap((of) => lineage(of.experiment, replicate).map((task) => ({ ...task, of })));
    if (some.length < 2) return tasks;
    const depths = depthsOf(tasks);
    return tasks.sort((a, b) => (depths.get(a.key) as number) - (depths.get(b.key) as number));
  });
}
/** Trainings up to each state, by key. */
function depthsOf(tasks: readonly Task[]): Map<string, number> {
  const depths = new Map<string, number>();
  for (const { key, parent, method } of tasks) {
    depths.set(key, (depths.get(parent) ?? 0) + (method.live ? 0 : 1));
  }
  return depths;
}

/** The rows of a task, or of a point on a line, under the experiment and at the place that it is for. */
export function labelled(
  { of, replicate, arm, at }: Pick<PartTask, 'of' | 'replicate' | 'arm' | 'at'>,
  rows: readonly BareRow[],
): Row[] {
  const where = { exp: of.hash, replicate, ...(arm && { arm }), at };
  return rows.map((row) => ({ ...where, ...row }));
}

/** A line of one replicate, and the tasks at whose ends it begins and ends. */
export interface LineTask<Owner> extends Pick<PartTask, 'of' | 'replicate'> {
  line: Line;
  ends: readonly [from: Owner, to: Owner];
}
/** @param tasks of one replicate @throws Error for a line to a place that the recipe does not have */
export function linesOf<Owner extends PartTask>(
  parts: readonly RunPart[],
  tasks: readonly Owner[],
): LineTask<Owner>[] {
  return parts.flatMap((of): LineTask<Owner>[] => {
    const own = tasks.filter((task) => task.of === of);
    const { line } = of;
    if (!line || own.length === 0) return [];
    const [from, to] = [line.from, line.to].map((at) => own.find((task) => task.at === at));
    if (!from || !to) throw new Error(`no card at ${from ? line.to : line.from}`);
    return [{ of, replicate: from.replicate, line, ends: [from, to] }];
  });
}

/** The state at one lineage key: made when first asked for, forgotten when all who might ask are through. */
export class Place<Owner> {
  /** Of a training: all of it but its state. Results may forget an early stop before it is measured. */
  trained?: Omit<Trained, 'state'>;
  #state: Promise<NetState> | undefined;
  #uses = 0;
  #free = false;

  /**
   * @param parent asked by `make`, if at all
   * @param owner the task that makes it; others with the same key share what it makes
   */
  constructor(
    readonly make: () => Promise<NetState>,
    readonly parent?: Place<Owner>,
    readonly owner?: Owner,
  ) {
    parent?.hold();
  }
  /** Somebody may ask for it, until `release`. */
  hold(): void {
    this.#uses++;
  }
  keep({ state: _, ...trained }: Trained): void {
    this.trained = trained;
  }
  state(): Promise<NetState> {
    this.#state ??= this.make().finally(() => this.#letGo());
    return this.#state;
  }
  release(): void {
    if (--this.#uses > 0) return;
    if (!this.#state) this.#letGo();
    this.#state = undefined;
  }
  #letGo(): void {
    if (!this.#free) this.parent?.release();
    this.#free = true;
  }
}
