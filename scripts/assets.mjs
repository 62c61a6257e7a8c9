// Makes what the lab needs and git does not hold: the data shards and the compiled kernels. Before them the lists of
// criteria and methods, which git does hold: where everything is checked (CI), they must be as they should.
// Each maker skips itself when its output is up to date. `--force` makes everything anew, `--only=ID` one data set.
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeRegistries } from './registries.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Runs one maker in its own process; quiet ones are heard only when they fail. */
function run(file, args, quiet) {
  return new Promise((resolve, reject) => {
    const done = (code, output = '') =>
      code === 0 ? resolve() : reject(new Error(`scripts/${file} failed. ${output}`.trim()));
    if (quiet) {
      execFile(process.execPath, [here(file), ...args], (error, out, err) => done(error ? 1 : 0, out + err));
    } else {
      spawn(process.execPath, [here(file), ...args], { stdio: 'inherit' })
        .on('error', reject)
        .on('exit', (code) => done(code));
    }
  });
}

/** @param {{ quiet?: boolean, force?: boolean, only?: string }} options `only`: this data set and no other */
export async function makeAssets({ quiet = false, force = false, only } = {}) {
  writeRegistries({ check: Boolean(process.env.CI) });
  const forced = force ? ['--force'] : [];
  await makeData({ quiet, args: only ? [...forced, only] : forced });
  await run('build-wasm.mjs', forced, quiet);
}
export const makeData = ({ quiet = false, args = [] } = {}) => run('data.mjs', args, quiet);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const has = (flag) => process.argv.includes(flag);
  try {
    const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
    await makeAssets({ quiet: has('--quiet'), force: has('--force'), only });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
