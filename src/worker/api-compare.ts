/** Who gets hurt: two states of a recipe, image by image. Types only. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by what compares states.
export interface CompareApi {}
