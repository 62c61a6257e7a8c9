/** Cases of add/contract.ts. */
import { noise } from '../testing/bench';
import { changed, given, made, type OpCase, planted } from '../testing/suite';

export type AddCase = OpCase<'add', { n: number; relu: boolean }>;

const SIZES = [1, 3, 4, 7, 16, 61, 250];

function sum(label: string, a: Float32Array, b: Float32Array, relu: boolean, into?: 'a' | 'b'): AddCase {
  const n = a.length;
  const operands: AddCase['operands'] = { a: given(a), b: given(b) };
  if (into) operands[into] = changed(operands[into].data);
  else operands.y = made(n);
  return {
    op: 'add',
    label: `${label}${relu ? ', relu' : ''}${into ? `, into ${into}` : ''}`,
    shape: { n, relu },
    operands,
    onMachine: (m, at) => void m.add(at.a, at.b, into ? at[into] : at.y, n, relu),
    // One rounding, wherever it is done.
    tolerance: 0,
  };
}
const strange = (n: number) =>
  planted(planted(planted(noise(n, 3), 0, 7, Number.NaN), 1, 5, Infinity), 2, 4, -0);

export const addSuite: AddCase[] = [
  ...SIZES.flatMap((n) => [false, true].map((relu) => sum(`${n} values`, noise(n, 1), noise(n, 2), relu))),
  sum('in place', noise(61, 1), noise(61, 2), true, 'a'),
  sum('in place', noise(61, 1), noise(61, 2), false, 'b'),
  sum('zeros', new Float32Array(13), new Float32Array(13), true),
  sum(
    'opposites',
    noise(13, 1),
    noise(13, 1).map((v) => -v),
    true,
  ),
  ...[false, true].map((relu) =>
    sum('NaN, infinities, -0', strange(61), planted(noise(61, 4), 3, 8, -Infinity), relu),
  ),
];
