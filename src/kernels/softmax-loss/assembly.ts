/** Softmax cross-entropy in double precision, row by row. */

/** How many rows of the last `softmaxLoss` have their label as the first largest logit. */
let correct: i32 = 0;
export function lastCorrect(): i32 {
  return correct;
}

/**
 * Sum over rows of -log softmax(z)[label], in nats. z [rows, classes], labels u8. With `dz` not 0 writes
 * dz = (softmax(z) - onehot) / rows, the gradient of the mean. A row with NaN counts as wrong.
 */
export function softmaxLoss(z: usize, labels: usize, dz: usize, rows: i32, classes: i32): f64 {
  let total: f64 = 0;
  correct = 0;
  for (let i = 0; i < rows; i++) {
    const label = <i32>load<u8>(labels + i);
    let top: f32 = load<f32>(z);
    for (let j = 1; j < classes; j++) top = max<f32>(top, load<f32>(z + (<usize>j << 2)));
    const own = load<f32>(z + (<usize>label << 2));
    let sum: f64 = 0;
    let first = true;
    for (let j = 0; j < classes; j++) {
      const v = load<f32>(z + (<usize>j << 2));
      sum += Math.exp(<f64>v - <f64>top);
      if (j < label && !(v < own)) first = false;
      if (j > label && !(v <= own)) first = false;
    }
    if (first && own == own) correct++;
    total += Math.log(sum) - (<f64>own - <f64>top);
    if (dz) {
      for (let j = 0; j < classes; j++) {
        const p = Math.exp(<f64>load<f32>(z + (<usize>j << 2)) - <f64>top) / sum;
        const d = (p - (j == label ? 1 : 0)) / <f64>rows;
        // Nothing so small can move a weight, but products with it would be subnormal and slow.
        store<f32>(dz + (<usize>j << 2), Math.abs(d) < 1e-25 ? 0 : <f32>d);
      }
      dz += <usize>classes << 2;
    }
    z += <usize>classes << 2;
  }
  return total;
}
