/** Colours of arms, the same on every chart. */
const MORE = ['var(--w-purple)', 'var(--w-green)', 'var(--w-pink)', 'var(--w-grey)'];

/** Ticket and its control keep their colours whatever else there is. */
export function colorsOf(arms: readonly string[]): Map<string, string> {
  const others = arms.filter((a) => a !== 'ticket' && a !== 'reinit');
  const rest = others.map((a, i) => [a, MORE[i % MORE.length]] as const);
  return new Map([['ticket', 'var(--w-blue)'], ['reinit', 'var(--w-orange)'], ...rest]);
}
