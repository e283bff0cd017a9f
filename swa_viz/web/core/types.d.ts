// The plain data that Python hands to a lab, stated once for all JavaScript.  Who makes it says more:
// patterns/pattern.py, web/knobs.py, answers/ and lessons/lab_data.py.

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

/** What a lab asks of a model: `answers/request.py` says what the fields mean. */
export interface Request {
  readonly model: string;
  readonly text: string;
  readonly schedule: Schedule;
  readonly kind: "trace" | "influence";
  readonly stage: string;
  readonly edit: { readonly position: number; readonly replacement: string | null } | null;
  readonly token: number | null;
}

/** A request of a lab, as far as it is the same for all values of its knobs. */
export interface RequestPlan {
  readonly kind: Request["kind"];
  readonly schedule: "full" | "chosen" | "first_layers";
}

/** A model's facts. */
export interface ModelFacts {
  readonly name: string;
  readonly n_layers: number;
  readonly n_heads: number;
  readonly vocab_size: number;
  /** The longest text that it saw, in tokens. */
  readonly trained_len: number;
  /** Null for a model that was trained with full attention. */
  readonly trained_window: number | null;
  /** How it was trained, in a sentence. */
  readonly trained: string;
  /** Which engines have it on this page. */
  readonly engines: readonly ("server" | "browser")[];
}

/** Everything that a lab receives from its host: the contract of `lessons/lab_data.py`. */
export interface LabData {
  /** The lesson's. */
  readonly name: string;
  readonly knobs: Readonly<Record<string, Knob>>;
  /** Where the knobs stand. */
  readonly values: Readonly<Record<string, Value>>;
  /** Empty for a lab that asks no model. */
  readonly model: ModelFacts | Record<string, never>;
  /** Plans of what the lab asks of the model. */
  readonly requests: readonly RequestPlan[];
  /** Known from the start. */
  readonly answers: readonly { readonly request: Request; readonly payload: any }[];
  /** How much may be asked, and the sentences about it. */
  readonly limits: Readonly<Record<string, Value>>;
  /** Is there a server behind the page? */
  readonly served: boolean;
  /** Where the files of the model for the browser are, if they were built. */
  readonly live: Readonly<Record<string, any>> | null;
  /** The only knobs that move, where answers were recorded; else null. */
  readonly offered: readonly string[] | null;
  /** The other lessons, as the first page shows them. */
  readonly cards: readonly any[];
  /** Is the page a frame in somebody else's? */
  readonly embedded: boolean;
  /** The lesson's own. */
  readonly extra: Readonly<Record<string, any>>;
}
