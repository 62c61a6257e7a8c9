// `npm start`: data and kernels, a production build, and the lab on http://localhost:5173 (PORT overrides).
import { build, preview } from 'vite';
import { makeAssets } from './assets.mjs';

try {
  await makeAssets();
  await build({ logLevel: 'warn' });
  const server = await preview();
  const { port } = server.httpServer.address();
  console.log(`\n  Winnow is at http://localhost:${port}  (Ctrl+C stops it)\n`);
} catch (error) {
  console.error(error.message ?? error);
  process.exit(1);
}
