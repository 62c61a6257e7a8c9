/** News of a study in pieces that a page can take: a study that is taken up again has ten thousands of rows at once. */
import { Cancelled, problemOf } from '../../spec/problem';
import type { Row } from '../../spec/types';
import type { StudyEvent } from '../../worker/api-study';
import type { RunProgress } from '../run-clock';
import type { RunPart } from '../run-places';

const EVERY_MS = 100;

export class Teller {
  #rows: Row[] = [];
  #progress: RunProgress | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #failures = new Set<string>();

  constructor(readonly tell: (event: StudyEvent) => void) {}

  rows(rows: readonly Row[]): void {
    for (const row of rows) this.#rows.push(row);
    this.#soon();
  }
  progress(progress: RunProgress): void {
    this.#progress = progress;
    this.#soon();
  }
  /** A card that fails does so in every seed: it is told once. */
  failed({ id }: RunPart, error: unknown): void {
    if (error instanceof Cancelled) return;
    const found = problemOf(error);
    const name = JSON.stringify([id, found.code, found.path]);
    if (this.#failures.has(name)) return;
    this.#failures.add(name);
    this.tell({ type: 'problem', problem: { ...found, values: { ...found.values, part: id } } });
  }
  /** Tells what has not been told. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows.length > 0) this.tell({ type: 'rows', rows: this.#rows });
    if (this.#progress) this.tell({ type: 'progress', progress: this.#progress });
    this.#rows = [];
    this.#progress = undefined;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.close(), EVERY_MS);
  }
}
