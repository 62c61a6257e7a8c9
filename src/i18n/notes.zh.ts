/** 方法在结果之外要说的话。 */
export const notesZh = {
  floor: '按全局排序，{{layers}} 会低于下限：那里保留了 {{weights}} 个权重，改从其他层剪去同样多。',
  floorShort:
    '受各层下限所限，{{asked}} 个权重中只能剪去 {{removed}} 个：剩余 {{share}}，而不是 {{wantedShare}}。',
  blocks: '剪去 {{of}} 个块中的 {{removed}} 个；边缘不完整的块也算作一块。',
  nmForm: '这里没有 {{keep}}:{{of}} 的专用内核，按单个权重执行：N 至多为 M 的一半，M 为 4、8 或 16。',
  threshold: '{{of}} 个权重中有 {{removed}} 个低于阈值（{{share}}）。',
} as const;
