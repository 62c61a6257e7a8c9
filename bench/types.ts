/** One line of the benchmark's table and of its CSV file. */
export interface BenchRow {
  /** Which part measured it: `kernels`, `tfjs`, `page`. */
  part: string;
  /** What was measured, e.g. `train step, LeNet-300-100, batch 60, simd`. */
  what: string;
  /** Median where it was measured more than once. */
  value: number;
  unit: string;
  /** Quartiles, where it was measured more than once. */
  q1?: number;
  q3?: number;
  /** How many measurements. */
  n: number;
  /** What one must know to read the number. */
  note?: string;
}

/** A part of the benchmark: bench/<name>.ts exports it as `bench`. */
export type Bench = (log: (line: string) => void) => Promise<BenchRow[]>;
