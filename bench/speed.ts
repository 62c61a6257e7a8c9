/**
 * What compressed networks deliver: `npm run bench:speed`. Every figure is the speed-up against the dense kernels of
 * the same executor in the same run, by the timing protocol of the lab; weights are random with the pattern in
 * question. On both SIMD builds; arithmetic promised beside time delivered.
 */

import { openSimd } from '../src/engine/backends/simd';
import { narrowed, type Pattern, patterned, thinned } from '../src/engine/speed/patterns';
import { decode, encode } from '../src/engine/stored';
import { race, THOROUGH } from '../src/engine/timing/race';
import type { Backend, LayerForms } from '../src/engine/types';
import { enableRelaxedSimd, FLAVOURS } from '../src/kernels/testing/machines';
import { dense, macs, network } from '../src/models/build';
import { maskUnits } from '../src/models/mask-units';
import { halves as halvesOf, type KeptUnits } from '../src/models/rebuild';
import { modelById } from '../src/models/registry';
import type { Arch, NetState } from '../src/models/types';
import { row } from './stats';
import type { Bench, BenchRow } from './types';

/** One figure of the table. */
interface Case {
  what: string;
  arch: Arch;
  pattern?: Pattern;
  forms?: LayerForms;
  /** The network that is timed, where it is another one. */
  compressed?: Arch;
  /** Units are masked and nothing else changes. */
  kept?: KeptUnits;
  batches: readonly number[];
  target?: number;
  /** Where the ratio has to lie. */
  within?: readonly [number, number];
}
const layer = (inn: number, out: number): Arch => network([1, 1, inn], [dense('fc', out)]);
const fc1 = layer(784, 300);
const int8: Pattern = { quant: { bits: 8, scheme: 'symmetric', granularity: 'channel' } };

const halves = (id: string, input: readonly [number, number, number], batches = [1, 64]): Case => {
  const arch = modelById(id).build(input, 10);
  const compressed = narrowed(arch, 0.5);
  const promised = macs(arch) / macs(compressed);
  return {
    what: `${id}, channels halved (arithmetic promises ${promised.toFixed(2)}x)`,
    arch,
    compressed,
    batches,
    target: 0.7 * promised,
  };
};
/** The same units masked only: as slow as before, which is the point. */
const maskedHalves = (id: string, input: readonly [number, number, number]): Case => {
  const arch = modelById(id).build(input, 10);
  return {
    what: `${id}, channels masked`,
    arch,
    kept: halvesOf(arch),
    batches: [1, 256],
    within: [0.95, 1.05],
  };
};
const csr = (sparsity: number, target: number): Case => ({
  what: `fc1 784x300, CSR at ${Math.round(sparsity * 100)} %`,
  arch: fc1,
  pattern: { sparsity },
  forms: { fc: 'csr' },
  batches: [1, 256],
  target,
});
const bytes = (inn: number, out: number): Case => ({
  what: `${inn}x${out}, int8`,
  arch: layer(inn, out),
  pattern: int8,
  forms: { fc: 'int8' },
  batches: [1, 256],
  target: 1.5,
});
const CASES: readonly Case[] = [
  halves('lenet-300-100', [28, 28, 1], [1, 256]),
  maskedHalves('lenet-300-100', [28, 28, 1]),
  halves('lenet-5', [28, 28, 1], [1, 64, 256]),
  maskedHalves('lenet-5', [28, 28, 1]),
  halves('conv-2', [32, 32, 3]),
  halves('resnet-8', [32, 32, 3], [1, 256]),
  csr(0.8, 1),
  csr(0.9, 1),
  csr(0.95, 4),
  csr(0.98, 8),
  {
    what: 'fc1 784x300, 4x1 blocks at 50 %',
    arch: fc1,
    pattern: { sparsity: 0.5, block: 4 },
    forms: { fc: 'block4' },
    batches: [1, 256],
    target: 1,
  },
  {
    what: 'fc1 784x300, 2:4',
    arch: fc1,
    pattern: { groups: [2, 4] },
    forms: { fc: 'nm' },
    batches: [1, 256],
  },
  bytes(784, 300),
  bytes(800, 500),
  bytes(3136, 512),
  {
    what: 'fc1 784x300, rank 50',
    arch: fc1,
    compressed: thinned(fc1, ['fc'], 50),
    batches: [1, 256],
    target: 2.5,
  },
];

async function measure(backend: Backend, c: Case, log: (line: string) => void): Promise<BenchRow[]> {
  const full = { tensors: patterned(c.arch, {}).tensors, masks: {}, quant: {} };
  const reference = await backend.open(c.arch);
  await reference.load(full);
  const arch = c.compressed ?? c.arch;
  const weights = patterned(arch, c.pattern ?? {});
  const executed = c.kept ? maskUnits({ arch, ...weights }, c.kept) : weights;
  const deployed = await backend.deploy!.open(arch, executed, c.forms ?? {});
  const rows: BenchRow[] = [];
  for (const batch of c.batches) {
    const [base, it] = await race([reference, deployed], batch, THOROUGH, { turn: async () => {} });
    // A target is meant for one image, but for halved channels, where it is the share of the arithmetic.
    const target = batch === 1 || c.compressed ? c.target : undefined;
    const outside = c.within && !(it.ratio.median >= c.within[0] && it.ratio.median <= c.within[1]);
    const range = c.within ? `, wanted in [${c.within.join(', ')}]${outside ? ' MISSED' : ''}` : '';
    const wanted = target ? `, target ${target.toFixed(1)}x${it.ratio.median < target ? ' MISSED' : ''}` : '';
    const note = `${ms(base.ms.median)} dense, ${ms(it.ms.median)} so${it.overlap ? '; no claim' : ''}${wanted}${range}`;
    const what = `${backend.device}: ${c.what}, batch ${batch}`;
    log(`${what}: ${it.ratio.median.toFixed(2)}x (${note})`);
    const { median: value, q1, q3 } = it.ratio;
    rows.push({ part: 'speed', what, value, unit: 'x', q1, q3, n: THOROUGH.rounds, note });
  }
  reference.dispose();
  deployed.dispose();
  return rows;
}
const ms = (value: number): string => `${value.toPrecision(3)} ms`;

/** Milliseconds to write and read the file of Conv-2, dense and compressed. */
function files(log: (line: string) => void): BenchRow[] {
  const arch = modelById('conv-2').build([32, 32, 3], 10);
  const patterns: [string, Pattern][] = [
    ['dense', {}],
    ['pruned to 10 %', { sparsity: 0.9 }],
    [
      'pruned to 10 %, 4 bits',
      { sparsity: 0.9, quant: { bits: 4, scheme: 'symmetric', granularity: 'tensor' } },
    ],
  ];
  return patterns.map(([name, pattern]) => {
    let size = 0;
    const times = Array.from({ length: 5 }, () => {
      const weights = patterned(arch, pattern);
      const state: NetState = { arch, ...weights, start: weights.tensors, trainings: 0, steps: 0 };
      const began = performance.now();
      const { file } = encode(state);
      decode(file);
      size = file.length;
      return performance.now() - began;
    });
    const result = row(
      'speed',
      `Conv-2, ${name}: encode and decode`,
      'ms',
      times,
      `${size} bytes, target 1000 ms`,
    );
    log(`${result.what}: ${Math.round(result.value)} ms, ${size} bytes`);
    return result;
  });
}

export const bench: Bench = async (log) => {
  enableRelaxedSimd();
  const rows: BenchRow[] = [];
  for (const flavour of FLAVOURS) {
    const backend = await openSimd(flavour);
    for (const c of CASES) rows.push(...(await measure(backend, c, log)));
    backend.dispose();
  }
  return [...rows, ...files(log)];
};
