// The plain data that Python hands to a lab, stated once for all JavaScript.  Who makes it says more:
// patterns/pattern.py, web/knobs.py, answers/ and export/lab_data.py.

/** A pattern: its kind, and the fields of that kind, as `Pattern.to_plain` writes them. */
export interface Pattern {
  readonly kind: string;
  readonly [field: string]: any;
}

/** A pattern for every layer, first layer first. */
export type Schedule = readonly Pattern[];

/** The value of a knob: a number, or a word, or letters, or a text. */
export type Value = number | string;

interface AnyKnob {
  readonly label: string;
  /** A page that holds recorded answers offers some knobs; the others are fixed. */
  readonly fixed?: boolean;
}

/** A whole number between two limits; `unit` follows it on screen. */
export interface NumberKnob extends AnyKnob {
  readonly kind: "number";
  readonly default: number;
  readonly at_least: number;
  readonly at_most: number;
  readonly unit: string;
}

/** One of a few choices: `choices` maps the word in the address to the words on screen. */
export interface ChoiceKnob extends AnyKnob {
  readonly kind: "choice";
  readonly default: string;
  readonly choices: Readonly<Record<string, string>>;
}

/** A letter for every layer: `letters` maps a letter to its words on screen. */
export interface LettersKnob extends AnyKnob {
  readonly kind: "letters";
  readonly default: string;
  readonly letters: Readonly<Record<string, string>>;
}

/** Free text of at most `at_most` characters. */
export interface TextKnob extends AnyKnob {
  readonly kind: "text";
  readonly default: string;
  readonly at_most: number;
}

export type Knob = NumberKnob | ChoiceKnob | LettersKnob | TextKnob;
