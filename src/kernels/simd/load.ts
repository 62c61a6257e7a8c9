/** Finds and compiles the module, once per flavour: fetched in a browser, read from disk in Node. */
import { messageOf, WinnowError } from '../../spec/problem';

/** `relaxed` has fused multiply-add and needs an engine with relaxed SIMD. */
export type Flavour = 'simd' | 'relaxed';

// Written out in full, because bundlers look for exactly this form.
const urls: Record<Flavour, URL> = {
  simd: new URL('./build/simd.wasm', import.meta.url),
  relaxed: new URL('./build/relaxed.wasm', import.meta.url),
};
const modules = new Map<Flavour, Promise<WebAssembly.Module>>();

/** @throws WinnowError `kernels.load` that names the file and says what to do. */
export function loadModule(flavour: Flavour): Promise<WebAssembly.Module> {
  const known = modules.get(flavour);
  if (known) return known;
  const made = read(urls[flavour]).then((bytes) => WebAssembly.compile(bytes));
  modules.set(flavour, made);
  // A failed fetch may be tried again.
  made.catch(() => modules.delete(flavour));
  return made;
}

async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (url.protocol === 'file:') {
      const { readFileSync } = process.getBuiltinModule('node:fs');
      return Uint8Array.from(readFileSync(url));
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const reason = messageOf(error);
    throw new WinnowError({
      code: 'kernels.load',
      path: '',
      message: `cannot load ${url.pathname} (${reason}); reload the page, or run "npm run assets" in a checkout`,
      values: { file: url.pathname, reason },
    });
  }
}
