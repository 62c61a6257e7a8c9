/**
 * The oracle: every op as plain loops over one array, slow and plain enough to be checked by eye. The tests
 * compare every other executor with it.
 */
import type { Machine } from '../contract';
import { convOps } from './conv';
import { denseOps } from './dense';
import { optimOps } from './optim';
import { poolOps } from './pool';

export function referenceMachine(): Machine {
  let bytes = new Uint8Array(0);
  let floats = new Float32Array(bytes.buffer);
  let correct = 0;
  const view = () => floats;
  return {
    device: 'CPU plain',
    // 0 stands for "no bias" and "no mask", so nothing may live there.
    base: 16,
    reserve(size) {
      if (size <= bytes.length) return;
      const grown = new Uint8Array(Math.ceil(size / 16) * 16);
      grown.set(bytes);
      bytes = grown;
      floats = new Float32Array(bytes.buffer);
    },
    get bytes() {
      return bytes;
    },
    get floats() {
      return floats;
    },
    setScratch() {},
    fromBytes(x, y, n, scale, shift) {
      for (let i = 0; i < n; i++) floats[y / 4 + i] = bytes[x + i] * scale + shift;
    },
    applyMask(x, mask, y, n) {
      for (let i = 0; i < n; i++) floats[y / 4 + i] = bytes[mask + i] ? floats[x / 4 + i] : 0;
    },
    pack() {},
    packedBytes: () => 0,
    scratchDense: () => 0,
    scratchConv: () => 0,
    ...denseOps(view),
    ...convOps(view),
    ...poolOps(view),
    ...optimOps(view, () => bytes),
    softmaxLoss(z, labels, dz, rows, classes) {
      let total = 0;
      correct = 0;
      for (let i = 0; i < rows; i++) {
        const row = floats.subarray(z / 4 + i * classes, z / 4 + (i + 1) * classes);
        const label = bytes[labels + i];
        const top = Math.max(...row);
        const sum = row.reduce((s, v) => s + Math.exp(v - top), 0);
        total += Math.log(sum) - (row[label] - top);
        if (row.indexOf(top) === label) correct++;
        if (dz === 0) continue;
        for (let j = 0; j < classes; j++) {
          const p = Math.exp(row[j] - top) / sum;
          floats[dz / 4 + i * classes + j] = (p - (j === label ? 1 : 0)) / rows;
        }
      }
      return total;
    },
    lastCorrect: () => correct,
  };
}
