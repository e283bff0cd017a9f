// The lines of HTML that put a lab into somebody else's page.

/**
 * How large a frame is: as a style sheet says it, and whether its height follows its content.
 * @typedef {{words: string, width: string, height: number, grows: boolean}} Size
 */

/** @type {Record<string, Size>} */
export const SIZES = {
  grows: { words: "full width, as high as it needs", width: "100%", height: 450, grows: true },
  wide: { words: "full width × 450", width: "100%", height: 450, grows: false },
  slide: { words: "800 × 600", width: "800px", height: 600, grows: false },
};

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** @param {string} text */
const escaped = (text) => text.replace(/[&"<>]/g, (sign) => ENTITIES[sign]);

// The frame tells its height, and only the frame itself is believed.
const LISTENER = [
  "<script>",
  'addEventListener("message", function (event) {',
  '  if (!event.data || event.data.type !== "swa-viz:height") return;',
  '  document.querySelectorAll("iframe").forEach(function (frame) {',
  '    if (frame.contentWindow === event.source) frame.style.height = Number(event.data.height) + "px";',
  "  });",
  "});",
  `</${"script"}>`,
];

/**
 * The lines for a page.
 * @param {string} address
 * @param {Size} size
 * @param {string} title - What the frame is called by those who cannot see it.
 * @returns {string}
 */
export function snippet(address, { width, height, grows }, title) {
  const style = `width:${width};height:${height}px;border:0`;
  const frame = `<iframe src="${escaped(address)}" title="${escaped(title)}" style="${style}" loading="lazy"></iframe>`;
  return [frame, ...(grows ? LISTENER : [])].join("\n");
}
