/** How the layers of the network on screen are executed, put together from what was timed at both batch sizes. */
import { originalName } from '../../models/build';
import type { ExecForm, FormTiming, LayerSpeed, SpeedReport } from '../../worker/api';

/** One form of one layer, where timed at that batch size. */
export interface Candidate {
  form: ExecForm;
  exact: boolean;
  macs: number;
  one?: FormTiming;
  many?: FormTiming;
}
export interface ExecutedLayer {
  /** As executed: `fc1.u`. */
  layer: string;
  /** At batch 1 and at the large batch. */
  one: LayerSpeed;
  many: LayerSpeed;
  candidates: Candidate[];
}

/** Layers by the name of the layer in the table that they stand for: a factorized one has two. */
export function executedLayers(speed: SpeedReport): Map<string, ExecutedLayer[]> {
  const rows = new Map<string, ExecutedLayer[]>();
  for (const one of speed.latency.layers) {
    const many = speed.throughput.layers.find(({ layer }) => layer === one.layer) ?? one;
    const name = originalName(one.layer);
    rows.set(name, [
      ...(rows.get(name) ?? []),
      { layer: one.layer, one, many, candidates: candidatesOf(one, many) },
    ]);
  }
  return rows;
}

function candidatesOf(one: LayerSpeed, many: LayerSpeed): Candidate[] {
  const forms = new Set([...one.candidates, ...many.candidates].map(({ form }) => form));
  return [...forms].map((form) => {
    const at = ({ candidates }: LayerSpeed) => candidates.find((c) => c.form === form);
    const [first, second] = [at(one), at(many)];
    const { exact, macs } = (first ?? second) as FormTiming;
    return { form, exact, macs, one: first, many: second };
  });
}
/**
 * Forms that are timed only where somebody asks for them, because they round the inputs too; for kernels of so many
 * bits. Whether they can hold this one the worker knows.
 */
export function onRequest({ candidates }: ExecutedLayer, bits: number): ExecForm[] {
  const forms: ExecForm[] = bits === 1 ? ['int8', 'xnor'] : bits <= 8 ? ['int8'] : [];
  return forms.filter((form) => !candidates.some((c) => c.form === form));
}
/** Forms in use that round the inputs of their layer too. */
export const inexactForms = (layers: readonly ExecutedLayer[]): ExecForm[] => [
  ...new Set(
    layers.flatMap(({ one, many, candidates }) =>
      candidates.filter((c) => !c.exact && (c.form === one.form || c.form === many.form)).map((c) => c.form),
    ),
  ),
];
