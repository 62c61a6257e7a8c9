/**
 * Compiles src/kernels/simd/assembly/index.ts and all it imports to simd/build/simd.wasm and build/relaxed.wasm (with fused multiply-add).
 * Skipped when sources, compiler and this script are those of the last build; `--force` builds anyway.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/kernels');
const ENTRY = 'simd/assembly/index.ts';
const build = join(root, 'src/kernels/simd/build');
const BUILDS = { 'simd.wasm': ['simd'], 'relaxed.wasm': ['simd', 'relaxed-simd'] };

/** Hash of everything that decides the output. */
function fingerprint() {
  const hash = createHash('sha256')
    .update(asc.version ?? '')
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of readdirSync(source, { recursive: true }).sort()) {
    if (/assembly([/].*)?[.]ts$/.test(file)) hash.update(file).update(readFileSync(join(source, file)));
  }
  return hash.digest('hex');
}

async function compile(output, features) {
  // Written under another name first, so that a reader never meets half a file.
  const partial = `${output}.${process.pid}`;
  const flags = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--initialMemory', '1'];
  const enable = features.flatMap((feature) => ['--enable', feature]);
  const { error, stderr } = await asc.main([ENTRY, '--outFile', partial, ...flags, ...enable], {
    readFile: (name, base) => {
      const path = join(base ?? '.', name);
      const full = path.startsWith('/') ? path : join(source, path);
      return existsSync(full) ? readFileSync(full, 'utf8') : null;
    },
    writeFile: (name, contents) => writeFileSync(join(build, name), contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${output}: ${error.message}\n${stderr}`);
  renameSync(join(build, partial), join(build, output));
}

const stamp = join(build, 'hash');
const now = fingerprint();
const upToDate =
  !process.argv.includes('--force') &&
  Object.keys(BUILDS).every((name) => existsSync(join(build, name))) &&
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === now;
if (!upToDate) {
  try {
    mkdirSync(build, { recursive: true });
    for (const [name, features] of Object.entries(BUILDS)) await compile(name, features);
    writeFileSync(stamp, now);
    console.log(`wasm: built ${Object.keys(BUILDS).join(', ')}`);
  } catch (error) {
    console.error(`wasm: build failed\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}
