// What a kind of sequence is to this page: `x_kind.js` exports `render(lab)`, which returns a Kind.

/** @import { Children } from "../../web/core/dom.js" */
/** @import { ChoiceKnob, NumberKnob } from "../../web/core/types.d.ts" */

/**
 * The knobs that all kinds share.
 * @typedef {{sequence: ChoiceKnob, window: NumberKnob, model: ChoiceKnob}} SharedKnobs
 *
 * What a kind has to say of its picture: `empty` stands in its place while there is none, a `stale` one shows
 * other values than those of the controls, and beyond `most` a larger W changes nothing.
 * @typedef {{empty?: string, stale?: boolean, most?: number}} State
 *
 * One kind.  All are made at once, so that every picture can be saved, and must cost next to nothing before the
 * first `update`; only the one that is shown is updated.
 * @typedef {object} Kind
 * @property {Children} main - The picture, above the fold.
 * @property {Children} beside - What the model then does, in one or two computed sentences and little more.
 * @property {Children} [below] - Further cards.
 * @property {Children} [controls] - Its own few controls; they stand beside W and stay in sight.
 * @property {boolean} [ownWindow] - Does it have a window of its own, so that W would say nothing?
 * @property {(values: any) => State} update - Shows these values.
 */

/**
 * What was stored for a kind.
 * @param {{data: {extra: Readonly<Record<string, any>>}}} lab
 * @param {string} name - Of the kind.
 * @returns {any}
 */
export const storedOf = (lab, name) => lab.data.extra.stored[name];

/**
 * Bytes that came as letters (base64).
 * @param {string} letters
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const bytesOf = (letters) => Uint8Array.from(window.atob(letters), (letter) => letter.charCodeAt(0));
