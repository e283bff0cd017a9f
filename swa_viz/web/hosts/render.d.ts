// What the lines of a bundle before its host have made: the lab's own `render`.

import type { LabData, Request, Value } from "../core/types.d.ts";
import type { Wishes } from "../wishes.js";

/** What a lab tells its host: where its knobs stand, and what it wants computed. */
export interface Message {
  readonly knobs: Readonly<Record<string, Value>>;
  readonly requests: readonly Request[];
}

/** Where a lab stands: it is told of each frame, and says what the address wishes. */
export interface Host {
  readonly send: (message: Message) => void;
  readonly wishes: Wishes;
}

declare global {
  /** Mount the lab in an element, or hand it new data. */
  function render(element: HTMLElement, data: LabData, host: Host): void;
}
