/** What methods tell beside their result, by the note's code. Numbers and shares come formatted. */
export const notesEn = {
  floor: 'The floor kept {{weights}} weights in {{layers}}; the other layers lost as many more.',
  floorShort: 'The floors leave no more to take: {{share}} remain, not {{wantedShare}}.',
  blocks: '{{removed}} of {{of}} blocks removed.',
  shapeForm: 'No kernel here makes use of this shape in {{layers}}: no speed-up from it there.',
  threshold: '{{removed}} of {{of}} weights were below the threshold ({{share}}).',
  thresholdLayers: 'By layer: {{list}}.',
  frozen: '{{held}} of {{pruned}} pruned weights are held at their initial values; the others are zero.',
  beganAtZero: '{{began}} kept weights had moved towards zero and begin there.',
  unitsFloor: 'One unit stays in {{groups}}, which would have lost all.',
  unitsMasked: '{{removed}} of {{of}} units masked: the network keeps its size and takes as long as before.',
  compacted:
    '{{removed}} of {{of}} units removed; {{folded}} gave a constant, now in the biases of what read them.',
  compactStuck:
    '{{stuck}} idle units stay: their constant meets padding, a layer without bias or a quantizer’s range.',
  smallDense: 'A dense network of {{weights}} weights stands for the {{left}} that were left.',
  smallDenseLeast:
    'Even one unit per hidden layer takes {{weights}} weights, more than the {{left}} that were left: not of equal size.',
} as const;
