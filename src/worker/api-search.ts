/** Finding settings: what page and worker say to each other about sensitivity scans and searches. Types only. */
export interface SearchApi {
  /** Gives up whatever is being searched or scanned; what was found stays. */
  stopSearch(): void;
}
