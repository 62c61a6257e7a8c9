/** Drives pytorch.py: PyTorch on one thread as a contestant, where a python has torch. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Milliseconds per step. CPU time is what counts on a machine that is busy with other things, too. */
export interface Time {
  wall: number;
  cpu: number;
}
export interface Torch {
  /** Version, BLAS and threads, as the script says. */
  name: string;
  /** @throws Error with the script's own words, e.g. for a network that it does not know. */
  step(model: string, batch: number, steps: number): Promise<Time>;
  close(): void;
}

/** Tries the pythons that may have torch; undefined if none has. */
export async function pytorch(): Promise<Torch | undefined> {
  const script = fileURLToPath(new URL('./pytorch.py', import.meta.url));
  for (const python of ['python3', '/usr/bin/python3']) {
    const child = spawn(python, [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // Set before the libraries start, or BLAS brings threads of its own.
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    });
    const lines = createInterface({ input: child.stdout });
    child.on('error', () => lines.close());
    const iterator = lines[Symbol.asyncIterator]();
    const next = async (): Promise<string | undefined> => (await iterator.next()).value;
    const greeting = await next();
    if (!greeting?.startsWith('ready')) continue;
    return {
      name: greeting.slice('ready '.length),
      async step(model, batch, steps) {
        child.stdin.write(`${model} ${steps} ${batch}\n`);
        const answer = (await next()) ?? 'error the script has ended';
        if (answer.startsWith('error')) throw new Error(`pytorch.py: ${answer}`);
        const [wall, cpu] = answer.split(' ').map(Number);
        return { wall, cpu };
      },
      close: () => child.stdin.end(),
    };
  }
}
