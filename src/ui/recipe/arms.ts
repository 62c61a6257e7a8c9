/** Colours of arms, in the order of the fork, the same on cards and in charts. */
const COLORS = ['--w-blue', '--w-orange', '--w-green', '--w-purple', '--w-pink', '--w-grey'] as const;
export const armColor = (_arm: string, index: number): string => `var(${COLORS[index % COLORS.length]})`;
