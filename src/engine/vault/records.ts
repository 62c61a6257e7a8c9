/** What a finished training leaves, as records: what it tells, its state, and where that began. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Arch, NetState, Quants, Tensors } from '../../models/types';
import type { BareRow, Measured, Trained } from '../trained';
import { pack, unpack } from './pack';
import {
  mapped,
  type Packed,
  type PackedMask,
  type PackedTensor,
  packMasks,
  packTensor,
  packTensors,
  sameBits,
  unpackMasks,
  unpackTensor,
  unpackTensors,
} from './tensors';

/** To be raised when records mean something else than before: older ones are dropped then. */
const VERSION = 1;

/** All that is told of a finished training or card. */
export interface Told extends Pick<Trained, 'rows' | 'history'> {
  measured: Measured;
}
type RowKind = Omit<BareRow, 'step' | 'value'>;

export function packTold({ rows, history, measured }: Told): Uint8Array {
  const kinds: RowKind[] = [];
  const names = new Map<string, number>();
  const kind = Uint16Array.from(rows, ({ step: _, value: __, ...rest }) => {
    const name = JSON.stringify(rest);
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, kinds.length);
    return kinds.push(rest) - 1;
  });
  const step = Float64Array.from(rows, (row) => row.step);
  const value = Float64Array.from(rows, (row) => row.value);
  const { facts, test, val, stop } = measured;
  return pack(
    {
      v: VERSION,
      is: 'told',
      rows: { kinds, kind, step, value },
      history,
      measured: { facts, test, val, stop },
    },
    true,
  );
}
interface PackedTold {
  rows: { kinds: RowKind[]; kind: Uint16Array; step: Float64Array; value: Float64Array };
  history?: Told['history'];
  measured: Measured;
}
/** @throws Error for what is damaged or something else */
export function unpackTold(bytes: Uint8Array): Told {
  const { rows, history, measured } = opened<PackedTold>(bytes, 'told');
  return {
    rows: Array.from(rows.kind, (kind, i) => ({
      ...rows.kinds[kind],
      step: rows.step[i],
      value: rows.value[i],
    })),
    ...(history && { history }),
    measured,
  };
}

export const packStart = (start: Tensors): Uint8Array =>
  pack({ v: VERSION, is: 'start', tensors: packTensors(start) });
/** @throws Error for what is damaged or something else */
export const unpackStart = (bytes: Uint8Array): Tensors =>
  unpackTensors(opened<{ tensors: Packed<PackedTensor> }>(bytes, 'start').tensors);
/** Names it by what it holds: equal ones are kept once. */
export const startId = (bytes: Uint8Array): string => bytesToHex(sha256(bytes)).slice(0, 32);

interface PackedState {
  arch: Arch;
  quant: Quants;
  tensors: Packed<PackedTensor>;
  masks: Packed<PackedMask>;
  held?: Packed<PackedMask>;
  /** `same`: as in `tensors`. */
  final?: Packed<PackedTensor | 'same'>;
  /** Record of `start`. */
  start: string;
  trainings: number;
  steps: number;
  removed?: number;
}
/** @param start id of the record of `state.start` */
export function packState({ start: _, ...state }: NetState, start: string): Uint8Array {
  const { tensors, masks, held, final, ...rest } = state;
  const ended = (values: Float32Array, name: string): PackedTensor | 'same' =>
    tensors[name] && sameBits(values, tensors[name]) ? 'same' : packTensor(values);
  const packed: PackedState = {
    ...rest,
    tensors: packTensors(tensors),
    masks: packMasks(masks, tensors),
    ...(held && { held: packMasks(held, tensors) }),
    ...(final && { final: mapped(final, ended) }),
    start,
  };
  return pack({ v: VERSION, is: 'state', ...packed });
}
/** @throws Error for what is damaged or something else */
export function unpackState(bytes: Uint8Array): { state: Omit<NetState, 'start'>; start: string } {
  const { v: _, is: __, start, ...packed } = opened<PackedState & { v: number; is: string }>(bytes, 'state');
  const { masks, held, final, ...rest } = packed;
  const tensors = unpackTensors(packed.tensors);
  const ended = (one: PackedTensor | 'same', name: string) =>
    one === 'same' ? tensors[name] : unpackTensor(one);
  const state = {
    ...rest,
    tensors,
    masks: unpackMasks(masks, tensors),
    ...(held && { held: unpackMasks(held, tensors) }),
    ...(final && { final: mapped(final, ended) }),
  };
  return { state, start };
}

function opened<T>(bytes: Uint8Array, is: string): T {
  const found = unpack(bytes) as { v?: number; is?: string };
  if (found.v !== VERSION || found.is !== is) throw new Error(`not a record of ${is}`);
  return found as T;
}
