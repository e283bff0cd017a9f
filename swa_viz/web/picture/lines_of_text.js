// Where the lines of a text stand on the page.

/**
 * A line of a text: its words and its place, in CSS pixels of the window.
 * @typedef {{text: string, left: number, right: number, top: number, height: number}} Line
 */

/**
 * The lines of a text node as it stands on the page.
 * @param {Text} node
 * @returns {Line[]}
 */
export function linesOf(node) {
  const range = document.createRange();
  /** @type {Line[]} */
  const lines = [];
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    for (const { left, right, top, height, width } of range.getClientRects()) {
      const last = lines[lines.length - 1];
      if (!width) continue;
      if (!last || Math.abs(last.top - top) > 1) lines.push({ text: word, left, right, top, height });
      else Object.assign(last, { text: `${last.text} ${word}`, left: Math.min(last.left, left), right });
    }
  }
  return lines;
}
