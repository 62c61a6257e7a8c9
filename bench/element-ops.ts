/**
 * Nanoseconds per input element of the ops that move memory rather than multiply, on both SIMD builds, at the
 * sizes that ResNet-8 and a small depthwise-separable net have at batch 128. The first line, a sum of two arrays,
 * tells what the memory allows. `npx tsx bench/element-ops.ts [rounds] [name]`.
 * CPU time is measured, the least of the rounds: other work on the machine disturbs it least.
 */
import type { Machine } from '../src/kernels/machine';
import { noise } from '../src/kernels/testing/bench';
import { FLAVOURS, openMachine } from '../src/kernels/testing/machines';

const BATCH = 128;
/** The largest: batch 128 of 32 x 32 x 64. */
const MOST = BATCH * 32 * 32 * 64;

interface Op {
  name: string;
  elements: number;
  run(m: Machine, buffers: number[]): unknown;
}
const image = (h: number, c: number) => BATCH * h * h * c;

function opsOf(h: number, c: number): Op[] {
  const [elements, rows] = [image(h, c), BATCH * h * h];
  const label = (op: string) => `${op} ${BATCH} x ${h} x ${h} x ${c}`;
  const norm = { c, epsilon: 1e-5, momentum: 0.1 };
  const conv = { h, w: h, c, oh: h, ow: h, k: 3, stride: 1, pad: 1 };
  const half = { ...conv, oh: h / 2, ow: h / 2, stride: 2 };
  const pool = { h, w: h, c, oh: h / 2, ow: h / 2, size: 2, stride: 2 };
  return [
    { name: label('add'), elements, run: (m, [x, y, z]) => m.add(x, y, z, elements, false) },
    { name: label('add, relu'), elements, run: (m, [x, y, z]) => m.add(x, y, z, elements, true) },
    { name: label('relu gradient'), elements, run: (m, [x, y]) => m.reluBackward(x, y, elements) },
    {
      name: label('batch norm, train'),
      elements,
      run: (m, [x, y, , small]) =>
        m.batchNormTrain(
          norm,
          x,
          small,
          small + 1024,
          small + 2048,
          small + 3072,
          y,
          small + 4096,
          rows,
          true,
        ),
    },
    {
      name: label('batch norm, eval'),
      elements,
      run: (m, [x, y, , small]) =>
        m.batchNormEval(norm, x, small, small + 1024, small + 2048, small + 3072, y, rows, true),
    },
    {
      name: label('batch norm, backward'),
      elements,
      run: (m, [x, y, z, small]) =>
        m.batchNormBackward(norm, x, y, small, small + 4096, z, small + 8192, small + 9216, rows),
    },
    {
      name: label('depthwise 3'),
      elements,
      run: (m, [x, y, , s]) => m.depthwiseForward(conv, x, s, 0, y, BATCH, true),
    },
    {
      name: label('depthwise 3, dw'),
      elements,
      run: (m, [x, y, , s]) => m.depthwiseBackwardWeights(conv, x, y, s, BATCH),
    },
    {
      name: label('depthwise 3, dx'),
      elements,
      run: (m, [x, y, , s]) => m.depthwiseBackwardInput(conv, x, s, y, BATCH),
    },
    {
      name: label('depthwise 3 / 2'),
      elements,
      run: (m, [x, y, , s]) => m.depthwiseForward(half, x, s, 0, y, BATCH, true),
    },
    {
      name: label('depthwise 3 / 2, dw'),
      elements,
      run: (m, [x, y, , s]) => m.depthwiseBackwardWeights(half, x, y, s, BATCH),
    },
    {
      name: label('depthwise 3 / 2, dx'),
      elements,
      run: (m, [x, y, , s]) => m.depthwiseBackwardInput(half, x, s, y, BATCH),
    },
    { name: label('average pool 2'), elements, run: (m, [x, y]) => m.avgPoolForward(pool, x, y, BATCH) },
    { name: label('average pool 2, dx'), elements, run: (m, [x, y]) => m.avgPoolBackward(pool, y, x, BATCH) },
    {
      name: label('global pool'),
      elements,
      run: (m, [x, y]) => m.globalPoolForward({ h, w: h, c }, x, y, BATCH),
    },
    {
      name: label('global pool, dx'),
      elements,
      run: (m, [x, y]) => m.globalPoolBackward({ h, w: h, c }, y, x, BATCH),
    },
  ];
}
const SHAPES: [h: number, c: number][] = [
  [32, 16],
  [16, 32],
  [8, 64],
  [32, 64],
];
const fail = (): never => {
  throw new Error('the kernel refused its input');
};
const pixels = 32 * 32 * 3;
const OPS: Op[] = [
  ...SHAPES.flatMap(([h, c]) => opsOf(h, c)),
  {
    name: 'augment 128 x 32 x 32 x 3',
    elements: BATCH * pixels,
    run: (m, [x, y, moves]) => m.augment({ h: 32, w: 32, c: 3 }, x, moves, y, BATCH, 1 / 255, 0),
  },
  {
    name: 'AdamW of 270,000 weights',
    elements: 270_000,
    run: (m, [w, g, a, , b]) =>
      m.adam(
        w,
        g,
        a,
        b,
        0,
        270_000,
        { lr: 1e-6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, decoupled: true },
        9,
      ),
  },
  {
    name: 'fake quantization, 784 x 300, 4 bits',
    elements: 235_200,
    run: (m, [w, , y]) =>
      m.fakeQuant({ n: 235_200, ranges: 300, bits: 4, scheme: 'affine' }, w, 0, y) || fail(),
  },
  {
    name: 'soft-label loss, 128 x 10 logits',
    elements: 1280,
    run: (m, [z, dz, labels, , teacher]) =>
      m.softmaxLoss(z, labels, dz, BATCH, 10, { teacher, hard: 0.1, temperature: 4 }),
  },
];

async function open(flavour: (typeof FLAVOURS)[number]) {
  const machine = await openMachine(flavour);
  const bytes = [MOST * 4, MOST * 4, MOST * 4, 65536, 270_000 * 4];
  let next = machine.base;
  const buffers = bytes.map((size) => {
    const at = next;
    next += size + 64;
    return at;
  });
  machine.reserve(next);
  return { machine, buffers };
}
/** Fresh contents: ops write over each other's, and subnormal numbers or NaN would tell lies. */
function fill(m: Machine, [x, y, z, small, more]: number[]): void {
  const values = noise(1 << 16, 1);
  for (const at of [x, y, z]) for (let i = 0; i < MOST; i += values.length) m.floats.set(values, at / 4 + i);
  m.floats.set(
    noise(16384, 2).map((v) => 0.1 + Math.abs(v)),
    small / 4,
  );
  m.floats.fill(1, more / 4, more / 4 + 270_000);
  // Labels and moves are read as bytes: small ones.
  for (let i = 0; i < 512; i++) m.bytes[z + i] = [1, 2, 253, 0][i % 4] % (i % 4 === 0 ? 2 : 256);
}

const rounds = Number(process.argv[2] ?? 7);
const wanted = process.argv[3] ?? '';
const contestants = await Promise.all(FLAVOURS.map(open));
console.log(`ns of CPU time per element, least of ${rounds}: ${FLAVOURS.join(', ')}`);
for (const op of OPS.filter(({ name }) => name.includes(wanted))) {
  const least = contestants.map(() => Number.POSITIVE_INFINITY);
  for (const { machine, buffers } of contestants) fill(machine, buffers);
  if (op.name.startsWith('soft')) {
    for (const { machine, buffers } of contestants) machine.bytes.fill(3, buffers[2], buffers[2] + BATCH);
  }
  const repeats = Math.max(1, Math.round(4e6 / op.elements));
  for (let round = 0; round <= rounds; round++) {
    contestants.forEach(({ machine, buffers }, i) => {
      const before = process.cpuUsage();
      for (let k = 0; k < repeats; k++) op.run(machine, buffers);
      const { user, system } = process.cpuUsage(before);
      const ns = ((user + system) * 1e3) / repeats / op.elements;
      if (round > 0) least[i] = Math.min(least[i], ns);
    });
  }
  console.log(op.name.padEnd(44), ...least.map((ns) => ns.toFixed(3).padStart(8)));
}
