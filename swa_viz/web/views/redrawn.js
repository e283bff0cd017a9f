// What most views do after they have opened: they draw anew for all new data, and at every width.

import { onWidth } from "../core/dom.js";

/**
 * Keep a view drawn; it shows nothing before its first update.
 * @template Data
 * @template {{width: number, data: Data | null}} View
 * @param {HTMLElement} element
 * @param {View} view
 * @param {(view: View) => void} paint
 * @returns {{update: (data: Data) => void}}
 */
export function redrawn(element, view, paint) {
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  return {
    update(data) {
      view.data = data;
      paint(view);
    },
  };
}
