/**
 * Sample digits as pen strokes in a unit square (x right, y down), for those who cannot or do not want to
 * draw. They are shapes of our own, not images of any data set.
 */
export type Stroke = readonly (readonly [number, number])[];

/** Points of an ellipse's arc, angles in turns, clockwise from the right. */
function arc(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  from: number,
  to: number,
  n = 24,
): [number, number][] {
  return Array.from({ length: n + 1 }, (_, i) => {
    const a = 2 * Math.PI * (from + ((to - from) * i) / n);
    return [cx + rx * Math.cos(a), cy + ry * Math.sin(a)];
  });
}
export const DIGITS: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.24, 0.34, 0, 1)],
  [
    [
      [0.4, 0.28],
      [0.53, 0.16],
      [0.5, 0.84],
    ],
  ],
  [[...arc(0.5, 0.34, 0.22, 0.18, -0.5, 0.1), [0.28, 0.82], [0.76, 0.82]]],
  [arc(0.47, 0.33, 0.2, 0.17, -0.42, 0.25), arc(0.47, 0.67, 0.23, 0.18, -0.25, 0.42)],
  [
    [
      [0.36, 0.16],
      [0.28, 0.54],
      [0.76, 0.54],
    ],
    [
      [0.66, 0.2],
      [0.62, 0.86],
    ],
  ],
  [[[0.72, 0.17], [0.36, 0.17], [0.33, 0.46], ...arc(0.48, 0.64, 0.22, 0.2, -0.32, 0.4)]],
  [[[0.64, 0.14], [0.42, 0.32], [0.3, 0.6], ...arc(0.49, 0.66, 0.19, 0.18, -0.5, 0.5)]],
  [
    [
      [0.26, 0.18],
      [0.74, 0.18],
      [0.58, 0.5],
      [0.46, 0.86],
    ],
  ],
  [arc(0.5, 0.33, 0.18, 0.17, 0.25, 1.25), arc(0.5, 0.68, 0.22, 0.18, -0.25, 0.75)],
  [[...arc(0.5, 0.35, 0.2, 0.19, 0, 1), [0.7, 0.36], [0.66, 0.6], [0.56, 0.86]]],
];
