/** How big an experiment may be. Every link and file is checked against these before anything else looks at it. */
export const LIMITS = {
  /** Cards inside cards: 1 = the recipe itself. */
  depth: 4,
  /** Cards in the document, repeats and forks included. */
  cards: 200,
  /** Method cards as executed, every round and arm counted. */
  executed: 4000,
  rounds: [1, 40],
  arms: [1, 8],
  seed: [0, 2 ** 31 - 1],
  replicates: [1, 10],
  sweepValues: [1, 200],
  /** Layer names in one field. */
  layers: [0, 64],
  /** Characters of JSON; a link's content may unpack to this much and not more. */
  json: 64 * 1024,
} as const;

/** Data that visitors bring themselves, named by their content; they need not be in this browser. */
export const OWN_DATA = /^own-[0-9a-f]{12}$/;
/** A network file, named by its content likewise. */
export const FILE_ID = /^file-[0-9a-f]{12}$/;
export const ARM_NAME = /^[a-z][a-z0-9-]{0,23}$/;
/** Dots as in `fc1.u`; no character that a link uses for itself, none at the end that chats cut off. */
export const LAYER_NAME = /^[A-Za-z](?:[A-Za-z0-9_.-]{0,30}[A-Za-z0-9])?$/;
/** Names that reach into an object's prototype; never a field, an arm or a layer. */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
