/** Cases of gather/contract.ts. */
import { given, made, type OpCase, ROUNDING } from '../testing/suite';
import { type ImageShape, MOVE_BYTES } from './contract';

export type GatherCase =
  | OpCase<'fromBytes', { n: number; scale: number; shift: number }>
  | OpCase<'augment', ImageShape & { batch: number; scale: number; shift: number }>;

type Move = [flip: number, down: number, right: number];
const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i * 37 + (i >> 3)) % 256);
const normal = { scale: 1 / 255, shift: -0.5 };

const fromBytes = (n: number): GatherCase => ({
  op: 'fromBytes',
  label: `${n} bytes`,
  shape: { n, ...normal },
  operands: { x: given(bytes(n)), y: made(n) },
  onMachine: (m, at) => void m.fromBytes(at.x, at.y, n, normal.scale, normal.shift),
  tolerance: ROUNDING,
});
function augment(s: ImageShape, moves: Move[], what: string): GatherCase {
  const batch = moves.length;
  const n = batch * s.h * s.w * s.c;
  const packed = new Uint8Array(batch * MOVE_BYTES);
  for (const [i, move] of moves.entries())
    packed.set(
      Uint8Array.from(move, (v) => v & 255),
      i * MOVE_BYTES,
    );
  return {
    op: 'augment',
    label: `${s.h}x${s.w}x${s.c}, ${what}`,
    shape: { ...s, batch, ...normal },
    operands: { x: given(bytes(n)), moves: given(packed), y: made(n) },
    onMachine: (m, at) => void m.augment(s, at.x, at.moves, at.y, batch, normal.scale, normal.shift),
    tolerance: ROUNDING,
  };
}
const SHAPES: ImageShape[] = [
  { h: 1, w: 1, c: 1 },
  { h: 5, w: 7, c: 3 },
  { h: 6, w: 20, c: 1 },
  { h: 4, w: 9, c: 4 },
  { h: 9, w: 4, c: 2 },
];
const offsets = [-3, 0, 2].flatMap((down) => [-4, -1, 0, 3].map((right) => [down, right] as const));
const both = (moves: readonly (readonly [number, number])[]): Move[] =>
  [0, 1].flatMap((flip) => moves.map(([down, right]): Move => [flip, down, right]));

export const gatherSuite: GatherCase[] = [
  ...[1, 7, 8, 61].map(fromBytes),
  ...SHAPES.flatMap((s) => [
    augment(s, [[0, 0, 0]], 'as it is'),
    augment(s, [[1, 0, 0]], 'mirrored'),
    augment(s, both(offsets), 'moved both ways, mirrored or not'),
    augment(
      s,
      both([
        [-128, 0],
        [127, 127],
        [0, -128],
        [1, 30],
      ]),
      'moved out of sight',
    ),
  ]),
];
