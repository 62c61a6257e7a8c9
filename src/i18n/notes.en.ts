/** What methods tell beside their result, by the note's code. Numbers and shares come formatted. */
export const notesEn = {
  floor:
    'Ranked globally, {{layers}} would have kept less than the floor: {{weights}} weights stayed there, and as many went elsewhere.',
  floorShort:
    'The floors leave only {{removed}} of {{asked}} weights to remove: what remains is {{share}} and not {{wantedShare}}.',
  blocks:
    '{{removed}} of {{of}} blocks removed; what is left of cut-off blocks at the edges counts as blocks.',
  nmForm:
    '{{keep}} of {{of}} has no kernel of its own here and runs like single weights: N may be at most half of M, M 4, 8 or 16.',
  threshold: '{{removed}} of {{of}} weights are below the threshold ({{share}}).',
} as const;
