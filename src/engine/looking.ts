/**
 * Looking at an experiment without training: the state at its frontier, what it can do and how fast it is, and
 * a sweep of one slider. Every wait is a chance to give way to newer looking.
 */
import { blockMeans } from '../datasets/smaller';
import type { NetState } from '../models/types';
import { inSweep } from '../spec/location';
import { Cancelled, WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type {
  Accuracy,
  Facts,
  Guess,
  LabEvent,
  Preview,
  SpeedReport,
  Spread,
  SweepPoint,
} from '../worker/api';
import { breathe } from './control';
import { deployedAccuracy, rounds, speedAt, speedOf, type Track } from './deploy/speed';
import { enough } from './evidence/gather';
import {
  cardStatus,
  coarseToFine,
  type Following,
  type Frontier,
  follow,
  type LiveStates,
  sweepPlan,
  withParam,
} from './frontier';
import { groupFacts } from './group-facts';
import { type Bench, factsFor, pointRows, testFor } from './interpreter';
import { evaluate, imagesPerTurn } from './measure';
import { floatParts } from './network-file';
import type { Networks } from './networks';
import type { Results } from './results';
import { sumBytes } from './stored/types';
import { clockGrain, type Pace } from './timing/race';
import type { Visibility } from './timing/visibility';
import type { LayerForms } from './types';

/** Validation images behind the first answer to a moved slider, where there are as many. */
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
  /** Nothing is timed while the tab is hidden either. */
  page: Visibility;
  /** Layers to be executed in these forms where they can be. */
  forms: LayerForms;
  emit(event: LabEvent): void;
  /** Awaited before what nobody waits for: lets scans and searches go first. */
  spare(): Promise<void>;
}

/** Facts and accuracy on some validation images, then on the whole test set, then speed, then the sweep. */
export async function look(experiment: Experiment, sweepAt: string | undefined, sight: Sight): Promise<void> {
  const { bench, turn } = sight;
  const here = await followed(experiment, sight);
  const { failed } = here;
  let preview = opening(experiment, here, sight, failed && { at: failed.card, status: 'failed' });
  const show = (more: Partial<Preview>) => {
    preview = { ...preview, ...more };
    sight.emit({ type: 'preview', preview });
  };
  if (failed) sight.emit({ type: 'problem', problem: failed.problem });
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
  try {
    const speed = await speedOf(trackOf(sight), dense.state, here.state, bench.device);
    show({ speed });
    if (rounds(speed)) show({ speed: { ...speed, accuracy: await asDeployed(here, speed, sight) } });
  } catch (error) {
    if (!(error instanceof HiddenTab)) throw error;
    // The lab looks again when the tab is seen.
    return show({ speed: { refused: 'hidden' } });
  }
  if (!sweepAt) return;
  await sight.spare();
  await sweep(experiment, sweepAt, sight);
}

/**
 * Along the recipe, telling of a card that takes a while. Numbers stay on screen until the new ones are there; while
 * data is still on its way there are none yet, and those of the state in front of the card are shown.
 */
async function followed(experiment: Experiment, sight: Sight): Promise<Frontier> {
  let at: string | undefined;
  const busy: Following['busy'] = (card, how, here) => {
    at = card;
    sight.emit({ type: 'card', at, status: how.status });
    if (how.status === 'running' || enough(sight.bench.data.train, how.wishes)) return;
    const preview = opening(experiment, here, sight, { at: card, status: 'measuring' });
    sight.emit({ type: 'preview', preview });
  };
  try {
    return await follow(experiment, sight.bench, sight.live, { turn: sight.turn, busy });
  } catch (error) {
    const failed = at !== undefined && !(error instanceof Cancelled);
    if (failed) sight.emit({ type: 'card', at: at as string, status: 'failed' });
    throw error;
  }
}

/** On the whole test set, by the forms at batch 256. */
function asDeployed({ state }: Frontier, { throughput }: SpeedReport, sight: Sight): Promise<Accuracy> {
  const { looking, data } = sight.bench;
  const chunk = imagesPerTurn(state.arch, looking.backend.id, 250);
  return deployedAccuracy({ looking }, state, throughput.layers, data.test, chunk, sight.turn);
}

function opening(
  experiment: Experiment,
  here: Frontier,
  { bench, token }: Sight,
  doing: Parameters<typeof cardStatus>[2],
): Preview {
  const { results } = bench;
  const { dense } = here;
  const test = results.measured(here.key).test;
  const denseTest = dense && results.measured(dense.key).test;
  return {
    token,
    at: here.at,
    cards: cardStatus(experiment, bench, doing),
    facts: factsFor(results, here.key, here.state),
    notes: here.notes,
    archs: here.archs,
    groups: groupFacts((dense ?? here).state.arch, here.state),
    ...(test && { test }),
    ...(dense && {
      dense: { facts: denseFacts(dense, results), ...(denseTest && { test: denseTest }) },
    }),
  };
}

/** The dense network was never there: as 32-bit floats it would take this much, whatever its zeros. */
function denseFacts({ key, state, implied }: NonNullable<Frontier['dense']>, results: Results): Facts {
  const facts = factsFor(results, key, state);
  if (!implied) return facts;
  const parts = floatParts(state.arch);
  const { weights: kept, macs: macsNonzero } = facts;
  return { ...facts, parts, bytes: sumBytes(parts), kept, macsNonzero, sparsity: 0 };
}

async function quick({ key, state }: Frontier, { bench, turn }: Sight): Promise<Accuracy> {
  await bench.data.ready;
  const { correct, count } = await evaluate(
    bench.looking,
    state,
    bench.data.val,
    Math.min(QUICK, bench.data.val.total),
    turn,
    QUICK / 2,
  );
  const accuracy: Accuracy = { split: 'val', correct, count };
  bench.results.note(key, { quick: accuracy });
  return accuracy;
}

/** Accuracy at every value first, then times, both from coarse to fine. Points already known come at once. */
async function sweep(experiment: Experiment, at: string, sight: Sight): Promise<void> {
  const { bench, turn, token, live } = sight;
  const plan = sweepPlan(experiment, at);
  if (!plan) return;
  const { results } = bench;
  const point = (value: number, here: Frontier, test: Accuracy): SweepPoint => {
    const speed = timedFor(sight, here.key);
    const facts = factsFor(results, here.key, here.state);
    return { token, at, param: plan.param, value, facts, test, ...(speed && { speed }) };
  };
  const tell = (points: SweepPoint[], done: boolean) => sight.emit({ type: 'sweep', points, done, token });
  const states = new Map<number, Frontier>();
  for (const value of coarseToFine(plan.values)) {
    await turn();
    const changed = withParam(experiment, at, plan.param, value);
    const here = await follow(changed, bench, live, { turn, stopAfter: at });
    if (here.failed || !here.trained) continue;
    states.set(value, here);
    tell([point(value, here, await testFor(bench, here.key, here.state, turn))], false);
  }
  for (const [value, here] of states) {
    await turn();
    if (sight.busy() || !here.dense) return;
    await timeOnce(sight, here.key, here.dense.state, here.state);
    tell([point(value, here, results.measured(here.key).test as Accuracy)], false);
  }
  tell([], true);
}

class HiddenTab extends Cancelled {}
/** Times taken while something trains beside them would mean nothing. The look comes again when the run ends. */
function trackOf({ bench: { baseline, looking }, turn, busy, page, forms }: Sight): Track {
  const before = page.hidings;
  const quiet = async () => {
    await turn();
    if (busy()) throw new Cancelled();
    if (page.hidden || page.hidings !== before) throw new HiddenTab();
  };
  return { baseline, looking, forms, conditions: { turn: quiet, grain: clockGrain() } };
}

/** Points of a sweep are many: each gets a shorter measurement than what is on screen. */
const POINT: Pace = { rounds: 5, sampleMs: 10, slopeRounds: 0 };
async function timeOnce(sight: Sight, key: string, dense: NetState, state: NetState): Promise<void> {
  const { results, device } = sight.bench;
  if (timedFor(sight, key)) return;
  const { ratio } = await speedAt({ ...trackOf(sight), pace: POINT }, dense, state, 256);
  results.note(key, { speed: { ...ratio, device, forms: JSON.stringify(sight.forms) } });
}
/** What was measured of a state on this device, with the layers in these forms. */
function timedFor({ bench: { results, device }, forms }: Sight, key: string): Spread | undefined {
  const { speed } = results.measured(key);
  return speed?.device === device && speed.forms === JSON.stringify(forms) ? speed : undefined;
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
    const changed = withParam(experiment, card, param, value);
    const here = await follow(changed, bench, live, { turn: breathe, stopAfter: card });
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
  const here = await follow(experiment, bench, live, { turn: breathe });
  if (!here.trained || !here.dense) return null;
  const { train, info } = bench.data;
  const { scale, shift } = train;
  const { smaller } = info;
  // Drawn at the size of the pictures that the data set is made of.
  const image = smaller ? blockMeans(pixels, smaller.of.shape, smaller.block) : pixels;
  const ask = async (networks: Networks, state: NetState) =>
    softmax(await (await networks.with(state)).logits(image, 1, scale, shift));
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
