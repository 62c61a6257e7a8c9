/**
 * Parameter tables. One table per method drives its zod schema, its defaults, its controls on screen,
 * its spelling in a link and its error messages, so that none of them can drift apart.
 */
export type Unit = 'fraction' | 'percent' | 'bits' | 'steps' | 'rounds' | 'images' | 'rank' | 'none';

interface Shown {
  /** Accessible name in English and i18n key suffix; the field's standard term. */
  label: string;
  /** Only shown (and only meaningful) while these sibling parameters have these values. */
  when?: Record<string, ParamValue | ParamValue[]>;
  /** True for what most users never touch: folded away on the card. */
  advanced?: boolean;
}
export interface NumberParam extends Shown {
  kind: 'number';
  default: number;
  min: number;
  max: number;
  step: number;
  integer?: boolean;
  unit: Unit;
  /** How the slider spreads its range; `tail` gives room near max (for sparsity). */
  scale?: 'linear' | 'log' | 'tail';
}
export interface ChoiceParam extends Shown {
  kind: 'choice';
  default: string;
  options: readonly string[];
  /**
   * Values of siblings that suit an option: set with it when somebody chooses it on a card. A link says all its values
   * itself; what it leaves out is the sibling's default, whatever the option.
   */
  suits?: Readonly<Record<string, Readonly<Params>>>;
}
export interface FlagParam extends Shown {
  kind: 'flag';
  default: boolean;
}
/** A number per layer name that overrides `of` for that layer; the empty record is the default. */
export interface PerLayerParam extends Shown {
  kind: 'perLayer';
  default: Record<string, number>;
  /** The sibling number parameter that it overrides; range and unit are that parameter's. */
  of: string;
}
/** A set of layer names; empty means every layer the method can act on. */
export interface LayersParam extends Shown {
  kind: 'layers';
  default: readonly string[];
}
/** A file of the visitor's, named by its content (FILE_ID in limits.ts); empty: none. */
export interface FileParam extends Shown {
  kind: 'file';
  default: '';
}
export type Param = NumberParam | ChoiceParam | FlagParam | PerLayerParam | LayersParam | FileParam;
export type ParamValue = number | string | boolean | Record<string, number> | readonly string[];
export type ParamTable = Readonly<Record<string, Param>>;
export type Params = Record<string, ParamValue>;

/** The values a table describes, as a static type. */
export type ValuesOf<T extends ParamTable> = {
  [K in keyof T]: T[K] extends { kind: 'number' }
    ? number
    : T[K] extends { kind: 'choice'; options: readonly (infer O)[] }
      ? O
      : T[K] extends { kind: 'flag' }
        ? boolean
        : T[K] extends { kind: 'perLayer' }
          ? Record<string, number>
          : T[K] extends { kind: 'file' }
            ? string
            : readonly string[];
};
