/**
 * How many times faster executable forms are than the dense kernel of the same machine, on both SIMD builds:
 * `npx tsx bench/forms.ts [--forms=csr,bitmap] [--shapes=784x300] [--rows=1,256] [--sparsity=80,95] [--bits=8,4,1]
 * [--x=positive] [--rounds=15]`. Zeros are scattered, with `bits` all weights are codes of so many bits and one scale; x
 * is dense noise, its magnitudes where it is to be positive. Contestants take turns in every round, each for some milliseconds of CPU time;
 * the figure is the median of the rounds' ratios, with its quartiles.
 */
import type { DenseShape } from '../src/kernels/dense/contract';
import { forms } from '../src/kernels/forms/registry';
import { codedSource } from '../src/kernels/forms/testing/coded';
import { type NamedSource, sparseKernel } from '../src/kernels/forms/testing/suite';
import type { Form, PackSource } from '../src/kernels/forms/types';
import type { Machine } from '../src/kernels/machine';
import { bench, noise } from '../src/kernels/testing/bench';
import { FLAVOURS, openMachine } from '../src/kernels/testing/machines';

const options = new Map(
  process.argv.slice(2).map((a) => a.replace(/^--/, '').split('=') as [string, string]),
);
const list = (name: string, standard: string): string[] => (options.get(name) ?? standard).split(',');

const SHAPES: DenseShape[] = list('shapes', '784x300,300x100,800x500').map((text) => {
  const [inn, out] = text.split('x').map(Number);
  return { in: inn, out };
});
const ROWS = list('rows', '1,256').map(Number);
const SPARSITIES = list('sparsity', '50,60,70,80,90,95,98').map(Number);
const BITS = options.get('bits')?.split(',').map(Number);
const ROUNDS = Number(options.get('rounds') ?? 15);
const wanted = options.get('forms')?.split(',');
/** Milliseconds of one measurement. */
const LEAST = 3;
const WARM_UP = 60;

const quantile = (values: number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.round(q * (values.length - 1))];

/** CPU time, which other work on the machine disturbs less than the clock on the wall. */
const milliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
function timed(run: () => void, times: number): number {
  const start = milliseconds();
  for (let i = 0; i < times; i++) run();
  return (milliseconds() - start) / times;
}
/** How often one has to run to fill a measurement. */
function repetitions(run: () => void): number {
  // Until engines have compiled it for good.
  for (let spent = 0; spent < WARM_UP; ) spent += timed(run, 1);
  let times = 1;
  while (timed(run, times) * times < LEAST) times *= 2;
  return times;
}
/** Times of every contestant in every round. */
function race(runs: readonly (() => void)[]): number[][] {
  const times = runs.map(repetitions);
  return Array.from({ length: ROUNDS }, () => runs.map((run, i) => timed(run, times[i])));
}

const sources = (shape: DenseShape): NamedSource[] =>
  BITS
    ? BITS.map((bits) => codedSource(shape, { bits, single: true }))
    : SPARSITIES.map((p) => ({
        label: `${shape.in} -> ${shape.out}, ${p} % zero`,
        source: { shape, values: sparseKernel(shape, p / 100) },
      }));

/** Dense first, then every form that can hold the kernel. */
function contestants(machine: Machine, rows: number, source: PackSource) {
  const s = source.shape;
  const b = bench(machine);
  const signed = noise(rows * s.in, 1);
  const values = options.get('x') === 'positive' ? signed.map(Math.abs) : signed;
  const [x, w, bias] = [b.put(values), b.put(source.values), b.put(noise(s.out, 2))];
  const y = b.room(rows * s.out);
  const packs = forms
    .filter((form) => !wanted || wanted.includes(form.id))
    .map((form) => ({ form, packed: form.pack(source) }))
    .filter(({ packed }) => packed !== undefined)
    .map(({ form, packed }) => {
      const places = Object.fromEntries(Object.entries(packed!).map(([name, v]) => [name, b.put(v)]));
      return { form, places };
    });
  const bytes = Math.max(
    machine.scratchDense(s, rows),
    ...packs.map(({ form }) => form.scratch(machine, s, rows)),
  );
  const scratch = b.room(Math.ceil(bytes / 4));
  machine.setScratch(scratch);
  const dense = () => machine.denseForward(s, x, w, bias, y, rows, true);
  const run = (form: Form, places: Record<string, number>) => () =>
    form.forward(machine, s, x, places, bias, y, rows, true);
  return {
    ids: packs.map(({ form }) => form.id),
    runs: [dense, ...packs.map(({ form, places }) => run(form, places))],
  };
}

for (const flavour of FLAVOURS) {
  const machine = await openMachine(flavour);
  for (const s of SHAPES) {
    for (const rows of ROWS) {
      for (const { label, source } of sources(s)) {
        const { ids, runs } = contestants(machine, rows, source);
        const rounds = race(runs);
        const micros = (i: number) =>
          (
            quantile(
              rounds.map((r) => r[i]),
              0.5,
            ) * 1000
          ).toFixed(1);
        const ratio = (i: number, q: number) =>
          quantile(
            rounds.map((r) => r[0] / r[i]),
            q,
          ).toFixed(2);
        const figures = ids.map(
          (id, i) => `${id} ${ratio(i + 1, 0.5)} (${ratio(i + 1, 0.25)}-${ratio(i + 1, 0.75)})`,
        );
        console.log(`${flavour} ${label}, ${rows} rows: dense ${micros(0)} us; ${figures.join('  ')}`);
      }
    }
  }
}
