/** Every way in which own files are refused, as one English sentence each; the page has them in its languages. */
import { WinnowError } from '../../spec/problem';

export const ownProblems = {
  none: 'no files were given; expected images with labels',
  unknown:
    '{{name}}: expected idx (also .gz), CIFAR binary (.bin or .tar.gz), NumPy .npz, a PNG sprite with labels, images in one folder per class (also zipped), or parquet; found {{found}}',
  damaged: '{{name}}: expected {{what}}, found a damaged one ({{reason}})',
  length: '{{name}}: expected {{expected}} bytes for {{shape}}, found {{found}}',
  values: '{{name}}: expected {{expected}}, found {{found}}',
  range: '{{name}}: expected values from 0 to 255, found another at {{at}}',
  pair: '{{name}}: expected one array of images and one of labels for each part, found {{found}}',
  shape:
    '{{name}}: expected images [n, height, width] or [n, height, width, 1 or 3] with {{min}} to {{max}} pixels a side, found {{found}}',
  labels: '{{name}}: expected {{expected}} labels, one for every image, found {{found}}',
  text: '{{name}}: expected a label for every image, as a JSON list or one a line, found {{found}}',
  mixed: '{{name}}: expected only files that belong to {{format}}, found {{found}}',
  size: '{{name}} is {{found}} and {{first}} is {{expected}}: all images must have the same size',
  side: '{{name}}: expected an image of {{min}} to {{max}} pixels a side, found {{found}}',
  folder:
    '{{name}}: expected every image in a folder named like its class, or one sprite with a file of labels; found an image in no folder',
  sprite:
    '{{name}}: expected {{count}} square images, one a row or as tiles, found {{found}} pixels that cannot be divided so',
  jpeg: '{{name}}: JPEG can be decoded only by a browser; expected PNG here',
  image: '{{name}}: expected a PNG or JPEG image, found {{found}}',
  decode: '{{name}}: expected {{expected}}, found {{found}}',
  classes: 'expected {{min}} to {{max}} classes, found {{found}}',
  few: 'expected at least {{min}} images, found {{found}}',
  many: 'expected at most {{max}} images, found {{found}}',
  memory: 'expected at most {{max}} MB of pixels, found {{found}} MB',
  given: 'expected files of at most {{max}} MB together, found {{found}} MB',
  unpacked: '{{name}}: expected at most {{max}} MB when unpacked, found more',
  nested: '{{name}}: expected archives inside archives at most {{max}} deep, found a deeper one',
  parts: 'expected images of one size in training and test, found {{expected}} and {{found}}',
  empty: 'expected images for training, validation and test, found none left for {{split}}',
  untrained: 'expected images of every class for training, found none of {{class}}',
  missing: 'the images {{id}} are not in this browser: drop the same files here to run this experiment',
  unread: '{{name}} could not be read ({{reason}})',
  storage: '{{name}} could not be kept in this browser ({{reason}}): it is usable until the page is closed',
  unopened: 'the images {{id}} could not be read from this browser’s storage ({{reason}})',
} as const;

export type OwnCode = keyof typeof ownProblems;
type Values = Record<string, string | number>;

/** A refusal of own files, or of a part of them: what was expected, what was found. */
export function refuse(code: OwnCode, values: Values = {}): WinnowError {
  const message = ownProblems[code].replace(/{{(\w+)}}/g, (_, name: string) => String(values[name]));
  return new WinnowError({ code: `own.${code}`, path: 'data', message, values });
}
export const sizeOf = (shape: readonly number[]): string => shape.join(' x ');
