/** 图表、指标、检查器与运行记录的文字。 */
export const chartsZh = {} as const;
