/** 学习掩码研究的文字。 */
export const supermasksZh = {
  bars: {
    title: '不训练任何权重的准确率',
    axis: '测试准确率',
    published: '所在行的已发表结果（Zhou 等，2019）',
    tip: '已发表：{{value}}',
    epochs: '此处的掩码约训练 {{ours}} 轮，论文中的伯努利掩码训练 {{paper}} 轮。',
  },
  curves: {
    title: '学习曲线',
    subtitle: '当前掩码的验证准确率，各种子的均值与最小–最大范围',
    step: '第 {{step}} 步：验证准确率',
  },
  shares: {
    title: '掩码保留了什么',
    subtitle: '各层保留的权重比例，各种子的均值',
    all: '全部',
    likely: 'p > ½',
    sampled: '10 次抽取',
    drawn: '“p > ½”与“10 次抽取”：最终掩码的验证准确率，以及十个抽取掩码的平均值。',
    csv: '保存为 CSV',
  },
};
