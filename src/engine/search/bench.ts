/** A card whose settings are tried: its state under a setting, the file's bytes, and accuracy on validation images. */
import { methodById } from '../../methods/registry';
import { kernelName, macs, weightLayers } from '../../models/build';
import { tensorsOf } from '../../models/tensors';
import type { NetState } from '../../models/types';
import { hashOf } from '../../spec/canonical';
import type { Param } from '../../spec/params';
import { cardAt, replaceCard } from '../../spec/path';
import { type Problem, WinnowError } from '../../spec/problem';
import { type Experiment, isMethod, type MethodStep } from '../../spec/types';
import type { Hits, SearchSubject, Setting } from '../../worker/api-search';
import { type Frontier, follow, LiveStates } from '../frontier';
import type { Bench } from '../interpreter';
import { lineage } from '../lineage';
import { evaluate } from '../measure';
import { layout } from '../stored';
import { Space } from './space';
import { Twins } from './twins';

export type Turn = () => Promise<void>;

/** Multiply-accumulates that one answer may cost on few and on many images: large networks get fewer images. */
const QUICK_MACS = 2e9;
const FULL_MACS = 4e10;
const QUICK = { least: 250, most: 1000 };
const FULL = { least: 1000, most: 5000 };

export class SearchBench {
  readonly space: Space;
  readonly #live: LiveStates;
  readonly #twins = new Twins();
  readonly #step: MethodStep;

  /** @throws WinnowError `search.card` where the card has no such parameter or is not one of the recipe itself */
  constructor(
    readonly subject: SearchSubject,
    readonly lab: Bench,
  ) {
    const { experiment, at, param, layers } = subject;
    const step = cardAt(experiment, at);
    if (!/^recipe\.\d+$/.test(at) || !step || !isMethod(step)) throw noCard(at, param);
    const { live, params, neutral } = methodById(step.do);
    const varied: Param | undefined = params[param];
    if (!live || varied?.kind !== 'perLayer' || layers.length === 0) throw noCard(at, param);
    this.#step = step;
    // The states in front of the card, and those of the latest setting.
    this.#live = new LiveStates(experiment.recipe.length + 4);
    this.space = new Space(layers, params[varied.of], neutral?.[varied.of] as number | undefined);
  }

  /** The recipe with this setting, which names every layer. */
  at(setting: Setting): Experiment {
    const { experiment, at, param } = this.subject;
    const { off: _, ...on } = this.#step;
    return replaceCard(experiment, at, { ...on, with: { ...on.with, [param]: { ...setting } } });
  }
  get #index(): number {
    return Number(this.subject.at.split('.')[1]);
  }
  /** In front of the card. @throws WinnowError `search.untrained` before there is a trained network */
  async before(turn: Turn): Promise<Frontier & { dense: NonNullable<Frontier['dense']> }> {
    const { experiment } = this.subject;
    const recipe = experiment.recipe.slice(0, this.#index);
    const here = await this.#follow({ ...experiment, recipe }, turn);
    const last = lineage({ ...experiment, recipe }).findLast((task) => task.trunk);
    // A training in front of the card that has not been done: what is there is not what the card acts on.
    if (!here.trained || !here.dense || last?.key !== here.key) throw untrained();
    return { ...here, dense: here.dense };
  }
  /**
   * All that follows the card and needs no training, with this setting.
   * @throws WinnowError where a card refuses it
   */
  async state(setting: Setting, turn: Turn): Promise<NetState> {
    const { at } = this.subject;
    const { state } = await this.#follow(this.at(setting), turn, at);
    return this.#twins.of(state, setting);
  }
  /** Right after the card, one layer at this value and all others untouched. */
  async alone(layer: string, value: number, before: NetState, turn: Turn): Promise<NetState> {
    const { neutral } = this.space;
    const others = neutral ?? value;
    const setting = Object.fromEntries(this.space.layers.map((l) => [l, l === layer ? value : others]));
    const whole = this.at(setting);
    const { state } = await this.#follow({ ...whole, recipe: whole.recipe.slice(0, this.#index + 1) }, turn);
    return neutral === undefined ? graft(before, state, layer) : state;
  }
  async #follow(experiment: Experiment, turn: Turn, stopAfter?: string): Promise<Frontier> {
    await turn();
    const here = await follow(experiment, this.lab, this.#live, { turn, stopAfter });
    if (here.failed) throw new WinnowError(here.failed.problem);
    return here;
  }

  /** Names everything that a scan of this card depends on but not the setting itself. */
  scanKey(before: string): string {
    const { param, layers } = this.subject;
    const { [param]: _, ...fixed } = this.#step.with ?? {};
    return hashOf([before, this.#step.do, fixed, param, [...layers]]);
  }

  bytes(state: NetState): number {
    return layout(state).bytes;
  }
  /** On the first `images` validation images. */
  async hits(state: NetState, images: number, turn: Turn): Promise<Hits> {
    const { correct, count } = await evaluate(this.lab.looking, state, this.lab.data.val, images, turn);
    return { correct, count };
  }
  /** Validation images for a network of this size; never more than there are. */
  async images(state: NetState): Promise<{ quick: number; full: number }> {
    await this.lab.data.ready;
    const { total } = this.lab.data.val;
    const within = (budget: number, { least, most }: typeof QUICK) =>
      Math.min(total, Math.max(least, Math.min(most, Math.floor(budget / macs(state.arch)))));
    return { quick: within(QUICK_MACS, QUICK), full: within(FULL_MACS, FULL) };
  }
}

/** The state `before`, with what a card has made of this layer's tensors. */
export function graft(before: NetState, after: NetState, layer: string): NetState {
  const kernel = weightLayers(after.arch).find((l) => l.name === layer);
  if (!kernel) return after;
  const name = kernelName(kernel);
  const pick = <T>(from: Readonly<Record<string, T>>, to: Readonly<Record<string, T>>) => {
    const { [name]: _, ...rest } = from;
    return name in to ? { ...rest, [name]: to[name] } : rest;
  };
  const own = tensorsOf(after.arch).flatMap((t) =>
    'layer' in t && t.layer.name === layer ? [[t.name, after.tensors[t.name]] as const] : [],
  );
  return {
    ...before,
    tensors: { ...before.tensors, ...Object.fromEntries(own) },
    masks: pick(before.masks, after.masks),
    ...(before.held && { held: pick(before.held, after.held ?? {}) }),
    quant: pick(before.quant, after.quant),
  };
}

const noCard = (at: string, param: string) =>
  new WinnowError({
    code: 'search.card',
    path: at,
    message: `must be a card of the recipe itself with values per layer, got ${at} ${param}`,
    values: { found: `${at} ${param}` },
  });
const untrained = () =>
  new WinnowError({
    code: 'search.untrained',
    path: '',
    message:
      'settings are found from measured accuracy, and there is no trained network in front of this card',
  });
/** Why a search cannot begin now. */
export const busyProblem: Problem = {
  code: 'search.busy',
  path: '',
  message: 'a training is running: stop it or wait for its end',
};
