export { RunTray } from './RunTray';
