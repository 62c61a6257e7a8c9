/** Strings of charts, tiles, inspector and run tray. */
export const chartsEn = {} as const;
