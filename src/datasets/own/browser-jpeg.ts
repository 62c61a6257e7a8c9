/**
 * JPEG by the browser's own decoder, without colour management. Browsers round differently here and there, so the
 * same files can become another data set in another browser; the page says so.
 */
export async function browserJpeg(bytes: Uint8Array) {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' });
  const image = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const { width, height } = image;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const pixels = new Uint8Array(width * height * 3);
    for (let from = 0, to = 0; from < data.length; from += 4)
      for (let c = 0; c < 3; c++) pixels[to++] = data[from + c];
    return { width, height, pixels };
  } finally {
    image.close();
  }
}
