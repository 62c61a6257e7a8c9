import { useEffect, useRef } from 'react';
import classes from './data.module.css';

interface SampleProps {
  shape: readonly [number, number, number];
  /** [h, w, c]. */
  pixels: Uint8Array;
  /** In place of a small square. */
  className?: string;
}
/** One image as it is, its pixels not smoothed. */
export function Sample({
  shape: [height, width, channels],
  pixels,
  className = classes.sample,
}: SampleProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++)
      for (let c = 0; c < 4; c++)
        image.data[i * 4 + c] = c === 3 ? 255 : pixels[i * channels + (channels === 1 ? 0 : c)];
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [height, width, channels, pixels]);
  return <canvas ref={canvas} width={width} height={height} className={className} aria-hidden />;
}
