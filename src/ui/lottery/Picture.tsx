/** Dots on a canvas, crisp at any size, in the colours of the page; and the scale that goes with them. */
import { useEffect, useRef } from 'react';
import { useDark } from '../shell/useDark';
import { colourOf, type Dots, painted } from './pictures';
import classes from './ticket.module.css';

interface Props {
  dots: Dots;
  /** The picture in words. */
  label: string;
  /** Pixels of the page a dot; without it the picture is as wide as its place. */
  zoom?: number;
}
export function Picture({ dots, label, zoom }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes what the colours are.
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const style = getComputedStyle(canvas.current);
    const role = (name: string) => colourOf(style.getPropertyValue(name));
    const palette = { ground: role('--w-sunken'), high: role('--w-blue'), low: role('--w-orange') };
    context.clearRect(0, 0, dots.width, dots.height);
    context.putImageData(new ImageData(painted(dots, palette), dots.width, dots.height), 0, 0);
  }, [dots, dark]);
  return (
    <canvas
      ref={canvas}
      className={classes.canvas}
      width={dots.width}
      height={dots.height}
      style={zoom ? { width: dots.width * zoom } : undefined}
      role="img"
      aria-label={label}
    />
  );
}

/** From one end of the colours to the other, with what they stand for. */
export function Scale({
  from,
  to,
  label,
  signed,
}: {
  from: string;
  to: string;
  label: string;
  signed?: true;
}) {
  return (
    <p className={classes.scale}>
      <span>{from}</span>
      <i data-signed={signed} aria-hidden="true" />
      <span>{to}</span>
      <span>{label}</span>
    </p>
  );
}
