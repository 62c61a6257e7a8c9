/** Cases of gates/contract.ts. */
import { noise, sparse } from '../testing/bench';
import { changed, given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { GateShape } from './contract';

export type GateCase = OpCase<'scaleRows' | 'dotRows', GateShape>;

const scale = (s: GateShape, inPlace: boolean, nan = false): GateCase => {
  const n = s.rows * s.cols;
  const x = nan ? planted(noise(n, 1), 2, 7, Number.NaN) : noise(n, 1);
  return {
    op: 'scaleRows',
    label: `${s.rows} x ${s.cols}, ${s.units} gates${inPlace ? ', in place' : ''}${nan ? ', NaN' : ''}`,
    shape: s,
    operands: {
      x: inPlace ? changed(x) : given(x),
      z: given(sparse(s.units, 2, 0.7)),
      ...(inPlace ? {} : { y: made(n) }),
    },
    onMachine: (m, at) => void m.scaleRows(s, at.x, at.z, inPlace ? at.x : at.y),
    tolerance: 0,
  };
};
const dots = (s: GateShape): GateCase => ({
  op: 'dotRows',
  label: `${s.rows} x ${s.cols}, ${s.units} gates`,
  shape: s,
  operands: {
    g: given(noise(s.rows * s.cols, 3)),
    w: given(noise(s.rows * s.cols, 4)),
    dz: made(s.units),
  },
  onMachine: (m, at) => void m.dotRows(s, at.g, at.w, at.dz),
  tolerance: ROUNDING,
});
const SHAPES: GateShape[] = [1, 3, 8, 17].flatMap((cols) => [
  { rows: 5, cols, units: 5 },
  { rows: 18, cols, units: 2 },
  { rows: 9, cols, units: 1 },
]);

export const gateSuite: GateCase[] = [
  ...SHAPES.flatMap((s) => [scale(s, false), scale(s, true), dots(s)]),
  scale({ rows: 6, cols: 5, units: 3 }, false, true),
  dots({ rows: 64, cols: 300, units: 64 }),
];
