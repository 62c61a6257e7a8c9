/** Softmax cross-entropy in double precision, row by row. */

/** How many rows of the last `softmaxLoss` have their label as the first largest logit. */
let correct: i32 = 0;
export function lastCorrect(): i32 {
  return correct;
}

// @ts-ignore: decorator
@inline
function at(row: usize, j: i32): f64 {
  return <f64>load<f32>(row + (<usize>j << 2));
}

function largest(row: usize, classes: i32): f64 {
  let top: f32 = load<f32>(row);
  for (let j = 1; j < classes; j++) top = max<f32>(top, load<f32>(row + (<usize>j << 2)));
  return <f64>top;
}

/** Sum over the row of exp((z - top) / temperature). */
function sumExp(row: usize, classes: i32, top: f64, temperature: f64): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < classes; j++) sum += Math.exp((at(row, j) - top) / temperature);
  return sum;
}

/** Whether the label is the first largest; false if there is a NaN. */
function isFirst(row: usize, classes: i32, label: i32): bool {
  const own = at(row, label);
  for (let j = 0; j < label; j++) if (!(at(row, j) < own)) return false;
  for (let j = label + 1; j < classes; j++) if (!(at(row, j) <= own)) return false;
  return own == own;
}

/**
 * Sum over rows of the loss of ../contract.ts, in nats. z [rows, classes], labels u8. With `dz` not 0 writes the
 * gradient of the mean. `teacher` 0: hard labels only. A row with NaN counts as wrong.
 */
export function softmaxLoss(
  z: usize, labels: usize, dz: usize, rows: i32, classes: i32, teacher: usize, hard: f64, temperature: f64,
): f64 {
  const bytes = <usize>classes << 2;
  let total: f64 = 0;
  correct = 0;
  for (let i = 0; i < rows; i++) {
    const label = <i32>load<u8>(labels + i);
    const top = largest(z, classes);
    const sum = sumExp(z, classes, top, 1);
    const loss = Math.log(sum) - (at(z, label) - top);
    if (isFirst(z, classes, label)) correct++;
    if (teacher) {
      total += hard * loss + (1 - hard) * softRow(z, teacher, dz, classes, top, sum, label, hard, temperature, rows);
      teacher += bytes;
    } else {
      total += loss;
      if (dz) {
        for (let j = 0; j < classes; j++) {
          const p = Math.exp(at(z, j) - top) / sum;
          put(dz, j, (p - (j == label ? 1 : 0)) / <f64>rows);
        }
      }
    }
    if (dz) dz += bytes;
    z += bytes;
  }
  return total;
}

/** Nothing so small can move a weight, but products with it would be subnormal and slow. */
// @ts-ignore: decorator
@inline
function put(dz: usize, j: i32, d: f64): void {
  store<f32>(dz + (<usize>j << 2), Math.abs(d) < 1e-25 ? 0 : <f32>d);
}

/** T^2 * CE(softmax(teacher / T), softmax(z / T)) of one row; writes the gradient of both labels together. */
function softRow(
  z: usize, teacher: usize, dz: usize, classes: i32, top: f64, sum: f64, label: i32, hard: f64, temperature: f64,
  rows: i32,
): f64 {
  const softSum = sumExp(z, classes, top, temperature);
  const log = Math.log(softSum);
  const highest = largest(teacher, classes);
  const teacherSum = sumExp(teacher, classes, highest, temperature);
  let loss: f64 = 0;
  for (let j = 0; j < classes; j++) {
    const scaled = (at(z, j) - top) / temperature;
    const target = Math.exp((at(teacher, j) - highest) / temperature) / teacherSum;
    loss -= target * (scaled - log);
    if (dz) {
      const p = Math.exp(at(z, j) - top) / sum - (j == label ? 1 : 0);
      const q = Math.exp(scaled) / softSum - target;
      put(dz, j, (hard * p + (1 - hard) * temperature * q) / <f64>rows);
    }
  }
  return temperature * temperature * loss;
}
