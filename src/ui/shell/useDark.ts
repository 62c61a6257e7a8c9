import { useComputedColorScheme } from '@mantine/core';

/** True while the dark scheme is shown, be it chosen or the system's. */
export const useDark = (): boolean =>
  useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
