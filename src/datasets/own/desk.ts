/** Where own files are handed in, in the worker: read, looked at, kept, removed. */
import { Cancelled, messageOf, WinnowError } from '../../spec/problem';
import { browserJpeg } from './browser-jpeg';
import { megabytes, OWN_LIMITS } from './limits';
import { lookAt } from './look';
import { makeOwn } from './make';
import { dropOwn, holdOwn } from './open';
import { refuse } from './problems';
import { registerOwn } from './registry';
import { keepOwn, listOwn, removeOwn } from './shelf';
import type { OwnAnswer, OwnFile, OwnProgress, OwnSet, OwnUpload, Work } from './types';

/** Progress is told this often; others get a turn at least as often. */
const TELL_MS = 80;
/** Files read at the same time. */
const AT_ONCE = 16;

export class OwnDesk {
  #reading = 0;
  /** Read and not yet decided on. */
  #read: OwnSet | undefined;

  /** Makes known what earlier visits have left. */
  async start(): Promise<void> {
    for (const info of await listOwn()) registerOwn(info);
  }

  /** Reads files; a newer call gives up an older one. Resolves with a refusal, and does not reject. */
  async read(uploads: readonly OwnUpload[], tell: (progress: OwnProgress) => void): Promise<OwnAnswer> {
    const mine = ++this.#reading;
    this.#read = undefined;
    const work = this.#work(mine, tell);
    try {
      const set = await makeOwn(await filesOf(uploads, work), work);
      await work.turn();
      this.#read = set;
      return { look: lookAt(set) };
    } catch (error) {
      if (error instanceof Cancelled) return {};
      if (error instanceof WinnowError) return { problem: error.problem };
      return { problem: { code: 'internal', path: 'data', message: messageOf(error) } };
    }
  }
  /** Gives up what is being read and forgets what was. */
  cancel(): void {
    this.#reading++;
    this.#read = undefined;
  }

  /**
   * Makes the set that was read last a data set of the lab, and keeps it for the next visit where that is allowed.
   * @returns why it could not be kept, if so
   */
  async use(id: string, name: string): Promise<OwnAnswer> {
    const set = this.#read;
    if (set?.info.id !== id) return { problem: refuse('missing', { id }).problem };
    const info = { ...set.info, name };
    holdOwn({ info, splits: set.splits });
    this.#read = undefined;
    try {
      await keepOwn(info, set.splits);
      return {};
    } catch (error) {
      return { problem: refuse('storage', { name, reason: messageOf(error) }).problem };
    }
  }
  async remove(id: string): Promise<void> {
    dropOwn(id);
    await removeOwn(id).catch(() => {});
  }

  #work(mine: number, tell: (progress: OwnProgress) => void): Work {
    let told = 0;
    return {
      turn: async () => {
        await new Promise((resolve) => setTimeout(resolve));
        if (this.#reading !== mine) throw new Cancelled();
      },
      tell: (stage, done, total) => {
        const now = performance.now();
        if (now - told < TELL_MS && done < total) return;
        told = now;
        tell({ stage, done, total });
      },
      ...(typeof OffscreenCanvas === 'function' && { jpeg: browserJpeg }),
    };
  }
}

async function filesOf(uploads: readonly OwnUpload[], work: Work): Promise<OwnFile[]> {
  const bytes = uploads.reduce((sum, { file }) => sum + file.size, 0);
  const most = OWN_LIMITS.given;
  if (bytes > most) throw refuse('given', { max: megabytes(most), found: megabytes(bytes) });
  const out: OwnFile[] = [];
  for (let at = 0; at < uploads.length; at += AT_ONCE) {
    const some = uploads.slice(at, at + AT_ONCE);
    out.push(...(await Promise.all(some.map(fileOf))));
    work.tell('read', out.length, uploads.length);
    await work.turn();
  }
  return out;
}
async function fileOf({ file, path }: OwnUpload): Promise<OwnFile> {
  const folders = path.split('/').filter(Boolean);
  folders.pop();
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { name: path, bytes, folders, inside: folders.length > 0 };
  } catch (error) {
    throw refuse('unread', { name: path, reason: messageOf(error) });
  }
}
