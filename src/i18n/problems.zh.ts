export const problemsZh = {} as const;
