// With what a canvas view draws: the canvas's own pen, or one that writes down what it is told
// (web/picture/recording_pen.js).  These are the calls that both know.

type Looks = "fillStyle" | "font" | "lineWidth" | "strokeStyle" | "textAlign" | "textBaseline";
type Calls = "beginPath" | "closePath" | "fillRect" | "fillText" | "lineTo" | "moveTo" | "rect" | "restore";
type MoreCalls = "rotate" | "save" | "scale" | "strokeRect" | "translate";

export interface Pen extends Pick<CanvasRenderingContext2D, Looks | Calls | MoreCalls> {
  lineCap: CanvasLineCap;
  imageSmoothingEnabled: boolean;
  createPattern(image: HTMLCanvasElement, repetition: string): CanvasPattern | null;
  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void;
  fill(): void;
  measureText(text: string): { readonly width: number };
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  stroke(): void;
  /** What fills an area with slanted lines, where the pen has a way of its own. */
  hatched?(colour: string, scale: number): CanvasPattern;
}
