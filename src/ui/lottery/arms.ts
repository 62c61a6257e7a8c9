/** How arms look and what they are called: the same everywhere in the view, whatever else is on the chart. */

interface Look {
  color: string;
  /** Dash pattern in pixels: more arms than colours, and colours are not everybody's. */
  dash?: string;
}
const LOOKS: Readonly<Record<string, Look>> = {
  dense: { color: 'var(--w-muted)', dash: '4 3' },
  ticket: { color: 'var(--w-blue)' },
  reinit: { color: 'var(--w-orange)' },
  shuffle: { color: 'var(--w-purple)' },
  finetune: { color: 'var(--w-green)' },
  late: { color: 'var(--w-pink)' },
  'lr-rewind': { color: 'var(--w-green)', dash: '7 3' },
  random: { color: 'var(--w-grey)' },
  'small-dense': { color: 'var(--w-text)', dash: '2 3' },
  'one-shot': { color: 'var(--w-blue)', dash: '7 3' },
  units: { color: 'var(--w-green)', dash: '2 3' },
  'scratch-e': { color: 'var(--w-orange)', dash: '7 3' },
  'scratch-b': { color: 'var(--w-orange)', dash: '2 3' },
  'bernoulli-init': { color: 'var(--w-blue)', dash: '7 3' },
  'bernoulli-init-rescaled': { color: 'var(--w-blue)' },
  'bernoulli-constant': { color: 'var(--w-purple)', dash: '7 3' },
  'bernoulli-constant-rescaled': { color: 'var(--w-purple)' },
  'edge-popup-init-50': { color: 'var(--w-orange)' },
  'edge-popup-init-30': { color: 'var(--w-orange)', dash: '7 3' },
  'edge-popup-init-10': { color: 'var(--w-orange)', dash: '2 3' },
  'edge-popup-constant-50': { color: 'var(--w-green)' },
  'edge-popup-constant-30': { color: 'var(--w-green)', dash: '7 3' },
  'edge-popup-constant-10': { color: 'var(--w-green)', dash: '2 3' },
};
const MORE = ['var(--w-purple)', 'var(--w-green)', 'var(--w-pink)', 'var(--w-grey)'] as const;

/** Kinds with several parts name arms `part/arm`. */
export const plainArm = (arm: string): string => arm.slice(arm.lastIndexOf('/') + 1);

/** Arms that a setting switches on, where it is not called like its arm; the first gives the colour. */
const SWITCHED: Readonly<Record<string, string>> = {
  small: 'small-dense',
  lrRewind: 'lr-rewind',
  oneShot: 'one-shot',
  scratch: 'scratch-e',
};
export const armOfFlag = (flag: string): string => SWITCHED[flag] ?? flag;
export const hasLook = (arm: string): boolean => Object.hasOwn(LOOKS, arm);

/** Of an arm; one that is not known here gets a look by its name, so that it keeps it. */
export function lookOf(id: string): Look {
  const arm = plainArm(id);
  if (hasLook(arm)) return LOOKS[arm];
  let sum = 0;
  for (const c of arm) sum += c.charCodeAt(0);
  return { color: MORE[sum % MORE.length], dash: sum % 2 === 0 ? '7 3' : undefined };
}
