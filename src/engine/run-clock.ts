/** How far a run is, summed over the trainings that go on side by side. */
import type { Progress, TrainingProgress } from '../worker/api';
import type { Results } from './results';
import type { PartTask } from './run-places';

/** Speed is that of the last seconds: it changes with the number of trainings side by side. */
const WINDOW_MS = 4000;

/** Of several parts, each training also names its own. */
export interface RunProgress extends Progress {
  running: (TrainingProgress & { part: string })[];
  /** Trainings that are finished, those kept from before counted, and all there are. */
  trainings: { done: number; total: number };
}
interface InFlight {
  task: PartTask;
  step: number;
  /** Step at which it was taken up. */
  from: number;
}

export class RunClock {
  #total = 0;
  readonly #trainings = { done: 0, total: 0 };
  /** By state: the step from which a training is counted. */
  readonly #counted = new Map<string, number>();
  readonly #running = new Map<number, InFlight>();
  #finished = 0;
  #samples: { at: number; done: number }[] = [];
  #speed = 0;

  /** What is kept from before is not counted, nor is what two arms have in common counted twice. */
  constructor(
    tasks: readonly PartTask[],
    results: Results,
    readonly tell: (progress: RunProgress) => void,
  ) {
    const seen = new Set<string>();
    for (const { method, key, values } of tasks) {
      if (method.live || seen.has(key)) continue;
      seen.add(key);
      this.#trainings.total++;
      if (results.has(key)) {
        this.#trainings.done++;
        continue;
      }
      const from = results.unfinished.get(key)?.step ?? 0;
      this.#counted.set(key, from);
      this.#total += (values.steps as number) - from;
    }
  }

  /** @param rank of the task in the order of execution */
  begin(rank: number, task: PartTask, from: number): void {
    // Half a training that was stopped may have come in late, and what was kept may turn out to be of no use.
    const counted = this.#counted.get(task.key);
    if (counted === undefined) this.#trainings.done--;
    this.#total += (counted ?? (task.values.steps as number)) - from;
    this.#counted.set(task.key, from);
    this.#running.set(rank, { task, step: from, from });
    this.#told();
  }
  /** Steps below the one told last mean that the training had to begin again. */
  tick(rank: number, step: number): void {
    const running = this.#running.get(rank);
    if (!running) return;
    if (step < running.from) {
      this.#total += running.from;
      running.from = 0;
    }
    running.step = step;
    this.#told();
  }
  /** Trained to the end: a thread's last word of its steps may come after its result, or never. */
  complete(rank: number): void {
    const running = this.#running.get(rank);
    const steps = running?.task.values.steps as number;
    this.#trainings.done++;
    if (running && running.step !== steps) this.tick(rank, steps);
    else this.#told();
  }
  end(rank: number): void {
    const running = this.#running.get(rank);
    this.#running.delete(rank);
    if (running && running.step === running.task.values.steps) this.#finished += running.step - running.from;
  }
  /** Time that passes now says nothing about the speed. */
  pause(): void {
    this.#samples = [];
  }

  #told(): void {
    const done = [...this.#running.values()].reduce((sum, r) => sum + r.step - r.from, this.#finished);
    const perSecond = this.#measured(done);
    this.tell({
      running: [...this.#running]
        .sort(([a], [b]) => a - b)
        .map(([, { task, step }]) => ({
          at: task.at,
          part: task.of.id,
          ...(task.arm && { arm: task.arm }),
          replicate: task.replicate,
          step,
          steps: task.values.steps as number,
        })),
      done,
      total: this.#total,
      trainings: { ...this.#trainings },
      stepsPerSecond: perSecond,
      secondsLeft: perSecond > 0 ? (this.#total - done) / perSecond : Number.NaN,
    });
  }

  /** The last one known, where nothing can be said of this moment. */
  #measured(done: number): number {
    const at = performance.now();
    const [oldest] = this.#samples;
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && this.#samples[1].at < at - WINDOW_MS) this.#samples.shift();
    if (oldest && done > oldest.done) this.#speed = (1000 * (done - oldest.done)) / (at - oldest.at);
    return this.#speed;
  }
}
