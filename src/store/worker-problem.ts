import { messageOf, type Problem } from '../spec/problem';

/** What a call to the worker threw, as comlink brings it: its message only. */
export function workerProblem(error: unknown): Problem {
  const message = messageOf(error);
  return { code: 'worker.error', path: '', message, values: { message } };
}
