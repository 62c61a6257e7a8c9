export { Tiles } from './Tiles';
