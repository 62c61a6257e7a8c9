/** Optimal Brain Surgeon end to end, on trained toy networks: recipe, data made smaller, evidence, masks, change. */
import { expect, it } from 'vitest';
import { hash, parse } from '../../catalog';
import { dataDir, fileReader } from '../../cli/file-reader';
import type { Row } from '../../spec/types';
import type { LabEvent } from '../../worker/api';
import { Lab } from '../lab';

it('loses less than magnitude at equal sparsity, layer by layer and all together', async () => {
  const arm = (criterion: string) => [
    { do: 'prune', with: { criterion, sparsity: 0.5, scope: 'global', outputHalf: false, images: 300 } },
  ];
  const parsed = parse({
    v: 1,
    data: 'mnist-7x7',
    model: 'mlp-8',
    recipe: [
      { do: 'train', with: { steps: 600, lr: 0.003 } },
      { fork: { magnitude: arm('magnitude'), layer: arm('obs-layer'), whole: arm('obs') } },
    ],
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const rows: Row[] = [];
  const problems: LabEvent[] = [];
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    (event) => {
      if (event.type === 'rows') rows.push(...event.rows);
      if (event.type === 'problem') problems.push(event);
    },
  );
  await lab.use('simd');
  await lab.run(parsed.experiment);
  await lab.dispose();
  expect(problems).toEqual([]);
  const of = (arm: string | undefined, metric: string) =>
    rows.find((r) => r.arm === arm && r.metric === metric && (arm || r.at === 'recipe.0'))!.value;
  const [dense, magnitude, layer, whole] = [undefined, 'magnitude', 'layer', 'whole'].map((a) =>
    of(a, 'test.accuracy'),
  );
  expect(['magnitude', 'layer', 'whole'].map((a) => of(a, 'sparsity'))).toEqual([0.5, 0.5, 0.5]);
  expect(layer).toBeGreaterThan(magnitude);
  expect(whole).toBeGreaterThan(magnitude);
  // Half of what magnitude loses is won back by either.
  expect(Math.min(layer, whole)).toBeGreaterThan((dense + magnitude) / 2);
}, 120_000);
