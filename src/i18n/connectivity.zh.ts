/** Chinese for connectivity.en.ts. */
export const connectivityZh = {
  error: {
    title: '两份副本之间连线上的错误率',
    none: '同一网络的两份副本，各用不同的数据顺序继续训练',
    subtitle_one: '副本在第 {{k}} 步分开 · {{images}}，1 个种子',
    subtitle_other: '副本在第 {{k}} 步分开 · {{images}}，{{count}} 个种子的均值与最小–最大范围',
    label: '用哪些图像',
    of: { test: '测试图像', val: '验证图像' },
    short: { test: '测试', val: '验证' },
    legend: '在第 {{k}} 步分开的副本',
    axis: '从一份副本（0）到另一份（1）',
    tip: '走到 {{alpha}}：错误率 {{error}}',
  },
  loss: {
    title: '连线上的损失',
    subtitle: '验证损失 · 副本在第 {{k}} 步分开',
    none: '验证损失',
    tip: '走到 {{alpha}}：损失 {{loss}}',
  },
  rise: {
    title: '不稳定度',
    subtitle: '途中错误率的升高，百分点',
    axis: '副本分开的步数',
    level: '低于 {{points}} 个百分点即稳定',
    waiting: '还没有完整的连线。',
    tip: '在第 {{k}} 步分开：{{points}} 个百分点',
    use: '显示这一步',
  },
  slider: '副本分开的步数',
  position: '第 {{k}} 步，第 {{at}} 个，共 {{all}} 个',
  seeds: '{{seeds}} 个种子：{{min}} 至 {{max}}',
  oneSeed: '1 个种子',
  says: {
    rises_one: '在第 {{k}} 步分开时，途中错误率升高 {{points}} 个百分点（1 个种子）。',
    rises_other:
      '在第 {{k}} 步分开时，途中错误率升高 {{points}} 个百分点（{{min}} 至 {{max}}，{{count}} 个种子）。',
    waiting: '还没有测量结果：先要训练好在某一步分开的两份副本。',
    partly: '还没有测完所有步数。',
    line: '第 {{k}} 步：{{points}} 个百分点，{{spread}}',
    how: '数字是测试图像的错误率在连线上比两端均值升高的百分点。Frankle 等（2020）把低于 {{limit}} 称为训练稳定。',
    going: '在第 {{k}} 步分开的副本，其连线仍在测量中。',
    from_one: '从第 {{k}} 步起，两份副本落入同一个山谷：升高不到 {{limit}} 个百分点，但只有 1 个种子。',
    from_other: '从第 {{k}} 步起，两份副本落入同一个山谷：{{count}} 个种子的升高都不到 {{limit}} 个百分点。',
    always_one: '无论在哪一步分开，两份副本都落入同一个山谷：升高不到 {{limit}} 个百分点，但只有 1 个种子。',
    always_other:
      '无论在哪一步分开，两份副本都落入同一个山谷：{{count}} 个种子的升高都不到 {{limit}} 个百分点。',
    never_one:
      '在目前测量的各步上，两份副本都还没有落入同一个山谷（升高 {{limit}} 个百分点或更多，1 个种子）。',
    never_other:
      '在目前测量的各步上，都还没有做到 {{count}} 个种子的升高全部低于 {{limit}} 个百分点：副本之间隔着一道屏障。',
    norms: '连线上的每一点都重新测量批归一化的统计量。',
  },
  column: {
    k: '分开的步数',
    alpha: '位置',
    mean: '均值',
    min: '最小',
    max: '最大',
    seeds: '种子数',
    points: '百分点',
  },
} as const;
