/** A short name for a result, made from its recipe: `prune 90 % · 4 bits`. */
import { catalog } from '../catalog';
import { i18n } from '../i18n';
import { integer, percent } from '../i18n/format';
import { valuesOf } from '../spec/defaults';
import { type Experiment, isFork, isRepeat, type MethodStep, type Step } from '../spec/types';

const say = (key: string, values?: Record<string, unknown>): string =>
  String(i18n.t(`methods:title.${key}` as never, values as never));

/** Methods with words of their own; any other is called by its name. */
const phrases: Record<string, (values: Record<string, unknown>) => string> = {
  prune: (v) => {
    const sparsity = percent(Number(v.sparsity), 1).replace('.0', '');
    if (v.shape === 'nm') return say('nm', { keep: v.keep, every: v.every });
    if (v.shape === '4x1') return say('shaped', { shape: '4×1', sparsity });
    if (v.shape === 'block') return say('shaped', { shape: `${v.blockInputs}×${v.blockOutputs}`, sparsity });
    return say('prune', { sparsity });
  },
  'prune-units': (v) => say('units', { fraction: percent(Number(v.fraction), 0) }),
  quantize: (v) => say('quantize', { bits: v.bits }),
  factorize: (v) =>
    v.by === 'energy'
      ? say('energy', { energy: percent(Number(v.energy), 0) })
      : say('factorize', { rank: v.rank }),
  train: (v) => say('train', { steps: integer(Number(v.steps)) }),
};
function ofMethod(step: MethodStep): string {
  const values = valuesOf(step, catalog) as Record<string, unknown>;
  return phrases[step.do]?.(values) ?? String(i18n.t(`methods:name.${step.do}` as never));
}
function ofStep(step: Step): string {
  if (isRepeat(step)) return say('repeat', { rounds: step.repeat, steps: phrase(step.steps) });
  if (isFork(step)) return Object.keys(step.fork).join(' / ');
  return ofMethod(step);
}
/** Training is left out where something else can be said. */
function phrase(steps: readonly Step[]): string {
  const on = steps.filter((s) => !s.off);
  const telling = on.filter((s) => !('do' in s && s.do === 'train'));
  return (telling.length ? telling : on.slice(0, 1)).map(ofStep).join(' · ');
}
/** In the page's language; `untrained` for an empty recipe. */
export const titleOf = (experiment: Experiment): string => phrase(experiment.recipe) || say('untrained');
