/** Network files in the worker: opened, kept for the next visit, and loaded again when a recipe names them. */
import { holdFile, isHeld } from '../engine/network-file';
import { keepFile, loadFile } from '../models/files/shelf';
import type { OpenedFile } from '../models/files/types';
import { namedFiles } from '../spec/files';
import { messageOf, type Problem, WinnowError } from '../spec/problem';
import type { Experiment } from '../spec/types';

/** Far beyond any network of the lab: what is larger is not read at all. */
const MOST_BYTES = 512 * 2 ** 20;

export class FileDesk {
  /** Resolves with a refusal, and does not reject. A file that cannot be kept is opened all the same. */
  async open(file: Blob, name: string): Promise<OpenedFile> {
    try {
      if (file.size > MOST_BYTES) throw tooLarge(name, file.size);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const info = holdFile(bytes, name);
      try {
        await keepFile(info, bytes);
        return { file: info };
      } catch (error) {
        return { file: info, problem: notKept(name, error) };
      }
    } catch (error) {
      if (error instanceof WinnowError) return { problem: error.problem };
      return { problem: unread(name, error) };
    }
  }

  /** Has at hand what the recipe names, as far as it is in this browser; the card says what is not. */
  async ready(experiment: Experiment): Promise<void> {
    for (const id of namedFiles(experiment)) {
      if (isHeld(id)) continue;
      const bytes = await loadFile(id);
      try {
        if (bytes) holdFile(bytes, id);
      } catch (error) {
        // What was kept is not what was opened; to the recipe it is a file that is not here.
        if (!(error instanceof WinnowError)) throw error;
      }
    }
  }
}
const tooLarge = (name: string, found: number) =>
  new WinnowError({
    code: 'open.large',
    path: '',
    message: `${name} has ${found} bytes; at most ${MOST_BYTES} are read`,
    values: { name, found, max: MOST_BYTES },
  });
const notKept = (name: string, error: unknown): Problem => ({
  code: 'open.storage',
  path: '',
  message: `${name} is open but cannot be kept in this browser: ${messageOf(error)}. After a reload it has to be dropped again.`,
  values: { name, reason: messageOf(error) },
});
const unread = (name: string, error: unknown): Problem => ({
  code: 'open.unread',
  path: '',
  message: `${name} cannot be read: ${messageOf(error)}`,
  values: { name, reason: messageOf(error) },
});
