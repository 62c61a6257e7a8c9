/** Cases of block4/contract.ts: scattered zeros, and kernels of which whole blocks are kept or not. */
import { noise } from '../../testing/bench';
import { formSuite, type NamedSource, sparseSources } from '../testing/suite';
import { BLOCK4, groupsOf } from './contract';
import { block4 } from './form';

/** Groups differ in how many blocks they have, so that their order matters. */
function blockSparse(inn: number, out: number, sparsity: number): Float32Array {
  const groups = groupsOf(out);
  const chance = noise(inn * groups, 7);
  return noise(inn * out, 8).map((v, i) => {
    const [k, g] = [Math.floor(i / out), Math.floor((i % out) / BLOCK4)];
    return (chance[k * groups + g] + 1) / 2 < sparsity * (0.6 + (0.8 * (g + 0.5)) / groups) ? 0 : v;
  });
}
const blockSources: NamedSource[] = [
  [13, 7],
  [32, 16],
  [65, 41],
].flatMap(([inn, out]) =>
  [0.5, 0.9].map((p) => ({
    label: `${inn} -> ${out}, ${p * 100} % of blocks zero`,
    source: { shape: { in: inn, out }, values: blockSparse(inn, out, p) },
  })),
);

export const block4Suite = formSuite(block4, 'block4Forward', {
  sources: [...sparseSources, ...blockSources],
});
