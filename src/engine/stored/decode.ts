/** Reads what `encode` wrote, and nothing else. */
import type { Arch } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { crc32 } from '../crc32';
import { rebuilt, writtenArch } from './arch';
import {
  checksumAt,
  type Entry,
  type Header,
  inner,
  manifest,
  noChecksum,
  type Place,
  readHeader,
} from './header';
import { MOST_ENTRIES } from './limits';
import { readKernel, readPlain } from './read';
import { altered, damaged } from './refuse';
import { patternsOf } from './source';
import { type KernelSlot, kernelSlots, pairsOf, plainTensors } from './tensors';
import {
  addBytes,
  type Decoded,
  type FileFacts,
  NO_BYTES,
  type StoredCodes,
  type StoredTensor,
  sumBytes,
} from './types';

/**
 * @param name of the file, for messages
 * @throws WinnowError that names the file, and what was expected and found, if it is cut short, altered, of another
 *   version, or not a Winnow file
 */
export function decode(file: Uint8Array, name = 'compressed network'): Decoded {
  const header = readHeader(file, name);
  const sum = checksum(file);
  if (sum !== header.crc32) altered(name, header.crc32, sum);
  const arch = readArch(header, name);
  const told = inner(manifest, header.manifest, name, 'manifest');
  const pairs = pairsOf(arch);
  const listed = (told.pairs ?? []).join(', ');
  if (listed !== Object.keys(pairs).join(', '))
    damaged(name, 'manifest', `pairs ${Object.keys(pairs).join(', ') || 'none'}`, listed || 'none');
  checkNames(header.places, arch, name);
  const reader = new Reader(file.subarray(header.at), name, new Map(Object.entries(told.tensors)), arch);
  for (const [tensor, place] of header.places) reader.read(tensor, place);
  return { ...reader.result(), arch, facts: factsOf(header, reader.stored, pairs) };
}

/** Of the file with zeros for the digits. */
function checksum(file: Uint8Array): string {
  const zeros = new TextEncoder().encode(noChecksum);
  return crc32(file.subarray(0, checksumAt), zeros, file.subarray(checksumAt + zeros.length));
}

function readArch(header: Header, name: string): Arch {
  const written = inner(writtenArch, header.arch, name, 'arch');
  let arch: Arch;
  try {
    arch = rebuilt(written);
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    return damaged(name, 'arch', 'layers that fit together', error.message);
  }
  const entries = [...kernelSlots(arch), ...plainTensors(arch)].reduce((sum, { length }) => sum + length, 0);
  if (!(entries <= MOST_ENTRIES)) damaged(name, 'arch', `at most ${MOST_ENTRIES} weights`, entries);
  return arch;
}

/** Each tensor of the network once, and no other but values of pruned weights. */
function checkNames(places: Header['places'], arch: Arch, name: string): void {
  const plain = plainTensors(arch).filter(({ length }) => length > 0);
  const slots = kernelSlots(arch);
  const more = new Set(slots.map((slot) => slot.pruned));
  const expected = [...slots, ...plain].map((t) => t.name).sort();
  const found = places
    .map(([tensor]) => tensor)
    .filter((tensor) => !more.has(tensor))
    .sort();
  const at = expected.findIndex((tensor, i) => tensor !== found[i]);
  if (at >= 0) damaged(name, 'header', `tensor ${expected[at]}`, (found[at] ?? 'none').slice(0, 100));
  if (found.length > expected.length) damaged(name, 'header', `${expected.length} tensors`, found.length);
}

class Reader {
  readonly stored: StoredTensor[] = [];
  readonly #tensors: Record<string, Float32Array> = {};
  readonly #codes: Record<string, StoredCodes> = {};
  readonly #pruned: Record<string, Float32Array> = {};
  readonly #slots: KernelSlot[];
  constructor(
    readonly payload: Uint8Array,
    readonly name: string,
    readonly entries: ReadonlyMap<string, Entry>,
    readonly arch: Arch,
  ) {
    this.#slots = kernelSlots(arch);
    const kernels = new Set(this.#slots.map((slot) => slot.name));
    for (const tensor of entries.keys())
      if (!kernels.has(tensor)) damaged(name, 'manifest', 'kernels of the network', tensor.slice(0, 100));
  }

  read(tensor: string, place: Place): void {
    const { name } = this;
    const entry = this.entries.get(tensor);
    const blob = this.payload.slice(...place.data_offsets) as Uint8Array<ArrayBuffer>;
    const slot = this.#slots.find((s) => s.name === tensor || s.pruned === tensor);
    if (slot?.pruned === tensor) {
      const { values, stored } = readPlain(name, tensor, place.shape, place, blob);
      this.#pruned[slot.name] = values;
      this.stored.push(stored);
      return;
    }
    if (!slot) {
      this.#split(tensor, place, blob);
      return;
    }
    const { values, stored, codes } = readKernel({ name, slot, place, entry, blob });
    this.#tensors[tensor] = values;
    if (codes) this.#codes[tensor] = codes;
    this.stored.push(stored);
  }

  /** Biases or norms. */
  #split(tensor: string, place: Place, blob: Uint8Array<ArrayBuffer>): void {
    const group = plainTensors(this.arch).find((g) => g.name === tensor)!;
    const { values, stored } = readPlain(this.name, tensor, [group.length], place, blob, group.name);
    let at = 0;
    for (const { name, length } of group.tensors) {
      this.#tensors[name] = new Float32Array(values.buffer.slice(at * 4, (at + length) * 4));
      at += length;
    }
    this.stored.push(stored);
  }

  result(): Pick<Decoded, 'tensors' | 'masks' | 'codes' | 'pruned'> {
    const masks: Record<string, Uint8Array> = {};
    for (const slot of this.#slots) {
      const mask = maskOf(this.#tensors[slot.name]);
      if (mask) masks[slot.name] = mask;
      const values = this.#pruned[slot.name];
      const zeros = mask ? mask.reduce((n, kept) => n + 1 - kept, 0) : 0;
      if (values && values.length !== zeros)
        damaged(this.name, slot.pruned, `${zeros} values`, values.length);
    }
    return { tensors: this.#tensors, masks, codes: this.#codes, pruned: this.#pruned };
  }
}

/** 0 at every +0; nothing where there is none. */
function maskOf(values: Float32Array): Uint8Array | undefined {
  const patterns = patternsOf(values);
  if (!patterns.includes(0)) return undefined;
  const mask = new Uint8Array(patterns.length);
  for (let i = 0; i < mask.length; i++) mask[i] = patterns[i] === 0 ? 0 : 1;
  return mask;
}

function factsOf(header: Header, tensors: StoredTensor[], pairs: FileFacts['pairs']): FileFacts {
  const parts = tensors.map((t) => t.parts).reduce(addBytes, { ...NO_BYTES, header: header.at });
  return { bytes: sumBytes(parts), parts, tensors, pairs };
}
