/** Parquet files with encoded images and integer labels; the names of the classes where the file has them. */
import { readParquet } from '../decode/parquet';
import { Unreadable } from '../decode/unreadable';
import { gather } from './folder';
import { type Decoded, type Decoder, decodeAll } from './images';
import { naturally, type PartName, partOfName } from './parts';
import { refuse } from './problems';
import type { OwnFile, Work } from './types';

/** @throws WinnowError that names the file and the row at fault */
export async function fromParquet(files: readonly OwnFile[], decode: Decoder, work: Work) {
  const images: Decoded[] = [];
  const what: { label: string; part: PartName }[] = [];
  let names: readonly string[] | undefined;
  for (const file of [...files].sort((a, b) => naturally(a.name, b.name))) {
    await work.turn();
    const { encoded, labels } = await rows(file);
    names ??= await classNames(file.bytes);
    const part = partOfName(file.name) ?? 'train';
    const all = encoded.map((bytes, i) => ({ name: `${file.name} #${i}`, bytes }));
    const decoded = await decodeAll(all, decode, work, images.length, images.length + all.length);
    const [first, one] = [images[0], decoded[0]];
    if (first && one && (first.width !== one.width || first.height !== one.height))
      throw refuse('size', {
        first: files[0].name,
        expected: `${first.height} x ${first.width}`,
        name: file.name,
        found: `${one.height} x ${one.width}`,
      });
    for (const [i, image] of decoded.entries()) {
      images.push(image);
      what.push({ label: String(labels[i]), part });
    }
  }
  return { ...gather(images, what), names };
}

async function rows({ name, bytes }: OwnFile) {
  try {
    return await readParquet(bytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw refuse('decode', { name, expected: error.expected, found: error.found });
  }
}

/** Hugging Face writes the features of the data set into the file's metadata. */
async function classNames(bytes: Uint8Array): Promise<readonly string[] | undefined> {
  const { parquetMetadata } = await import('hyparquet');
  try {
    const { key_value_metadata: pairs } = parquetMetadata(bytes.slice().buffer);
    const text = pairs?.find(({ key }) => key === 'huggingface')?.value;
    const found = Object.values(JSON.parse(text ?? '{}').info?.features ?? {}) as { names?: unknown }[];
    const lists = found.flatMap(({ names }) =>
      Array.isArray(names) && names.every((n) => typeof n === 'string') ? [names as string[]] : [],
    );
    return lists.length === 1 ? lists[0] : undefined;
  } catch {
    return undefined;
  }
}
