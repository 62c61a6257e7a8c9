/** The gradients' way back, carried out with one number per value: buffers are shared, so that errors show. */
import { describe, expect, it } from 'vitest';
import {
  add,
  avgpool,
  batchnorm,
  conv,
  dense,
  from,
  globalpool,
  maxpool,
  network,
} from '../../../models/build';
import { models } from '../../../models/registry';
import type { Arch } from '../../../models/types';
import { compilePlan, type Plan } from '../plan';
import { planGradients } from './flow';

/** What a stage multiplies a gradient with, and what the gradient of its relu does: irrational enough. */
const factor = (stage: number) => Math.sqrt(stage + 2);
const rectify = (value: number) => 1 + 1 / (value + 3);

/** By value, of those that get one: contributions of all readers that have an effect, by the chain rule. */
function expected(plan: Plan): Map<number, number> {
  const gradients = new Map<number, number>([[plan.stages.length, 1]]);
  for (let i = plan.stages.length - 1; i >= 0; i--) {
    const raw = gradients.get(i + 1);
    if (raw === undefined) continue;
    const full = plan.stages[i].reluGradient ? raw * rectify(i + 1) : raw;
    gradients.set(i + 1, full);
    for (const v of plan.stages[i].inputs) {
      const share = plan.stages[i].layer.kind === 'add' ? full : full * factor(i);
      gradients.set(v, (gradients.get(v) ?? 0) + share);
    }
  }
  return gradients;
}

/** Gradient of the output of every stage that is run backward, by its number. */
function simulate(plan: Plan): Map<number, number> {
  const { steps, buffers, logits } = planGradients(plan);
  const memory = new Array<number>(buffers.length).fill(Number.NaN);
  // The loss writes it, relu included.
  memory[logits] = plan.stages[plan.stages.length - 1].reluGradient ? rectify(plan.stages.length) : 1;
  const seen = new Map<number, number>();
  for (const step of steps) {
    const { into } = step;
    if (step.stage !== null) seen.set(step.stage, memory[step.dy]);
    if (!into) continue;
    expect([...into.others, step.stage === null ? -1 : step.dy]).not.toContain(into.buffer);
    const own = step.stage === null ? 0 : memory[step.dy] * factor(step.stage);
    const sum = into.others.reduce((total, other) => total + memory[other], own);
    memory[into.buffer] = into.relu ? sum * rectify(into.value) : sum;
  }
  return seen;
}

const relu = { filters: 4, kernel: 3, padding: 'same' } as const;
const graphs: Record<string, Arch> = {
  'seven readers': network(
    [8, 8, 2],
    [
      conv('a', relu),
      conv('b', relu),
      ...['c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => add(name, 'a')),
      dense('out', 3, 'linear'),
    ],
  ),
  'a sum with itself': network([8, 8, 4], [conv('a', relu), add('b', 'a'), dense('out', 3, 'linear')]),
  'a sum as the last reader': network(
    [8, 8, 4],
    [
      conv('a', relu),
      conv('b', relu),
      from('a', batchnorm('c', 'linear')),
      from('b', add('d', 'a')),
      add('e', 'c'),
      globalpool('m'),
      dense('out', 3),
    ],
  ),
  'a pool without weights before it': network(
    [8, 8, 2],
    [avgpool('p', 2), conv('a', relu), maxpool('q', 2), dense('out', 3, 'linear')],
  ),
  'a layer that nothing reads': network(
    [8, 8, 2],
    [conv('a', relu), conv('dead', relu), from('a', dense('out', 3, 'linear'))],
  ),
};
for (const model of models) graphs[model.id] = model.build([32, 32, 3], 10);

describe.each(Object.entries(graphs))('%s', (_name, arch) => {
  const plan = compilePlan(arch);
  it('gives every stage with parameters the whole gradient of its output, relu taken once', () => {
    const want = expected(plan);
    const seen = simulate(plan);
    const due = [...plan.stages.keys()].filter(
      (i) => (plan.stages[i].kernel || plan.stages[i].norm) && want.has(i + 1),
    );
    expect([...seen.keys()]).toEqual(expect.arrayContaining(due));
    for (const [stage, gradient] of seen) expect(gradient).toBeCloseTo(want.get(stage + 1) as number, 6);
  });
});

describe('dispatches', () => {
  it('residual sums cost none on the way back, and a gradient that nobody needs is not made', () => {
    const plan = compilePlan(models.find(({ id }) => id === 'resnet-20')!.build([32, 32, 3], 10));
    const { steps } = planGradients(plan);
    expect(steps.filter(({ stage }) => stage === null)).toHaveLength(0);
    const first = steps.filter((step) => step.stage === 0);
    expect(first).toMatchObject([{ into: null }]);
  });
  it('gradients that cannot all be added by one kernel are summed first', () => {
    const { steps } = planGradients(compilePlan(graphs['seven readers']));
    expect(Math.max(...steps.map(({ into }) => into?.others.length ?? 0))).toBeLessThanOrEqual(6);
    expect(steps.some(({ stage }) => stage === null)).toBe(true);
  });
});
