/** A refusal that a person can act on. `code` and `values` let the page say it in another language. */
export interface Problem {
  code: string;
  /** Path of the field at fault, e.g. `recipe.1.with.sparsity`; empty for the whole. */
  path: string;
  /** English, complete: what is wrong, what is allowed, what was found. */
  message: string;
  values?: Record<string, string | number>;
}
export class WinnowError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.path ? `${problem.path}: ${problem.message}` : problem.message);
    this.name = 'WinnowError';
    this.problem = problem;
  }
}
/** Thrown where work was given up because newer work replaced it or the user stopped it. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** What anything thrown says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
/** What can be told of anything thrown: its own problem, else its message under this code and path. */
export const problemOf = (error: unknown, code = 'internal', path = ''): Problem =>
  error instanceof WinnowError ? error.problem : { code, path, message: messageOf(error) };
