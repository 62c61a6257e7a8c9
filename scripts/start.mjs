// `npm start`: MNIST and kernels, a production build, and the lab on http://localhost:5173 (PORT overrides). The
// larger data sets are made while the lab is already being used.
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { makeAssets, makeData } from './assets.mjs';

const folder = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

try {
  await makeAssets({ only: 'mnist' });
  await build({ logLevel: 'warn' });
  const server = await preview();
  const { port } = server.httpServer.address();
  console.log(`\n  Winnow is at http://localhost:${port}  (Ctrl+C stops it)\n`);
} catch (error) {
  console.error(error.message ?? error);
  process.exit(1);
}

try {
  await makeData();
  await cp(folder('public/data'), folder('dist/data'), { recursive: true });
} catch (error) {
  console.error(`The larger data sets are not available: ${error.message ?? error}`);
}
