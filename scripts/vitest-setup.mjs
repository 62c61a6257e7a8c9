import { makeAssets } from './assets.mjs';

export default () => makeAssets({ quiet: true });
