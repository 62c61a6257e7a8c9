/** 拆解彩票的研究：剪枝准则、符号、被剪权重的处理。 */
export const deconstructZh = {
  criteria: {
    title: '该保留哪些权重',
    about:
      '同一个训练好的网络，每种准则一个掩码。“训练后加掩码”：不再做别的；“未训练”：把掩码用在初始权重上。',
    column: '准则',
  },
  signs: {
    title: '初始权重中什么重要',
    about: '使用彩票的掩码；保留的权重改从别的值开始，再重新训练。',
    column: '初始值',
    values: { redraw: '重新抽取', reshuffle: '重排', constant: '± 常数' },
  },
  'mask-zero': {
    title: '被剪的权重变成什么',
    about: '使用同一个训练好的网络的掩码；保留的权重从初始值重新开始。',
    column: '被剪的权重',
    values: {
      freeze: '冻结在初始值',
      'freeze-shrunk': '冻结，变小过的置零',
      'freeze-shrunk-start': '冻结；变小过的一律从零开始',
    },
  },
  line: {
    masked: '训练后加掩码',
    init: '未训练，初始值',
    constant: '未训练，带符号常数',
    retrain: '从初始值重新训练',
    ticket: '彩票：回卷到 w₀',
    own: '其他值，其他符号',
    original: '其他值，保留 w₀ 的符号',
    zero: '置零（彩票）',
    held: '此做法',
  },
  arm: {
    own: '{{small}}，其他符号',
    original: '{{small}}，保留 w₀ 的符号',
    zero: '置零（彩票）',
    held: '{{small}}',
  },
  subtitle_zero: '测试准确率与剩余权重',
  subtitle_one: '{{at}}的测试准确率与剩余权重，一个种子',
  subtitle_other: '{{at}}的测试准确率与剩余权重，{{count}} 个种子的均值与最小–最大范围',
  at: { stop: '早停时', end: '训练结束时' },
  said: '{{small}}，{{line}}：剩余 {{share}} 时为 {{accuracy}}',
  round: {
    title: '剩余 {{share}} 权重时的比较',
    subtitle: '第 {{round}} 轮；平均测试准确率，括号内为各种子的范围；同列中颜色越深越好',
    slider: '轮次',
    spread: '{{min}} 至 {{max}}',
  },
} as const;
