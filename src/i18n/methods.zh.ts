export const methodsZh = {} as const;
