// A thread begins as plain JavaScript: the loader that reads TypeScript is not inherited.
import { register } from 'tsx/esm/api';

register();
await import('./hand.ts');
