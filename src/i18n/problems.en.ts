import { ownProblems } from '../datasets/own/problems';

/** Refusals by code. A code that is not here is shown with its own English message. */
export const problemsEn = {
  missing: '{{field}} is missing: it must be {{expected}}',
  'wrong-type': '{{field}} must be {{expected}}, got {{got}}',
  'out-of-range': '{{field}} must be in [{{min}}, {{max}}], got {{got}}',
  'not-integer': '{{field}} must be a whole number, got {{got}}',
  'unknown-choice': '{{field}} must be one of {{allowed}}, got {{got}}',
  'unknown-field': 'unknown field {{field}}; allowed: {{allowed}}',
  'forbidden-field': '{{field}} is not a name',
  'bad-name': '{{got}} is not a valid name: {{rule}}',
  'bad-count': '{{field}} must have {{min}} to {{max}} {{what}}, got {{got}}',
  'too-deep': 'cards may be nested {{max}} deep, this one is deeper',
  'too-large': 'must have at most {{max}} characters, got {{got}}',
  'newer-version':
    'made by a newer version (format {{got}}); this page knows formats up to {{known}}: reload it to get the newest',
  'no-such-card': '{{field}} must be the path of a method card ({{allowed}}), got {{got}}',
  duplicate: 'must not name a layer twice',
  'link-damaged': 'the link is incomplete or was changed on its way: copy the whole link again',
  'link-too-long': 'the link is too long: at most {{max}} characters, got {{got}}',
  'line.differ':
    'a line needs two networks with the same layers, masks and rounding; these two differ in {{name}}',
  diverged: 'training diverged at step {{step}} (loss {{loss}}); lower the learning rate',
  range: 'must be in [{{min}}, {{max}}], got {{found}}',
  weight: 'weights must be finite numbers, found {{found}}: the training has probably diverged',
  svd: 'the singular value decomposition did not converge',
  speed: {
    worker: 'nothing can be measured yet: try again in a moment',
    newer: 'holds a result of a newer version: reload this page to get it',
    damaged: 'the result in the link is incomplete or was changed on its way: copy the whole link again',
    long: 'the link is longer than any result can be',
    busy: 'a training is running, and times taken beside it mean nothing: stop it or wait for its end',
  },
  study: {
    data: '{{data}} is not in this browser: open its file first',
    busy: 'a recipe is running in the Lab: stop it or wait for its end',
    full: 'storage is full: what is computed from now on is gone when this page is closed; export the results before',
    storage:
      'this browser keeps nothing ({{reason}}): results are gone when this page is closed; export them before',
  },
  search: {
    card: 'must be a card of the recipe itself with values per layer, got {{found}}',
    untrained:
      'settings are found from measured accuracy, and there is no trained network in front of this card: press Run first',
    busy: 'a training is running: stop it or wait for its end',
    worker: 'nothing can be measured yet: try again in a moment',
  },
  backend: { unavailable: '{{backend}} is not available here: {{reason}}' },
  method: { unknown: 'must be one of {{allowed}}, got {{found}}' },
  kernels: {
    load: 'cannot load {{file}} ({{reason}}): reload the page, or run `npm run assets` in a checkout',
    memory:
      'the browser does not give the {{size}} MB that this network needs beside what is open already: choose a smaller network or batch, or close other tabs',
  },
  engine: {
    form: '{{layer}} can be executed as {{allowed}}, found {{found}}',
    layer: '{{layer}} is no layer with weights',
  },
  layer: { unknown: 'must be one of the network’s layers {{allowed}}, got {{found}}' },
  factorize: {
    layer: 'must be a dense layer, one of {{allowed}}, got {{found}}',
    twice: '{{found}} is already factorized; dense layers left: {{allowed}}',
  },
  obs: {
    inputs:
      'layer-wise OBS is for layers whose outputs read at most {{max}} inputs each; those of {{name}} read {{found}}',
    weights:
      'Optimal Brain Surgeon over the whole network is for at most {{max}} weights, this network has {{found}}; layer by layer it works on larger ones',
  },
  start: { none: '{{name}} has no initial weights: it was factorized; put this card before factorize' },
  'mask-zero': {
    untrained:
      'it compares weights at the beginning and the end of a training, and there is none before this card; put train and prune before it',
  },
  held: {
    moved:
      'weights of {{found}} are held at their values, which this would change; put rewind or reinit before it',
  },
  rewind: {
    start:
      'cannot rewind {{name}}: its layer was factorized and has no initial weights; put rewind before factorize',
  },
  data: {
    unknown: 'must be one of {{allowed}}, got {{found}}',
    absent: '{{name}} is not here: its files were never made. `npm run assets` makes them from {{source}}.',
    hosts:
      '{{name}} is not on this site, and no public host gave it: {{hosts}}. Check the connection and what blocks requests to other sites, then run again or reload the page; what has arrived is kept. If you serve the lab yourself, `npm run assets` makes its files.',
    storage:
      '{{name}} cannot be kept in this browser: {{reason}}. Work goes on in memory; the next visit fetches it again.',
  },
  gates: {
    quantized: 'gates and rounding do not go together: {{found}} is quantized; put quantize after this card',
    none: 'no layer here can have gates: it takes a dense layer or a convolution that does not read the image',
  },
  supermask: {
    quantized:
      'a learned mask and rounding do not go together: {{found}} is quantized; put quantize after this card',
    held: 'a learned mask decides about every weight: {{found}} has weights that are held; put this card before they are',
  },
  crew: { lost: 'training thread {{thread}} ended ({{reason}}); its training begins again' },
  gpu: {
    memory: 'one piece of {{size}} bytes is needed, this GPU allows {{limit}}; choose another backend',
    replaced: '{{reason}}; work goes on from what was kept, on a new device',
    abandoned: '{{reason}}; work goes on from what was kept, on the CPU',
  },
  stored: {
    short: '{{name}} is cut short or altered: {{expected}} bytes expected, {{found}} found',
    altered: '{{name}} is altered: checksum {{expected}} expected, {{found}} found',
    version: '{{name}} was written in version {{found}} of the format; version {{known}} is expected',
    foreign: '{{name}} is not a Winnow file: no header of one is found where it is expected',
    damaged: '{{name}} is damaged at {{where}}: {{expected}} expected, {{found}} found',
    layer: 'layer {{name}} cannot be written to a file: its sizes are not those that its settings give',
    large: 'a file holds networks of at most {{max}} weights, biases and norms, this one has {{found}}',
  },
  model: {
    unknown: 'must be one of {{allowed}}, got {{found}}',
    input: 'the image is too small for layer {{name}}: its output would be {{size}}',
  },
  units: {
    norm: 'units of {{group}} pass no batch norm, so there is no gamma to rank them by; choose another criterion',
  },
  rebuild: {
    layer: '{{name}} is no dense layer or convolution; groups that can shrink: {{allowed}}',
    coupled:
      'the units of {{name}} go together with those of {{group}}: name {{group}} instead; groups that can shrink: {{allowed}}',
    image: '{{name}} is added to the image, whose channels are given; groups that can shrink: {{allowed}}',
    logits: '{{name}} gives the logits, one for each class; groups that can shrink: {{allowed}}',
    empty: 'at least one unit must be left, numbers in [0, {{max}}], got none',
    range: 'units are whole numbers in [0, {{max}}], each once, got {{found}}',
    twice: 'units are whole numbers in [0, {{max}}], each once, got {{found}} twice',
  },
  open: {
    missing: '{{id}} is not in this browser: drop the .winnow file here, it is recognised by its content',
    misfit:
      '{{name}} takes images of {{image}} and tells {{classes}} classes apart; the data: images of {{dataImage}}, {{dataClasses}} classes',
    misfitData:
      '{{name}} takes images of {{image}} and tells {{classes}} classes apart; {{data}}: images of {{dataImage}}, {{dataClasses}} classes',
    large: '{{name}} has {{found}} bytes; at most {{max}} are read',
    storage:
      '{{name}} is open but cannot be kept in this browser: {{reason}}. After a reload it has to be dropped again.',
    unread: '{{name}} cannot be read: {{reason}}',
  },
  ticket: {
    held: '{{name}} has weights that are held at values of their own; a file has no place for them',
    gone: 'the weights of this training are not kept any more: run the study again',
  },
  own: ownProblems,
  worker: { error: 'the compute thread reports: {{message}}' },
} as const;
