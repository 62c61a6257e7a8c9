import { ownProblemsZh } from './own-problems.zh';

/** 按代码列出的错误说明；没有列出的代码显示英文原文。 */
export const problemsZh = {
  missing: '缺少 {{field}}：应为 {{expected}}',
  'wrong-type': '{{field}} 应为 {{expected}}，实际为 {{got}}',
  'out-of-range': '{{field}} 必须在 [{{min}}, {{max}}] 之内，实际为 {{got}}',
  'not-integer': '{{field}} 必须是整数，实际为 {{got}}',
  'unknown-choice': '{{field}} 只能取 {{allowed}}，实际为 {{got}}',
  'unknown-field': '未知字段 {{field}}；允许的字段：{{allowed}}',
  'forbidden-field': '{{field}} 不能用作名称',
  'bad-name': '{{got}} 不是有效的名称：{{rule}}',
  'bad-count': '{{field}} 应有 {{min}} 到 {{max}} 个（{{what}}），实际为 {{got}} 个',
  'too-deep': '卡片最多嵌套 {{max}} 层，这一张更深',
  'too-large': '最多 {{max}} 个字符，实际为 {{got}} 个',
  'newer-version': '由更新的版本创建（格式 {{got}}）；本页只支持到格式 {{known}}：请重新加载以获取新版本',
  'no-such-card': '{{field}} 必须是某张方法卡片的路径（{{allowed}}），实际为 {{got}}',
  duplicate: '同一层不能重复列出',
  'link-damaged': '链接不完整或在传递中被改动：请重新复制整条链接',
  'link-too-long': '链接过长：最多 {{max}} 个字符，实际为 {{got}} 个',
  'line.differ': '连线两端的网络必须层、掩码和取整都相同；这两个在 {{name}} 上不同',
  diverged: '训练在第 {{step}} 步发散（损失 {{loss}}）；请降低学习率',
  range: '必须在 [{{min}}, {{max}}] 之内，实际为 {{found}}',
  weight: '权重必须是有限的数，实际为 {{found}}：训练很可能已经发散',
  svd: '奇异值分解没有收敛',
  speed: {
    worker: '现在还不能测量：请稍后再试',
    newer: '其中的结果来自更新的版本：请重新加载本页',
    damaged: '链接中的结果不完整或在传递中被改动：请重新复制整条链接',
    long: '链接比任何结果都长',
    busy: '训练正在进行，此时测得的时间没有意义：请先停止训练或等待其结束',
  },
  study: {
    data: '此浏览器中没有 {{data}}：请先打开其文件',
    busy: '实验室正在运行一个配方：请先停止它或等它结束',
    full: '存储空间已满：此后计算的结果在关闭本页后不会保留；请先导出',
    storage: '此浏览器不允许保存（{{reason}}）：关闭本页后结果不会保留；请先导出',
  },
  search: {
    card: '必须是配方中可逐层取值的卡片，实际为 {{found}}',
    untrained: '设置要靠实测准确率来寻找，而这张卡片之前还没有训练好的网络：请先点“运行”',
    busy: '正在训练：请先停止或等它结束',
    worker: '现在还不能测量：请稍后再试',
  },
  backend: { unavailable: '{{backend}} 在此不可用：{{reason}}' },
  method: { unknown: '只能取 {{allowed}}，实际为 {{found}}' },
  kernels: {
    load: '无法加载 {{file}}（{{reason}}）：请重新加载页面；如果是代码仓库，请运行 `npm run assets`',
    memory: '浏览器无法为这个网络再分配 {{size}} MB 内存：请选择更小的网络或批量，或关闭其他标签页',
  },
  engine: {
    form: '{{layer}} 的可执行形式为 {{allowed}}，实际为 {{found}}',
    layer: '{{layer}} 不是带权重的层',
  },
  layer: { unknown: '只能是网络中的层 {{allowed}}，实际为 {{found}}' },
  factorize: {
    layer: '只能是全连接层 {{allowed}}，实际为 {{found}}',
    twice: '{{found}} 已经分解过；其余全连接层：{{allowed}}',
  },
  obs: {
    inputs: '逐层 OBS 要求每个输出最多读取 {{max}} 个输入；{{name}} 的输出读取 {{found}} 个',
    weights: '全网络 OBS 最多支持 {{max}} 个权重，此网络有 {{found}} 个；更大的网络可用逐层 OBS',
  },
  start: { none: '{{name}} 没有初始权重：该层已被分解；请把此卡片放在分解之前' },
  'mask-zero': {
    untrained: '此卡片比较训练前后的权重，而它之前没有训练；请把训练和剪枝放在它之前',
  },
  held: {
    moved: '{{found}} 的部分权重固定在其数值上，而这会改变它们；请先回卷或重新初始化',
  },
  rewind: { start: '无法回卷 {{name}}：该层已被分解，没有初始权重；请把回卷放在分解之前' },
  data: {
    unknown: '只能取 {{allowed}}，实际为 {{found}}',
    absent: '这里没有 {{name}}：其数据文件尚未生成。请用 `npm run assets` 从 {{source}} 生成。',
    hosts:
      '本站没有 {{name}}，各公共主机也未能提供：{{hosts}}。请检查网络以及是否有设置阻止了对其他网站的请求，然后再次运行或重新加载页面；已收到的部分会保留。如果网站由您自己运行，可用 `npm run assets` 生成其文件。',
    storage: '{{name}} 无法保存在此浏览器中：{{reason}}。数据暂存于内存中，下次访问时需重新获取。',
  },
  gates: {
    quantized: '门控不能与取整同时使用：{{found}} 已被量化；请把量化放在这张卡片之后',
    none: '这里没有可以加门控的层：需要全连接层，或不直接读取图像的卷积层',
  },
  supermask: {
    quantized: '学习掩码不能与取整同时使用：{{found}} 已被量化；请把量化放在这张卡片之后',
    held: '学习掩码要对每个权重作出取舍：{{found}} 中有被固定的权重；请把这张卡片放在固定权重之前',
  },
  crew: { lost: '训练线程 {{thread}} 已终止（{{reason}}）；其训练将重新开始' },
  gpu: {
    memory: '需要一整块 {{size}} 字节的显存，而此 GPU 最多允许 {{limit}}；请选择其他后端',
    replaced: '{{reason}}；将在新的 GPU 设备上从已保存的状态继续',
    abandoned: '{{reason}}；将改用 CPU，从已保存的状态继续',
  },
  stored: {
    short: '{{name}} 不完整或已被改动：应有 {{expected}} 字节，实际为 {{found}} 字节',
    altered: '{{name}} 已被改动：校验和应为 {{expected}}，实际为 {{found}}',
    version: '{{name}} 的格式版本为 {{found}}；此处只能读取版本 {{known}}',
    foreign: '{{name}} 不是 Winnow 文件：在应有的位置没有找到其文件头',
    damaged: '{{name}} 在 {{where}} 处损坏：应为 {{expected}}，实际为 {{found}}',
    layer: '层 {{name}} 无法写入文件：其尺寸与其设置不符',
    large: '一个文件最多容纳 {{max}} 个权重、偏置和归一化参数，此网络有 {{found}} 个',
  },
  model: {
    unknown: '只能取 {{allowed}}，实际为 {{found}}',
    input: '图像不适合层 {{name}}：输出将为 {{size}}',
  },
  units: {
    norm: '{{group}} 的单元之后没有批归一化，无法按 gamma 排序；请选择其他依据',
  },
  rebuild: {
    layer: '{{name}} 不是全连接层或卷积层；可以缩小的组：{{allowed}}',
    coupled: '{{name}} 的单元与 {{group}} 的单元只能一起移除：请改用 {{group}}；可以缩小的组：{{allowed}}',
    image: '{{name}} 与图像相加，图像的通道数是给定的；可以缩小的组：{{allowed}}',
    logits: '{{name}} 给出 logits，每个类别一个；可以缩小的组：{{allowed}}',
    empty: '至少要保留一个单元，编号为 [0, {{max}}] 中的整数，实际一个也没有',
    range: '单元编号必须是 [0, {{max}}] 中的整数，每个一次，实际为 {{found}}',
    twice: '单元编号必须是 [0, {{max}}] 中的整数，每个一次，实际 {{found}} 出现两次',
  },
  open: {
    missing: '{{id}} 不在此浏览器中：请把该 .winnow 文件拖放到这里，识别依据是内容',
    misfit:
      '{{name}} 接受 {{image}} 的图像，区分 {{classes}} 个类别；而数据为 {{dataImage}} 的图像，{{dataClasses}} 个类别',
    misfitData:
      '{{name}} 接受 {{image}} 的图像，区分 {{classes}} 个类别；而 {{data}} 为 {{dataImage}} 的图像，{{dataClasses}} 个类别',
    large: '{{name}} 有 {{found}} 字节；最多读取 {{max}} 字节',
    storage: '{{name}} 已打开，但无法保存在此浏览器中：{{reason}}。重新加载后需再次拖放。',
    unread: '无法读取 {{name}}：{{reason}}',
  },
  ticket: {
    held: '{{name}} 中有一些权重被固定在各自的取值上；网络文件无法记录这一点',
    gone: '这次训练的权重已不再保存：请重新运行该研究',
  },
  own: ownProblemsZh,
  worker: { error: '计算线程报告：{{message}}' },
} as const;
