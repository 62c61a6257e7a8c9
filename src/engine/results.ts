/** What has been computed and is kept, by lineage key: states, measurements, and the rows made on the way. */
import type { Masks, Tensors } from '../models/types';
import type { WeightHistory } from '../worker/api-history';
import { Bounded } from './bounded';
import { type Answers, bytesOfAnswers } from './compare/answers';
import { EvidenceStore } from './evidence/store';
import type { Measured, Trained, Unfinished } from './trained';
import { MemoryStore } from './vault/memory';
import type { Told } from './vault/records';
import { Vault } from './vault/vault';

export type { BareRow, Measured, Outcome, Stop, Trained, Unfinished } from './trained';

const bytesOfHistory = (history?: WeightHistory): number =>
  (history?.layers ?? []).flatMap(({ counts }) => counts).reduce((sum, c) => sum + c.byteLength, 0);
const bytesOf = (...all: readonly (Tensors | Masks | undefined)[]): number =>
  all
    .flatMap((t): { byteLength: number }[] => Object.values(t ?? {}))
    .reduce((sum, t) => sum + t.byteLength, 0);

const bytesOfTrained = ({ state, stop, history }: Trained): number =>
  bytesOf(state.tensors, state.masks, stop?.tensors, stop?.masks) + bytesOfHistory(history);
const bytesOfUnfinished = ({ tensors, masks, optimizer, stop }: Unfinished): number =>
  bytesOf(tensors, masks, ...optimizer.moments, stop?.tensors, stop?.masks);

export class Results {
  /** Trained states, which cost time; live ones are made again in milliseconds. */
  readonly trained = new Bounded<Trained>(128 * 2 ** 20, bytesOfTrained);
  /** Trainings that were stopped on their way; gone once finished. */
  readonly unfinished = new Bounded<Unfinished>(64 * 2 ** 20, bytesOfUnfinished);
  /** What a state says to every test image. */
  readonly answers = new Bounded<Answers>(24 * 2 ** 20, bytesOfAnswers);
  /** What criteria have learnt from data. */
  readonly evidence = new EvidenceStore();
  readonly #measured = new Bounded<Measured>(5000, () => 1);

  /** @param vault what studies keep between visits */
  constructor(readonly vault = new Vault(new MemoryStore())) {}

  /** Whether this training is finished and kept, here or in the vault. */
  has(key: string): boolean {
    return this.trained.get(key) !== undefined || this.vault.has(key);
  }
  /** A finished training, from here or the vault. @param stop also its early stop is wanted */
  async find(key: string, stop = false): Promise<Trained | undefined> {
    const here = this.trained.get(key);
    if (here && (!stop || this.hasStop(key))) return here;
    const told = await this.told(key);
    const state = told && (!stop || told.measured.stop) && (await this.vault.state(key));
    if (!state) return undefined;
    const { rows, history } = told;
    return { state, rows, ...(history && { history }) };
  }
  /** What was told of a finished training or a card by a study, without its state. */
  async told(key: string): Promise<Told | undefined> {
    const told = await this.vault.told(key);
    if (told) this.note(key, { ...told.measured, ...this.measured(key) });
    return told;
  }
  /**
   * Puts what a study has finished into the vault, once all is measured; it need not stay here.
   * @param trained absent for a card without training
   */
  async hand(key: string, trained?: Trained): Promise<void> {
    const measured = this.measured(key);
    await (trained ? this.vault.save(key, trained, measured) : this.vault.saveCard(key, measured));
  }
  /** Forgets a state, so that it is made anew. */
  forget(key: string): void {
    this.trained.delete(key);
    this.unfinished.delete(key);
    void this.vault.forget(key);
  }
  measured(key: string): Measured {
    return this.#measured.get(key) ?? {};
  }
  /** Where the test accuracy of an early stop can still be had, or is known. */
  hasStop(key: string): boolean {
    return this.measured(key).stop !== undefined || this.trained.get(key)?.stop !== undefined;
  }
  /** Once that is measured, the copy of the weights is of no more use. */
  dropStop(key: string): void {
    const trained = this.trained.get(key);
    if (!trained?.stop) return;
    const { stop: _, ...rest } = trained;
    this.trained.set(key, rest);
  }
  note(key: string, more: Measured): Measured {
    const all = { ...this.measured(key), ...more };
    this.#measured.set(key, all);
    return all;
  }
}
