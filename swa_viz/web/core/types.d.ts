// The plain data that Python hands to a lab, stated once for all JavaScript.  Who makes it says more:
// patterns/pattern.py, web/knobs.py, answers/ and lessons/lab_data.py.

/** A pattern: its kind, and the fields of that kind, as `Pattern.to_plain` writes them. */
export interface Pattern {
  readonly kind: string;
  readonly [field: string]: any;
}

/** A pattern for every layer, first layer first. */
export type Schedule = readonly Pattern[];

/** The heads of one layer, and the numbers in each query or key, and in each value. */
export interface LayerHeads {
  readonly n_heads: number;
  readonly n_kv_heads: number;
  readonly head_dim: number;
  readonly value_dim: number;
}

/** A model as data, as `ModelPreset.to_plain` writes it: presets/preset.py says what each field means. */
export interface ModelPreset {
  readonly label: string;
  readonly layer_schedule: Schedule;
  readonly n_heads: number | null;
  readonly n_kv_heads: number | null;
  readonly head_dim: number | null;
  readonly context_length: number | null;
  readonly source: string;
  readonly url: string;
  readonly notes: readonly string[];
  readonly says: string;
  readonly year: number | null;
  readonly layer_heads: readonly LayerHeads[];
  readonly shared_kv_layers: readonly number[];
  readonly key_is_value_layers: readonly number[];
  readonly nope_layers: readonly number[];
  readonly sink_logits: boolean;
  readonly stated_window: readonly [number, string] | null;
}

/** The value of a knob: a number, or a word, or letters, or a text. */
export type Value = number | string;

interface AnyKnob {
  /** What it is called in the address. */
  readonly name: string;
  readonly label: string;
  /** A page that holds recorded answers offers some knobs; the others are fixed. */
  readonly fixed?: boolean;
  /** What a link asked for, if its number was beyond the limits: a sentence. */
  readonly changed?: string;
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

/** A letter for every layer, and perhaps a window of its own: `letters` maps a letter to its words on screen. */
export interface LettersKnob extends AnyKnob {
  readonly kind: "letters";
  readonly default: string;
  readonly letters: Readonly<Record<string, string>>;
  /** The most keys of a window of its own. */
  readonly at_most: number;
}

/** Free text of at most `at_most` characters. */
export interface TextKnob extends AnyKnob {
  readonly kind: "text";
  readonly default: string;
  readonly at_most: number;
}

export type Knob = NumberKnob | ChoiceKnob | LettersKnob | TextKnob;

/** `n_tokens` tokens from `position` on are replaced by other words, or dropped. */
export interface Edit {
  readonly position: number;
  readonly replacement: string | null;
  readonly n_tokens: number;
}

/** How a text is continued: Writing in answers/request.py says more. */
export interface Writing {
  /** So many of the new tokens does the answer hold: a page asks for a few more each time. */
  readonly n_steps: number;
  readonly at_most: number;
  /** In hundredths; 0 always takes the likeliest. */
  readonly temperature: number;
  /** Null leaves no token out. */
  readonly top_k: number | null;
  /** In hundredths. */
  readonly top_p: number;
  readonly seed: number;
  readonly stop: readonly string[];
}

/** The kinds of request about a long text, which only a server reads. */
export type LongKind = "stretch" | "overview";

/** What a lab asks of a model: `answers/request.py` says what the fields mean. */
export interface Request {
  readonly model: string;
  readonly text: string;
  readonly schedule: Schedule;
  readonly kind:
    | ("trace" | LongKind | "influence" | "perplexity" | "windows")
    | ("first_token" | "choices" | "generate" | "prefill" | "puzzle");
  readonly stage: string;
  readonly edit: Edit | null;
  readonly token: number | null;
  readonly layers: readonly number[] | null;
  readonly sink_logit: number | null;
  readonly start: number | null;
  /** Texts that may follow. */
  readonly choices: readonly string[] | null;
  readonly writing: Writing | null;
  /** How many tokens are read at once. */
  readonly chunk: number | null;
}

/** The values of some knobs, by their names. */
export type Values<Knobs extends Readonly<Record<string, Knob>>> = { [Name in keyof Knobs]: Knobs[Name]["default"] };

/** A token that may come next: its id, its text, its probability. */
export type Next = readonly [id: number, piece: string, share: number];

/** One run of the model, as answers/trace_payload.py and answers/answer.js describe it. */
export interface TracePayload {
  readonly tokens: readonly string[];
  readonly stage: string;
  readonly n_heads: number;
  readonly schedule: Schedule;
  /** What was left out of the text, or "". */
  readonly notice: string;
  /** For every position the likeliest next tokens, the likeliest first. */
  readonly next: readonly (readonly Next[])[];
  /** After an edit: how far each prediction moved, in bits; null at the edit itself. */
  readonly changes?: readonly (number | null)[];
  /** From a server: a layer in base64 of half precision, only the keys that a query may read. */
  readonly values?: readonly (string | null)[];
  /** From this browser: [n_layers, n_heads, seq_len, seq_len] numbers. */
  readonly dense?: Float32Array;
  /**
   * With scores: the first numbers of each value vector, [n_layers, n_heads, seq_len, so many]; from a
   * server in base64 of half precision.
   */
  readonly value_starts?: readonly (string | null)[] | Float32Array;
  /** Of a stretch: where it stands in its text. */
  readonly part?: Part;
}

/** Where some tokens stand in a longer text. */
export interface Place {
  /** From 0. */
  readonly first: number;
  /** Of the whole text. */
  readonly n_tokens: number;
}

/** Where a stretch of a long text stands, and what its tokens read before it: see answers/long_text.py. */
export interface Part extends Place {
  /** For the mean of the heads, and for each head: what each query gives to keys before the stretch. */
  readonly shares: readonly (readonly number[])[];
  /** In the same order the one that gets most; null where no such key is read. */
  readonly heaviest: readonly (readonly (readonly [key: number, weight: number] | null)[])[];
  /** The text of these keys. */
  readonly pieces: Readonly<Record<string, string>>;
}

/** One layer of a long text in blocks of tokens, as answers/long_text.py describes it. */
export interface OverviewPayload {
  /** The last few of the text. */
  readonly tokens: readonly string[];
  readonly n_tokens: number;
  readonly n_heads: number;
  /** How many tokens a block has. */
  readonly size: number;
  /** In base64 of half precision, head after head: only pairs of blocks that are read. */
  readonly blocks: string;
  /** The likeliest tokens after the text. */
  readonly after: readonly Next[];
  readonly notice: string;
}

/** How much every token matters to one of them, as answers/influence.py describes it. */
export interface InfluencePayload {
  readonly tokens: readonly string[];
  /** The one to which they matter, from 0. */
  readonly token: number;
  /** `shares[l]` sums to 1 over the states after layer l; l = 0 are the tokens. */
  readonly shares: readonly (readonly number[])[];
  readonly notice: string;
}

/** What every token costs, as answers/perplexity.py describes it. */
export interface PerplexityPayload {
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
  /** Of each token; null for the first one, which is not predicted. */
  readonly bits: readonly (number | null)[];
  /** For each token what was likeliest in its place, the likeliest first. */
  readonly expected: readonly (readonly Next[])[];
  readonly notice: string;
}

/** What the text costs for windows of many sizes, as answers/perplexity.py describes it. */
export interface WindowsPayload {
  readonly tokens: readonly string[];
  readonly windows: readonly number[];
  /** The mean of the predicted tokens. */
  readonly bits: readonly number[];
  readonly notice: string;
}

/** How far another first token moves the predictions, as answers/first_token.py describes it. */
export interface FirstTokenPayload {
  readonly tokens: readonly string[];
  /** Each prediction, in bits. */
  readonly moved: readonly number[];
  /** The last position whose logits are not bit for bit the same. */
  readonly last: number;
  readonly notice: string;
}

/** How probable each of some texts is as what follows, as answers/choices.py describes it. */
export interface ChoicesPayload {
  readonly tokens: readonly string[];
  readonly choices: readonly string[];
  readonly probabilities: readonly number[];
  readonly notice: string;
}

/** One new token, and what the rolling cache does to make room for it. */
export interface WritingStep {
  readonly id: number;
  /** What it adds to the text that is shown: "" while a character is unfinished. */
  readonly text: string;
  /** The token itself, as views show it. */
  readonly piece: string;
  readonly position: number;
  /** The slot of this token in each layer. */
  readonly slots: readonly number[];
  /** The position that each layer forgets there, or null while it has room. */
  readonly evicted: readonly (number | null)[];
  /** What the keys and values of the tokens before this one take: measured in the cache that is held. */
  readonly bytes_rolling: number;
  /** The same if none were ever forgotten. */
  readonly bytes_full: number;
  /** To read what was not read yet (for the first step the whole text) and to choose. */
  readonly seconds: number;
}

/** How a text goes on, as answers/generate.py describes it. */
export interface GeneratePayload {
  /** Of the text that was given. */
  readonly tokens: readonly string[];
  /** The new tokens so far: at most as many as were asked for. */
  readonly steps: readonly WritingStep[];
  /** Why no more will come; "" while more may. */
  readonly ended: "" | "length" | "stop" | "end";
  readonly notice: string;
}

/** A text that is read in three ways, as answers/prefill.py describes it. */
export interface PrefillPayload {
  readonly tokens: readonly string[];
  readonly chunk: number;
  /** The largest difference of any logit from that of the whole text at once. */
  readonly differences: { readonly chunked: number; readonly one_by_one: number };
  /** The largest logit. */
  readonly largest: number;
  readonly seconds: { readonly one_shot: number; readonly chunked: number; readonly one_by_one: number };
  readonly notice: string;
}

/** What a small model says in one asked place, as answers/puzzle.py describes it. */
export interface AskedPlace {
  /** Where the word stands, and where the model is asked for it. */
  readonly place: number;
  readonly query: number;
  /** The word that stands there, and how probable it is. */
  readonly right: string;
  readonly share: number;
  /** The likeliest first. */
  readonly likeliest: readonly (readonly [word: string, share: number])[];
}

/** What a small model says of a puzzle. */
export interface PuzzlePayload {
  readonly tokens: readonly string[];
  readonly asked: readonly AskedPlace[];
  /** For each asked place, layer and head: how much its query gives to each token. */
  readonly weights: readonly (readonly (readonly (readonly number[])[])[])[];
  /** For each layer and head the learned span of each token; null where none was learned. */
  readonly spans: readonly (readonly (readonly number[])[])[] | null;
  /** For each layer the share of its linear state that each head takes; null where there is none. */
  readonly gates: readonly (readonly number[])[] | null;
}

/** No numbers, and the sentence why. */
export interface EmptyPayload {
  readonly tokens: readonly never[];
  readonly empty: string;
}

export type Payload =
  | TracePayload
  | OverviewPayload
  | InfluencePayload
  | PerplexityPayload
  | WindowsPayload
  | FirstTokenPayload
  | ChoicesPayload
  | GeneratePayload
  | PrefillPayload
  | PuzzlePayload
  | EmptyPayload;

/** How much may be asked, and the sentences about it: LIMITS of answers/limits.py. */
export interface Limits {
  readonly characters: number;
  readonly tokens: number;
  readonly long_tokens: number;
  readonly stretch: number;
  readonly replacement: number;
  readonly new_tokens: number;
  readonly rounding_bits: number;
  readonly notice: string;
  readonly long_notice: string;
  readonly no_edit: string;
  readonly not_here: string;
  readonly empty: string;
  readonly alone: string;
  readonly nowhere: string;
  readonly too_long: string;
  readonly looks_ahead: string;
  readonly unknown_model: string;
  readonly wrong_layers: string;
  readonly puzzle_words: string;
  readonly puzzle_word: string;
  readonly puzzle_start: string;
  readonly own_schedule: string;
  readonly refused: string;
}

/** The sizes of a file of the model, in bytes: packed as it travels, and unpacked. */
export interface FileSizes {
  readonly download: number;
  readonly unpacked: number;
}

/** The model's files in a folder of the host: files_of in browser_model/files.py. */
export interface FolderFiles {
  readonly model: string;
  /** The address of the folder, which ends in a slash. */
  readonly base: string;
  readonly sizes: Readonly<Record<string, FileSizes>>;
  /** The files of all models of the folder. */
  readonly kept: readonly string[];
  /** The names of those that are needed before anything is asked. */
  readonly at_first: readonly string[];
  readonly embedded?: undefined;
  readonly worker: string;
  readonly wasm: string;
  readonly weights: string;
  readonly forward: string;
  readonly influence: string;
  readonly step: string;
  readonly tokenizer: string;
  /** The small models have a table, and two files each. */
  readonly table: string;
  readonly [small: `${string}.graph` | `${string}.weights`]: string;
}

/** The model's files in the page itself; `embedded` names all but the worker. */
export interface EmbeddedFiles {
  readonly model: string;
  readonly worker: string;
  readonly embedded: readonly string[];
  readonly sizes?: undefined;
}

export type LiveFiles = FolderFiles | EmbeddedFiles;

/** What may be hidden in a prompt, and what separates it from the question: answers/hidden.py. */
export interface Hiding {
  readonly needles: Readonly<
    Record<string, { readonly sentence: string; readonly question: string; readonly answers: readonly string[] }>
  >;
  readonly filler: readonly string[];
}

/** A request of a lab, as far as it is the same for all values of its knobs. */
export interface RequestPlan {
  readonly kind: Exclude<Request["kind"], LongKind>;
  readonly schedule: "full" | "chosen" | "own" | "first_layers" | "every_window";
  readonly for_first_picture: boolean;
  /** Asked when a visitor presses a button, and not before. */
  readonly on_demand: boolean;
  /** With it the text is a prompt in which something is hidden. */
  readonly hiding: Hiding | null;
  /** The knob with the text, where nothing is hidden. */
  readonly text: string;
  /** A knob and its value: it is asked only while they agree. */
  readonly only_if: readonly [string, string] | null;
}

/** A model's facts. */
export interface ModelFacts {
  readonly name: string;
  readonly n_layers: number;
  readonly n_heads: number;
  /** Neighbouring query heads share a key and value head. */
  readonly n_kv_heads: number;
  /** Does one answer hold the numbers of all layers, or of one? */
  readonly layers_at_once: boolean;
  /** Has each head learned one more score, whose share goes to nobody? */
  readonly has_sink_logits: boolean;
  /** How many numbers a value vector has. */
  readonly head_dim: number;
  readonly vocab_size: number;
  /** The longest text that it saw, in tokens. */
  readonly trained_len: number;
  /** Null for a model that was trained with full attention. */
  readonly trained_window: number | null;
  /** Letters for all of its layers, by the name of the schedule. */
  readonly stacks: Readonly<Record<string, string>>;
  /** How it was trained, in a sentence. */
  readonly trained: string;
  /** Which engines have it on this page. */
  readonly engines: readonly ("server" | "browser")[];
}

/** Another lesson, as the first page shows it. */
export interface LessonCard {
  readonly page: string;
  readonly question: string;
  readonly sentence: string;
  /** The name of its small picture. */
  readonly picture: string;
  readonly address: string;
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
  readonly answers: readonly { readonly request: Request; readonly payload: Payload }[];
  /** How much may be asked, and the sentences about it. */
  readonly limits: Limits;
  /** Is there a server behind the page? */
  readonly served: boolean;
  /** Where the files of the model for the browser are, if they were built. */
  readonly live: LiveFiles | null;
  /** The only knobs that move, where answers were recorded; else null. */
  readonly offered: readonly string[] | null;
  /** The other lessons, as the first page shows them. */
  readonly cards: readonly LessonCard[];
  /** The same page on a host without a server, or "": a frame of it costs this server nothing. */
  readonly static_page: string;
  /** Where the page about each model is, on a host that has one for each; else nothing. */
  readonly model_pages: Readonly<Record<string, string>>;
  /** Where this server writes the page into one file, by the kind of file; else nothing. */
  readonly files: Readonly<Record<string, string>>;
  /** Is the page a frame in somebody else's? */
  readonly embedded: boolean;
  /** The lesson's own. */
  readonly extra: Readonly<Record<string, any>>;
  /** More of it, by name: at hand, or where it is fetched from. */
  readonly later: Readonly<Record<string, { readonly data: any } | { readonly at: string }>>;
}
