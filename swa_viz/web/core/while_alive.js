// Events of the whole page, for a view that may leave it.

/**
 * Call `act` with the view at every such event, until nobody uses the view any more: the listener does
 * not keep it.
 * @template {object} View
 * @param {EventTarget} target - It outlives the view: the window, the letters of the document.
 * @param {string} type
 * @param {View} view
 * @param {(view: View) => void} act - A function that holds no view itself.
 * @returns {void}
 */
export function whileAlive(target, type, view, act) {
  const held = new WeakRef(view);
  const hear = () => {
    const alive = held.deref();
    if (alive) act(alive);
    else target.removeEventListener(type, hear);
  };
  target.addEventListener(type, hear);
}
