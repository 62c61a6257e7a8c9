/**
 * Reads a visitor's own files. What a file is, is told by its bytes and never by its name; names only say which
 * files are a test set (`test` or `t10k` in them).
 */
import { gunzipSync } from 'fflate';
import { isCifar, readCifar } from './cifar';
import { fitsIdx, isIdx, readIdx } from './idx';
import { isZip, readNpz } from './npz';
import { type OwnArray, type OwnFile, type OwnImages, type OwnPool, refuseFile } from './types';

const KNOWN = 'idx (also .gz), CIFAR-10 binary or NumPy .npz';
const TEST = /(^|[^a-z])(test|t10k)([^a-z]|$)/i;
type Content = { arrays: OwnArray[] } | { name: string; images: OwnImages };

/** @throws WinnowError (path `data`) that names the file, what was expected and what was found */
export function parseOwn(files: readonly OwnFile[]): OwnPool {
  const contents = files.map((file) => read(unpack(file)));
  const whole = contents.flatMap((c) => ('images' in c ? [c] : []));
  const arrays = contents.flatMap((c) => ('arrays' in c ? c.arrays : []));
  if (whole.length && arrays.length)
    throw refuseFile(arrays[0].name, 'more CIFAR-10 binary files', 'an array of another format');
  const part = (test: boolean): OwnImages | undefined => {
    const mine = <T extends { name: string }>(all: T[]) => all.filter(({ name }) => TEST.test(name) === test);
    const cifar = mine(whole);
    return cifar.length ? joined(cifar.map((c) => c.images)) : pair(mine(arrays));
  };
  const [train, test] = [part(false), part(true)];
  const images = train ?? test;
  if (!images) throw refuseFile('files', KNOWN, 'none');
  if (!train || !test) return { images };
  if (train.shape.join() !== test.shape.join())
    throw refuseFile('test images', train.shape.join(' x '), test.shape.join(' x '));
  return { images, test };
}

function unpack({ name, bytes }: OwnFile): OwnFile {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { name, bytes };
  try {
    return { name, bytes: gunzipSync(bytes) };
  } catch (error) {
    throw refuseFile(name, 'gzip', `a damaged one (${error instanceof Error ? error.message : error})`);
  }
}

function read(file: OwnFile): Content {
  // The first pixels of a CIFAR-10 image may look like an idx header, but not one that fits the length.
  if (isIdx(file.bytes) && (fitsIdx(file) || !isCifar(file.bytes))) return { arrays: [readIdx(file)] };
  if (isZip(file.bytes)) return { arrays: readNpz(file) };
  if (isCifar(file.bytes)) return { name: file.name, images: readCifar(file) };
  const start = Array.from(file.bytes.subarray(0, 4), (b) => b.toString(16).padStart(2, '0')).join(' ');
  throw refuseFile(
    file.name,
    KNOWN,
    file.bytes.length ? `${file.bytes.length} bytes from ${start}` : 'nothing',
  );
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** One array of images [n, h, w] or [n, h, w, c] and one of labels [n] or [n, 1]. */
function pair(arrays: OwnArray[]): OwnImages | undefined {
  if (arrays.length === 0) return undefined;
  const isLabels = ({ shape }: OwnArray) => product(shape) === shape[0];
  const [images, ...moreImages] = arrays.filter((a) => !isLabels(a));
  const [labels, ...moreLabels] = arrays.filter(isLabels);
  const shapes = arrays.map((a) => `${a.name} ${a.shape.join(' x ')}`).join(', ');
  if (!images || !labels || moreImages.length || moreLabels.length)
    throw refuseFile(arrays[0].name, 'one array of images and one of labels', shapes);
  const [n, h, w, c = 1, ...rest] = images.shape;
  if (!w || rest.length || (c !== 1 && c !== 3) || h > 256 || w > 256)
    throw refuseFile(
      images.name,
      'images [n, height, width] or [n, height, width, 1 or 3] of at most 256 x 256',
      images.shape.join(' x '),
    );
  if (labels.shape[0] !== n) throw refuseFile(labels.name, `${n} labels`, `${labels.shape[0]}`);
  return { shape: [h, w, c], count: n, pixels: images.values, labels: labels.values };
}

function joined(parts: OwnImages[]): OwnImages {
  const concat = (of: 'pixels' | 'labels') => {
    const out = new Uint8Array(parts.reduce((sum, p) => sum + p[of].length, 0));
    let at = 0;
    for (const p of parts) {
      out.set(p[of], at);
      at += p[of].length;
    }
    return out;
  };
  const count = parts.reduce((sum, p) => sum + p.count, 0);
  return { shape: parts[0].shape, count, pixels: concat('pixels'), labels: concat('labels') };
}
