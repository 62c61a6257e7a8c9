/** Whether the page is seen. Browsers slow hidden tabs down: what is timed there means nothing. */

export class Visibility {
  #shown = true;
  #hidings = 0;
  #waiting: (() => void)[] = [];

  get hidden(): boolean {
    return !this.#shown;
  }
  /** How often the page was hidden so far: a measurement during which it rises is worth nothing. */
  get hidings(): number {
    return this.#hidings;
  }
  set(shown: boolean): void {
    if (this.#shown && !shown) this.#hidings++;
    this.#shown = shown;
    if (shown) for (const wake of this.#waiting.splice(0)) wake();
  }
  /** Resolves once the page is seen. */
  async seen(): Promise<void> {
    while (this.hidden) await new Promise<void>((wake) => this.#waiting.push(wake));
  }
}
