// A picture as plain data: what is drawn, in order.  It becomes an SVG file, or is painted on a canvas.

/** Slanted lines of a colour; `scale` of the picture's units are one of its tile's. */
export interface Hatch {
  readonly hatch: string;
  readonly scale: number;
}

/** Where a mark stands: the six numbers of a transform. */
export type Matrix = readonly number[];

interface AnyMark {
  readonly matrix: Matrix;
  /** From 0, which is invisible, to 1. */
  readonly alpha: number;
}

export interface Shape extends AnyMark {
  /** The outline, as an SVG path writes it. */
  readonly d: string;
  /** Colours as a style sheet writes them; "none" is no colour. */
  readonly fill: string | Hatch;
  readonly stroke: string;
  readonly width: number;
  readonly dash: string;
  readonly cap: string;
}

export interface Words extends AnyMark {
  readonly text: string;
  readonly x: number;
  /** The line on which the letters stand. */
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly font: { readonly weight: string; readonly size: number; readonly family: string };
  readonly fill: string;
  /** How long the words are, so that letters of another family take the same room. */
  readonly length: number;
}

export type Mark = Shape | Words;

export interface Picture {
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly height: number;
}
