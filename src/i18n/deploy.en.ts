/** What a compressed network becomes: its file, what lies in it, and how it is executed. */
export const deployEn = {
  file: {
    title: 'Network as a file',
    text: 'The compressed network itself: what the size tile counts, bit for bit.',
    opened: '{{name}} is the start of the recipe',
    choose: 'Choose file…',
    other: 'Another file…',
    none: 'No file yet: choose one, or drop it anywhere on this page.',
    notHere: '{{id}} is not in this browser.',
    facts: '{{size}}, {{kept}} weights ({{share}} of all),',
    missing: 'The network file of this experiment is not here',
    missingText:
      'It begins with the network file {{id}}. Drop that .winnow file anywhere on this page; it is recognised by its content, whatever it is called.',
    save: 'Download network',
    saveSize: 'Download network, {{size}}',
    saveText: 'This very file, {{size}}. Drop it on this page to go on with it.',
    open: 'Open network file…',
  },
} as const;
