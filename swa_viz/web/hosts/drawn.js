// A page keeps a lab's room and hides it until it is drawn, so that nothing moves before the eyes of a
// visitor: neither the words below it, nor the parts of the lab that find their size in its first frame.

/**
 * Tell the page that the lab is drawn, once it has its size.
 * @param {Element} element - It gets the attribute that the page's style sheet looks for.
 * @returns {void}
 */
export function sayDrawn(element) {
  const { requestAnimationFrame } = window;
  requestAnimationFrame(() => requestAnimationFrame(() => element.toggleAttribute("data-drawn", true)));
}
