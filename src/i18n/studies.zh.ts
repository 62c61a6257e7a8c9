/** 研究本身的文字：预设、说明、已发表的结果。 */
export const studiesZh = {
  preset: {
    minute: {
      title: '一分钟',
      text: '六轮，每轮 600 步：彩票与其重新初始化的副本。与实验室中的预设是同一批训练。',
    },
    quick: {
      title: '快速',
      text: 'LeNet-300-100 剪到 2.9 % 的权重，步数为论文的十分之一；两种对照，三个种子。',
    },
    'five-seeds': {
      title: '五个种子',
      text: '十二轮，每轮 5,000 步，彩票对两种对照，误差带更可靠。',
    },
    paper: {
      title: '按论文设置',
      text: '二十轮，每轮 50,000 步，五个种子，每个三份重新初始化的副本，另有一次性剪枝。需要数天。',
    },
    'all-arms': {
      title: '全部对照',
      text: '八轮，每轮 2,000 步：延迟回退、学习率回退、微调、打乱掩码、随机剪枝、小型稠密网络。',
    },
    scratch: {
      title: '剪单元与从头训练',
      text: '移除整个单元：其余部分微调，或以同样步数从头训练，或以同样计算量从头训练。',
    },
    deconstruct: {
      title: '留下哪些权重',
      text: '同一个训练好的网络，十三种准则：直接加掩码、用未训练的权重、用带符号的常数。',
    },
    signs: {
      title: '关键是符号吗？',
      text: '彩票的掩码配上别的取值：重新抽取、打乱、取常数；保留或不保留最初的符号。',
    },
    'mask-zero': {
      title: '被剪的权重变成什么',
      text: '置零，或冻结在初始值：一律如此，或仅限没有趋向零的权重。',
    },
    supermasks: {
      title: '学得的掩码',
      text: '不训练任何权重：伯努利掩码与 edge-popup 对比训练得到的权重。',
    },
    connectivity: {
      title: '一个谷还是两个谷',
      text: '从第 k 步分开的两个副本以不同次序看图像：测量两者连线上的误差。',
    },
    'small-rates': {
      title: '小学习率',
      text: 'Adam 与 SGD 各取小、大两种学习率，比较彩票与其副本。',
    },
    'conv-2': { title: 'Conv-2', text: '论文中的小型卷积网络，CIFAR-10。需要数小时。' },
    'conv-4': { title: 'Conv-4', text: '论文中的中型卷积网络，CIFAR-10。约需一天。' },
    'conv-6': { title: 'Conv-6', text: '论文中的大型卷积网络，CIFAR-10。需要数天。' },
  },
  remark: {
    lateRewind:
      '延迟回退回到第 {{rewind}} 步，而不是第 {{asked}} 步：一次训练只有 {{steps}} 步，至少要留下一步。',
    scratchCapped:
      '从第 {{round}} 轮起，Scratch-B 要达到同样的计算量需要多于 {{steps}} 步；这里训练 {{steps}} 步。',
  },
  claim: {
    gain: '剩 {{share}} 时比稠密网络高',
    level: '剩 {{share}} 时与稠密网络之差',
    reinit: '剩 {{share}} 时领先重新初始化',
    sooner: '剩 {{share}} 时快于重新初始化',
    earlier: '剩 {{share}} 时比稠密网络早',
    bestEnd: '训练结束时比稠密网络最多高',
    supermask: '未训练网络加掩码的最好结果',
    learned: '未训练权重上学得的掩码',
  },
  missing: {
    size: '未达到',
    seeds: '需要 {{seeds}} 个种子',
    censored: '未收敛',
    arm: '未训练',
  },
  why: {
    size: '本研究还没有哪一轮剩下这么少的权重。',
    seeds: '损失最低的步在种子之间相差约三分之一：少于 {{seeds}} 个种子时不下结论。',
    censored: '有的训练最后一次验证损失最低，因此早停的位置未知。',
    arm: '所需的对照组没有打开。',
  },
  bound: { above: '> {{value}}', upTo: '至多 {{value}}', equal: '{{value}}' },
  otherwise: '文献中的不同做法',
  differs: {
    steps: '每轮步数：文献 {{theirs}}，这里 {{ours}}',
    seeds: '种子数：文献 {{theirs}}，这里 {{ours}}',
    draws: '每个种子重新初始化的份数：文献 {{theirs}}，这里 {{ours}}',
    lr: '学习率：文献 {{theirs}}，这里 {{ours}}',
    batch: '批大小：文献 {{theirs}}，这里 {{ours}}',
    optimizer: '优化器不同：文献 {{theirs}}，这里 {{ours}}',
    rate: '每轮剪除：文献 {{theirs}} %，这里 {{ours}} %',
    best: '最好的规模与准则是按测试准确率挑选的，因此偏乐观，文献与这里都是如此。',
    drawn: '文献是按概率抽取的多个掩码的平均；这里是概率大于一半者组成的单个掩码。',
  },
} as const;
