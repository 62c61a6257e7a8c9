/** Why a file is not read. Every message names the file. */
import { type Problem, WinnowError } from '../../spec/problem';

function refuse(code: string, name: string, what: string, values: Problem['values'] = {}): never {
  throw new WinnowError({
    code: `stored.${code}`,
    path: '',
    message: `${name} ${what}`,
    values: { name, ...values },
  });
}
/** Lengths in bytes. */
export const cutShort = (name: string, expected: number, found: number): never =>
  refuse('short', name, `is cut short or altered: ${expected} bytes expected, ${found} found`, {
    expected,
    found,
  });
export const altered = (name: string, expected: string, found: string): never =>
  refuse('altered', name, `is altered: checksum ${expected} expected, ${found} found`, { expected, found });
export const otherVersion = (name: string, found: string, known: string): never =>
  refuse('version', name, `was written in version ${found} of the format; version ${known} is expected`, {
    found,
    known,
  });
export const foreign = (name: string): never =>
  refuse('foreign', name, 'is not a Winnow file: no header of one is found where it is expected');
/** @param where in the file, e.g. a tensor */
export const damaged = (name: string, where: string, expected: string, found: string | number): never =>
  refuse('damaged', name, `is damaged at ${where}: ${expected} expected, ${found} found`, {
    where,
    expected,
    found,
  });
