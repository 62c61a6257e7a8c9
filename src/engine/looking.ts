/**
 * Looking at an experiment without training: the state at its frontier, what it can do and how fast it is, and
 * a sweep of one slider. Every wait is a chance to give way to newer looking.
 */
import type { NetState } from '../models/types';
import { inSweep } from '../spec/location';
import { Cancelled, WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { Accuracy, Facts, Guess, LabEvent, Preview, SweepPoint } from '../worker/api';
import { breathe } from './control';
import {
  cardStatus,
  coarseToFine,
  type Frontier,
  frontier,
  type LiveStates,
  sweepPlan,
  withParam,
} from './frontier';
import { type Bench, factsFor, pointRows, testFor } from './interpreter';
import { evaluate, speedOf, timePair } from './measure';
import { floatParts } from './network-file';
import type { Networks } from './networks';
import type { Results } from './results';
import { sumBytes } from './stored/types';
import type { LayerForms } from './types';

/** Validation images behind the first answer to a moved slider. */
const QUICK = 1000;

export interface Sight {
  bench: Bench;
  live: LiveStates;
  /** Names this look; rises from one to the next. */
  token: number;
  /** Awaited between chunks of work. @throws Cancelled when a newer look has begun */
  turn(): Promise<void>;
  /** True while a run computes: nothing is timed then. */
  busy(): boolean;
  /** True while the tab is hidden: nothing is timed then either. */
  hidden(): boolean;
  /** Layers to be executed in these forms where they can be. */
  forms: LayerForms;
  emit(event: LabEvent): void;
}

/** Facts and accuracy on some validation images, then on the whole test set, then speed, then the sweep. */
export async function look(experiment: Experiment, sweepAt: string | undefined, sight: Sight): Promise<void> {
  const { bench, turn } = sight;
  const here = frontier(experiment, bench, sight.live);
  let preview = opening(experiment, here, sight);
  const show = (more: Partial<Preview>) => {
    preview = { ...preview, ...more };
    sight.emit({ type: 'preview', preview });
  };
  if (here.failed) sight.emit({ type: 'problem', problem: here.failed.problem });
  if (!here.trained) return show({});
  // Facts and first accuracy in one event: a moved slider redraws the page once, not twice.
  const known = bench.results.measured(here.key);
  if (!known.test) show({ quick: known.quick ?? (await quick(here, sight)) });
  show({ test: await testFor(bench, here.key, here.state, turn) });
  const { dense } = here;
  if (!dense) return;
  if (preview.dense && !preview.dense.test) {
    show({ dense: { ...preview.dense, test: await testFor(bench, dense.key, dense.state, turn) } });
  }
  if (sight.busy()) return;
  if (sight.hidden()) return show({ speed: { refused: 'hidden' } });
  const { baseline, looking, device } = bench;
  show({ speed: await speedOf(baseline, looking, dense.state, here.state, device, quiet(sight)) });
  if (sweepAt) await sweep(experiment, sweepAt, sight);
}

function opening(experiment: Experiment, here: Frontier, { bench, token }: Sight): Preview {
  const { results } = bench;
  const { dense } = here;
  const test = results.measured(here.key).test;
  const denseTest = dense && results.measured(dense.key).test;
  return {
    token,
    at: here.at,
    cards: cardStatus(experiment, bench, here.failed?.card),
    facts: factsFor(results, here.key, here.state),
    ...(test && { test }),
    ...(dense && {
      dense: { facts: denseFacts(dense, results), ...(denseTest && { test: denseTest }) },
    }),
  };
}

/** The dense network was never there: as 32-bit floats it would take this much, whatever its zeros. */
function denseFacts({ key, state, opened }: NonNullable<Frontier['dense']>, results: Results): Facts {
  const facts = factsFor(results, key, state);
  if (!opened) return facts;
  const parts = floatParts(state.arch);
  return { ...facts, parts, bytes: sumBytes(parts), kept: facts.weights, sparsity: 0 };
}

async function quick({ key, state }: Frontier, { bench, turn }: Sight): Promise<Accuracy> {
  await bench.data.ready;
  const { correct, count } = await evaluate(bench.looking, state, bench.data.val, QUICK, turn, QUICK / 2);
  const accuracy: Accuracy = { split: 'val', correct, count };
  bench.results.note(key, { quick: accuracy });
  return accuracy;
}

/** Accuracy at every value first, then times, both from coarse to fine. Points already known come at once. */
async function sweep(experiment: Experiment, at: string, sight: Sight): Promise<void> {
  const { bench, turn, token, live } = sight;
  const plan = sweepPlan(experiment, at);
  if (!plan) return;
  const { results, device } = bench;
  const point = (value: number, here: Frontier, test: Accuracy): SweepPoint => {
    const { speed } = results.measured(here.key);
    const facts = factsFor(results, here.key, here.state);
    return { token, at, param: plan.param, value, facts, test, ...(speed?.device === device && { speed }) };
  };
  const tell = (points: SweepPoint[], done: boolean) => sight.emit({ type: 'sweep', points, done, token });
  const states = new Map<number, Frontier>();
  for (const value of coarseToFine(plan.values)) {
    await turn();
    const here = frontier(withParam(experiment, at, plan.param, value), bench, live, at);
    if (here.failed || !here.trained) continue;
    states.set(value, here);
    tell([point(value, here, await testFor(bench, here.key, here.state, turn))], false);
  }
  for (const [value, here] of states) {
    await turn();
    if (sight.busy() || !here.dense) return;
    await timeOnce(bench, here.key, here.dense.state, here.state, quiet(sight));
    tell([point(value, here, results.measured(here.key).test as Accuracy)], false);
  }
  tell([], true);
}

/** Times taken while something trains beside them would mean nothing. The look comes again when the run ends. */
const quiet =
  ({ turn, busy }: Sight) =>
  async () => {
    await turn();
    if (busy()) throw new Cancelled();
  };

async function timeOnce(
  bench: Bench,
  key: string,
  dense: NetState,
  state: NetState,
  turn: () => Promise<void>,
): Promise<void> {
  const { results, device } = bench;
  if (results.measured(key).speed?.device === device) return;
  const pair = [await bench.baseline.with(dense), await bench.looking.with(state)] as const;
  const { ratio } = await timePair(...pair, 256, turn, 5);
  results.note(key, { speed: { ...ratio, device } });
}

/** The experiment's own sweep as rows, `at` naming card, parameter and value. Empty when it has none. */
export async function sweepRows(
  experiment: Experiment,
  exp: string,
  bench: Bench,
  live: LiveStates,
): Promise<Row[]> {
  const rows: Row[] = [];
  const { at: card, param, values } = experiment.sweep ?? { at: '', param: '', values: [] };
  for (const value of values) {
    const here = frontier(withParam(experiment, card, param, value), bench, live, card);
    if (here.failed) throw new WinnowError(here.failed.problem);
    if (!here.trained) continue;
    const at = inSweep(card, param, value);
    const point = await pointRows(bench, here.key, here.state, 0, breathe);
    rows.push(...point.map((row) => ({ exp, replicate: 0, at, ...row })));
  }
  return rows;
}

/** Class probabilities of one image, by the dense and the compressed network; null before training. */
export async function guess(
  experiment: Experiment,
  bench: Bench,
  live: LiveStates,
  pixels: Uint8Array,
): Promise<Guess | null> {
  const here = frontier(experiment, bench, live);
  if (!here.trained || !here.dense) return null;
  const { scale, shift } = bench.data.train;
  const ask = async (networks: Networks, state: NetState) =>
    softmax(await (await networks.with(state)).logits(pixels, 1, scale, shift));
  return {
    dense: await ask(bench.baseline, here.dense.state),
    compressed: await ask(bench.looking, here.state),
  };
}

function softmax(logits: Float32Array): number[] {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (z) => Math.exp(z - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}
