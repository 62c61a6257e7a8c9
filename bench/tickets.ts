// The claim itself on real data: the ticket against its re-initialised copy at 3.6 % of LeNet-300-100's weights, three
// seeds, 5,000 steps a round (TICKETS_STEPS makes it shorter). Takes minutes, which is why it is no test.
import { hash } from '../src/catalog';
import { dataDir, fileReader } from '../src/cli/file-reader';
import { nodeStaff } from '../src/cli/staff';
import { Lab } from '../src/engine/lab';
import type { Experiment, Row, Step } from '../src/spec/types';
import type { Bench } from './types';

const STEPS = Number(process.env.TICKETS_STEPS ?? 5000);
/** 0.8^15 = 3.5 %; with the output layer at half rate 3.58 %. */
const ROUNDS = 15;
const SEEDS = 3;

const train: Step = { do: 'train', with: { steps: STEPS, evalEvery: 100, earlyStop: true } };
const prune: Step = { do: 'prune', with: { sparsity: 0.2 } };
/** Controls only at the last round: what is compared is there. */
const experiment: Experiment = {
  ...{ v: 1, data: 'mnist', model: 'lenet-300-100', replicates: SEEDS },
  seeds: { init: 1, order: 1, method: 1 },
  recipe: [
    train,
    { repeat: ROUNDS - 1, steps: [prune, { do: 'rewind' }, train] },
    prune,
    { fork: { ticket: [{ do: 'rewind' }, train], reinit: [{ do: 'reinit' }, train] } },
  ],
};

export const bench: Bench = async (log) => {
  const rows: Row[] = [];
  const lab = new Lab(
    (id) => fileReader(dataDir(id)),
    hash,
    (event) => event.type === 'rows' && rows.push(...event.rows),
    undefined,
    nodeStaff(),
  );
  await lab.use('simd');
  if (!(await lab.run(experiment))) throw new Error('the run failed');
  await lab.dispose();
  const of = (at: string, metric: string, replicate: number) =>
    rows.find((r) => r.at === at && r.metric === metric && r.replicate === replicate)?.value ?? Number.NaN;
  const remaining = 100 * (1 - of('recipe.3.fork.ticket.1', 'sparsity', 0));
  return ['stop.accuracy', 'test.accuracy'].flatMap((metric) => {
    const seeds = Array.from({ length: SEEDS }, (_, r) => ({
      dense: 100 * of('recipe.0', metric, r),
      ticket: 100 * of('recipe.3.fork.ticket.1', metric, r),
      reinit: 100 * of('recipe.3.fork.reinit.1', metric, r),
    }));
    const where = metric === 'stop.accuracy' ? 'at early stop' : 'at the end';
    for (const [i, s] of seeds.entries())
      log(
        `seed ${i} ${where}: dense ${s.dense.toFixed(2)}, ticket ${s.ticket.toFixed(2)}, re-initialised ${s.reinit.toFixed(2)} %`,
      );
    const gains = seeds.map(({ ticket, reinit }) => ticket - reinit);
    const mean = gains.reduce((sum, g) => sum + g, 0) / SEEDS;
    return {
      ...{ part: 'tickets', unit: 'points', value: mean, n: SEEDS },
      what: `ticket - re-initialised ${where}, ${remaining.toFixed(2)} % of LeNet-300-100, ${STEPS} steps a round`,
      note: `by seed ${gains.map((g) => g.toFixed(2)).join(', ')}; mean, not median`,
    };
  });
};
