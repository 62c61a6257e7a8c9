/** Three rounds of iterative magnitude pruning against PyTorch's from the same weights and batches; see goldens/imp.py. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openOwn } from '../datasets/own/open';
import { Control } from '../engine/control';
import { lineage } from '../engine/lineage';
import { runExperiment } from '../engine/run';
import { tinyBench } from '../engine/testing/bench';
import type { BackendId } from '../engine/types';
import type { Row } from '../spec/types';
import golden from './goldens/imp.json';
import { partHash, partsOf } from './index';
import { readings } from './readings';
import { handedOver, handedStudy, ROUNDS } from './testing/hand-over';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** What is promised is 1e-4. */
const WITHIN = 1e-5;

async function run(backend: BackendId) {
  const study = handedStudy();
  const bench = { ...(await tinyBench(backend)), data: openOwn(study.data) };
  const [part] = partsOf(study);
  const rows: Row[] = [];
  const hooks = {
    control: new Control(),
    ...{ card: () => {}, reached: () => {}, progress: () => {} },
    rows: (some: Row[]) => void rows.push(...some),
  };
  await runExperiment(part.experiment, bench, hooks, { hash: partHash(part) });
  const tasks = lineage(part.experiment).filter(({ method }) => !method.live);
  const states = tasks.map(({ key }) => bench.results.trained.get(key)?.state);
  const from = readings(study, rows);
  const ticket = from.arms.find(({ arm }) => arm === 'ticket');
  const told = Array.from({ length: ROUNDS + 1 }, (_, round) => from.at(ticket!.rounds.get(round)![0])[0]);
  return { states, told };
}

describe('iterative magnitude pruning', () => {
  it('begins with what PyTorch was handed', () => {
    expect(sha256(handedOver())).toBe(golden.handed);
  });
  it.each(['simd'] as const)(
    'on %s has PyTorch’s masks, weight for weight, and its losses',
    { timeout: 120_000 },
    async (id) => {
      const { states, told } = await run(id);
      golden.trainings.forEach((want, training) => {
        const got = told[training].curves;
        const losses = [...got['train.loss'].values(), ...got['val.loss'].values()];
        const off = [...want.losses.train, ...want.losses.val].map((loss, i) =>
          Math.abs(losses[i] / loss - 1),
        );
        expect(Math.max(...off), `training ${training}: ${off.map((d) => d.toExponential(1))}`).toBeLessThan(
          WITHIN,
        );
        const masks = training < ROUNDS ? (states[training + 1]?.masks ?? {}) : undefined;
        for (const [name, { kept, sha256: hash }] of Object.entries(masks ? want.masks : {})) {
          const mask = masks?.[name] ?? new Uint8Array();
          expect([name, mask.reduce((n, m) => n + m, 0)]).toEqual([name, kept]);
          expect([name, sha256(mask)]).toEqual([name, hash]);
        }
      });
    },
  );
});
