/** 方法在结果之外要说的话。 */
export const notesZh = {
  floor: '下限在 {{layers}} 中保住了 {{weights}} 个权重，其他层因此多剪同样多。',
  floorShort: '各层下限所限，已无更多可剪：剩余 {{share}}，而不是 {{wantedShare}}。',
  blocks: '{{of}} 个块中剪去 {{removed}} 个。',
  shapeForm: '{{layers}} 没有能利用这种形状的计算核，不会因此变快。',
  threshold: '{{of}} 个权重中有 {{removed}} 个低于阈值（{{share}}）。',
  thresholdLayers: '各层剪去：{{list}}。',
} as const;
