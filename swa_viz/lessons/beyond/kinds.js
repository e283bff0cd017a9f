// The kinds of sequence, by their names in the address; lesson.py says their order.

/** @import { AnyLab } from "../../web/lab.js" */
/** @import { Kind } from "./kind.js" */

import * as books from "./books_kind.js";
import * as code from "./code_kind.js";
import * as dna from "./dna_kind.js";
import * as image from "./image_kind.js";
import * as sound from "./sound_kind.js";
import * as talk from "./talk_kind.js";

/** @type {Readonly<Record<string, (lab: AnyLab) => Kind>>} */
export const KINDS = {
  image: image.render,
  dna: dna.render,
  sound: sound.render,
  code: code.render,
  talk: talk.render,
  books: books.render,
};
