/**
 * Labelled images from a parquet file as Hugging Face keeps them: a struct column with the encoded image in its
 * field `bytes`, and a column of integer labels. The reader (hyparquet) is fetched with the first such file.
 */
import { messageOf } from '../../spec/problem';
import { Unreadable } from './unreadable';

export interface ParquetImages {
  /** One encoded image (PNG, as a rule) per row. */
  encoded: Uint8Array[];
  labels: number[];
}

const MAGIC = [0x50, 0x41, 0x52, 0x31];

export const isParquet = (bytes: Uint8Array): boolean =>
  bytes.length >= 12 && MAGIC.every((b, i) => bytes[i] === b && bytes[bytes.length - 4 + i] === b);

/**
 * Reads one row group at a time and lets other work in between.
 * @param columns their names; where left out, the only column with images and `label` or the only one of integers
 * @throws Unreadable for damage, a compression other than snappy, and columns that do not fit
 */
export async function readParquet(
  bytes: Uint8Array,
  columns: { image?: string; label?: string } = {},
): Promise<ParquetImages> {
  if (!isParquet(bytes)) throw new Unreadable('a parquet file', 'something else');
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import('hyparquet');
  const file = {
    byteLength: bytes.length,
    slice: (from: number, to?: number) => bytes.slice(from, to).buffer as ArrayBuffer,
  };
  try {
    const metadata = parquetMetadata(bytes);
    const found = pick(parquetSchema(metadata), columns);
    const out: ParquetImages = { encoded: [], labels: [] };
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const names = [found.image, found.label];
      // Bytes without a string's annotation are bytes.
      const options = { file, metadata, columns: names, rowStart, rowEnd, utf8: false };
      for (const row of await parquetReadObjects(options)) add(out, row[found.image], row[found.label]);
      rowStart = rowEnd;
      await new Promise((resolve) => setTimeout(resolve));
    }
    return out;
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable('a parquet file', `one that cannot be read (${messageOf(error)})`);
  }
}

type Tree = ReturnType<typeof import('hyparquet').parquetSchema>;

function pick({ children }: Tree, { image, label }: { image?: string; label?: string }) {
  const all = children.map(({ element }) => element.name).join(', ') || 'none';
  const holdsImages = ({ element, children: fields }: Tree) =>
    fields.some((f) => f.element.name === 'bytes' && f.element.type === 'BYTE_ARRAY') ||
    (element.type === 'BYTE_ARRAY' && element.converted_type === undefined && !element.logical_type);
  const isInteger = ({ element }: Tree) =>
    (element.type === 'INT32' || element.type === 'INT64') &&
    element.repetition_type !== 'REPEATED' &&
    (element.logical_type?.type ?? 'INTEGER') === 'INTEGER';
  const choose = (fits: (c: Tree) => boolean, wanted: string | undefined, usual: string, what: string) => {
    const fit = children.filter(fits).map(({ element }) => element.name);
    const name = wanted ?? (fit.length > 1 && fit.includes(usual) ? usual : fit[0]);
    if (name === undefined || !fit.includes(name) || (!wanted && fit.length > 1 && name !== usual))
      throw new Unreadable(wanted ? `a column ${wanted} of ${what}` : `one column of ${what}`, all);
    return name;
  };
  return {
    image: choose(holdsImages, image, 'image', 'encoded images'),
    label: choose(isInteger, label, 'label', 'integer labels'),
  };
}

function add(out: ParquetImages, image: unknown, label: unknown): void {
  const encoded = image instanceof Uint8Array ? image : (image as { bytes?: unknown } | null)?.bytes;
  const row = `row ${out.labels.length}`;
  if (!(encoded instanceof Uint8Array)) throw new Unreadable('an image in every row', `none in ${row}`);
  const number = Number(label ?? Number.NaN);
  if (!Number.isInteger(number)) throw new Unreadable('a label in every row', `${label} in ${row}`);
  out.encoded.push(encoded);
  out.labels.push(number);
}
