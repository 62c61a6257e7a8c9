/** 压缩后的网络：它的文件、文件的内容，以及它的执行方式。 */
export const deployZh = {
  file: {
    title: '网络文件',
    text: '压缩后的网络本身：“大小”一项所计的就是这个文件，逐位一致。',
    opened: '{{name}} 已作为配方的起点',
    choose: '选择文件…',
    other: '其他文件…',
    none: '尚无文件：请选择一个，或将其拖放到页面任意位置。',
    notHere: '{{id}} 不在此浏览器中。',
    facts: '{{size}}，{{kept}} 个权重（占 {{share}}），',
    missing: '此实验所用的网络文件不在这里',
    missingText:
      '它以网络文件 {{id}} 为起点。请把该 .winnow 文件拖放到页面任意位置；识别依据是内容，与文件名无关。',
    save: '下载网络',
    saveSize: '下载网络，{{size}}',
    saveText: '就是这个文件，{{size}}。拖放到本页即可由它继续。',
    open: '打开网络文件…',
  },
} as const;
