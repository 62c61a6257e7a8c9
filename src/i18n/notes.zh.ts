/** 方法在结果之外要说的话。 */
export const notesZh = {
  floor: '下限在 {{layers}} 中保住了 {{weights}} 个权重，其他层因此多剪同样多。',
  floorShort: '各层下限所限，已无更多可剪：剩余 {{share}}，而不是 {{wantedShare}}。',
  blocks: '{{of}} 个块中剪去 {{removed}} 个。',
  shapeForm: '{{layers}} 没有能利用这种形状的计算核，不会因此变快。',
  threshold: '{{of}} 个权重中有 {{removed}} 个低于阈值（{{share}}）。',
  thresholdLayers: '各层比例：{{list}}。',
  frozen: '{{pruned}} 个被剪权重中有 {{held}} 个冻结在初始值，其余为零。',
  beganAtZero: '{{began}} 个保留的权重在训练中变小，从零开始。',
  unitsFloor: '{{groups}} 本会失去全部单元，各保留一个。',
  unitsMasked: '{{of}} 个单元中屏蔽了 {{removed}} 个：网络大小不变，耗时也不变。',
  compacted: '{{of}} 个单元中移除了 {{removed}} 个；其中 {{folded}} 个只输出常数，已并入读取它们的层的偏置。',
  compactStuck: '{{stuck}} 个不起作用的单元保留：其常数遇到填充、无偏置的层或量化范围。',
  smallDense: '用 {{weights}} 个权重的稠密网络对应剩余的 {{left}} 个权重。',
  smallDenseLeast:
    '每个隐藏层只留一个单元也需要 {{weights}} 个权重，多于剩余的 {{left}} 个：两者大小并不相等。',
} as const;
