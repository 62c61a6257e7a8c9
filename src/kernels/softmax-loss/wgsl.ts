/**
 * Softmax, cross-entropy with hard and soft labels, its gradient and the count of hits in one dispatch of one
 * workgroup, which also keeps the device's step counter: it is the only kernel of a step that runs alone.
 */
import { type ScheduleShape, STATE, scheduleAt } from '../gather/wgsl';
import { reluGradient } from '../webgpu/gradient';
import type { Binding, Kernel } from '../webgpu/kernel';

const THREADS = 64;

/** Rows that are finite and their sum; a row that is not makes the result NaN, bit by bit. */
const row = (classes: number): string => `
fn finite(v: f32) -> bool { return (bitcast<u32>(v) & 0x7f800000u) != 0x7f800000u; }
struct Row { top: f32, sum: f32, first: u32, ok: bool }
fn look(r: u32) -> Row {
  var top = z[r * ${classes}u];
  var first = 0u;
  var ok = finite(top);
  for (var j = 1u; j < ${classes}u; j++) {
    let v = z[r * ${classes}u + j];
    ok = ok && finite(v);
    if (v > top) { top = v; first = j; }
  }
  var sum = 0.0;
  for (var j = 0u; j < ${classes}u; j++) { sum += exp(z[r * ${classes}u + j] - top); }
  return Row(top, sum, first, ok);
}`;

/** Adds up what the threads found, always in the same order; thread 0 goes on to `finish`. */
const total = (finish: string): string => `
  losses[thread] = loss;
  hits[thread] = hit;
  bads[thread] = bad;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) {
      losses[thread] += losses[thread + half];
      hits[thread] += hits[thread + half];
      bads[thread] |= bads[thread + half];
    }
    workgroupBarrier();
  }
  if (thread == 0u) {
    ${finish}
  }`;
const shared = `
var<workgroup> losses: array<f32, ${THREADS}>;
var<workgroup> hits: array<u32, ${THREADS}>;
var<workgroup> bads: array<u32, ${THREADS}>;`;

/** Soft labels of the images of a schedule: `teacher` holds the logits of all images. */
export interface SoftTraining {
  hard: number;
  temperature: number;
  schedule: ScheduleShape;
}

/** The sums behind the two softened distributions of a row: the network's, and the teacher's from `t0`. */
const softRow = (classes: number, temperature: number): string => `
struct Soft { sum: f32, top: f32, target_sum: f32, ok: bool }
fn soften(r: u32, t0: u32, top: f32) -> Soft {
  var soft = Soft(0.0, teacher[t0], 0.0, true);
  for (var j = 0u; j < ${classes}u; j++) {
    soft.ok = soft.ok && finite(teacher[t0 + j]);
    soft.top = max(soft.top, teacher[t0 + j]);
  }
  for (var j = 0u; j < ${classes}u; j++) {
    soft.sum += exp((z[r * ${classes}u + j] - top) / ${float(temperature)});
    soft.target_sum += exp((teacher[t0 + j] - soft.top) / ${float(temperature)});
  }
  return soft;
}`;
const float = (v: number): string => (Number.isInteger(v) ? `${v}.0` : `${v}`);

/** Of row r: starts the loss, and gives the gradient's expression. Scaled by T squared as in the contract. */
function rowLoss(classes: number, soft?: SoftTraining): { start: string; each: string; gradient: string } {
  const hard = `(exp(z[at] - found.top) / found.sum - select(0.0, 1.0, j == label))`;
  if (!soft) {
    const start = `loss += log(found.sum) - (z[r * ${classes}u + label] - found.top);
    if (!found.ok) { bad = 1u; }
    let ok = found.ok;`;
    return { start, each: '', gradient: hard };
  }
  const [h, t] = [float(soft.hard), float(soft.temperature)];
  const rest = float(1 - soft.hard);
  return {
    start: `let t0 = schedule[${scheduleAt(soft.schedule, `state[${STATE.step}]`)} + r] * ${classes}u;
    let soft = soften(r, t0, found.top);
    loss += ${h} * (log(found.sum) - (z[r * ${classes}u + label] - found.top));
    let ok = found.ok && soft.ok;
    if (!ok) { bad = 1u; }`,
    each: `let scaled = (z[at] - found.top) / ${t};
      let goal = exp((teacher[t0 + j] - soft.top) / ${t}) / soft.target_sum;
      loss += ${rest} * ${t} * ${t} * goal * (log(soft.sum) - scaled);`,
    gradient: `(${h} * ${hard} + ${rest} * ${t} * (exp(scaled) / soft.sum - goal))`,
  };
}

/**
 * Bindings z, labels, state, dz, losses and, with soft labels, schedule, teacher: the gradient of the mean loss of
 * `batch` rows, and the mean in losses[step % ring]. Then the step counter goes up. `relu`: the logits themselves
 * came out of a relu.
 */
export function softmaxTraining(
  classes: number,
  batch: number,
  ring: number,
  relu: boolean,
  soft?: SoftTraining,
): Kernel {
  const { start, each, gradient } = rowLoss(classes, soft);
  const more: Binding[] = soft
    ? [
        ['schedule', 'u32', 'read'],
        ['teacher', 'f32', 'read'],
      ]
    : [];
  return {
    label: soft ? 'softmax loss and gradient, soft labels' : 'softmax loss and gradient',
    bindings: [
      ['z', 'f32', 'read'],
      ['labels', 'u32', 'read'],
      ['state', 'u32', 'read_write'],
      ['dz', 'f32', 'read_write'],
      ['results', 'u32', 'read_write'],
      ...more,
    ],
    groups: () => [1, 1],
    threads: [THREADS, 1],
    head: `${reluGradient()}
${row(classes)}
${soft ? softRow(classes, soft.temperature) : ''}
${shared}`,
    body: `  var loss = 0.0;
  var hit = 0u;
  var bad = 0u;
  for (var r = thread; r < ${batch}u; r += ${THREADS}u) {
    let found = look(r);
    let label = labels[r];
    // Not a constant, which WGSL refuses.
    let nan = bitcast<f32>(0x7fc00000u | (label & 1u));
    ${start}
    for (var j = 0u; j < ${classes}u; j++) {
      let at = r * ${classes}u + j;
      ${each}
      let value = ${gradient} * ${1 / batch};
      dz[at] = select(nan, ${relu ? 'gradient(value, z[at])' : 'value'}, ok);
    }
  }
  ${total(`let step = state[${STATE.step}];
    results[step % ${ring}u] = select(bitcast<u32>(losses[0] / ${batch}.0), 0x7fc00000u, bads[0] != 0u);
    state[${STATE.step}] = step + 1u;`)}`,
  };
}

/**
 * Bindings z, labels, state, results: loss (bits) and hits of one part of an evaluation, as results[2 * part] and
 * the word after it. Then the part counter goes up.
 */
export function softmaxEvaluation(classes: number, capacity: number): Kernel {
  return {
    label: 'softmax loss and hits',
    bindings: [
      ['z', 'f32', 'read'],
      ['labels', 'u32', 'read'],
      ['state', 'u32', 'read_write'],
      ['results', 'u32', 'read_write'],
    ],
    groups: () => [1, 1],
    threads: [THREADS, 1],
    head: `${row(classes)}
${shared}`,
    body: `  var loss = 0.0;
  var hit = 0u;
  var bad = 0u;
  let part = state[${STATE.step}];
  let rows = min(${capacity}u, state[${STATE.end}] - min(state[${STATE.end}], state[${STATE.from}] + part * ${capacity}u));
  for (var r = thread; r < rows; r += ${THREADS}u) {
    let found = look(r);
    let label = labels[r];
    loss += log(found.sum) - (z[r * ${classes}u + label] - found.top);
    if (!found.ok) { bad = 1u; } else if (found.first == label) { hit++; }
  }
  ${total(`results[2u * part] = select(bitcast<u32>(losses[0]), 0x7fc00000u, bads[0] != 0u);
    results[2u * part + 1u] = hits[0];
    state[${STATE.step}] = part + 1u;`)}`,
  };
}
