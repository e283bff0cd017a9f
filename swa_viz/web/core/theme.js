// Colours: one picture language on all pages (Okabe-Ito hues, each with a second sign elsewhere),
// and one perceptually even scale, viridis, for weights and scores.

const VIRIDIS = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
];

// share 0..1 -> [red, green, blue], straight lines between the anchors of viridis.
export function scaleColour(share) {
  const place = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const low = Math.min(Math.floor(place), VIRIDIS.length - 2);
  return VIRIDIS[low].map((c, i) => Math.round(c + (place - low) * (VIRIDIS[low + 1][i] - c)));
}

// "#rrggbb" or "rgb(r, g, b)" -> [red, green, blue]
function parseColour(text) {
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? [...text.slice(1)].map((c) => c + c).join("") : text.slice(1, 7);
    return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
  }
  return text
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);
}

// The looks of each lab: reading them costs the browser a pass over its styles, so it is done once.
const looks = new WeakMap();

// Set data-theme on the root from the background that the host page gives us, and call `redraw`
// when that background changes.  A host without theme variables follows the system.
export function followTheme(root, redraw) {
  const sense = () => {
    looks.delete(root);
    const [red, green, blue] = parseColour(getComputedStyle(root).getPropertyValue("background-color"));
    const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
    const changed = root.dataset.theme !== (dark ? "dark" : "light");
    root.dataset.theme = dark ? "dark" : "light";
    return changed;
  };
  sense();
  root.addEventListener("transitionend", (event) => {
    if (event.target === root && sense()) redraw();
  });
}

function readLooks(element) {
  const style = getComputedStyle(element);
  const names = ["query", "key", "outside", "pinned", "reach", "evicted", "pending", "paper", "ink", "line"];
  const colours = Object.fromEntries(
    names.map((name) => [name, parseColour(style.getPropertyValue(`--${name}`).trim())]),
  );
  return { colours, font: style.fontFamily };
}

function looksOf(element) {
  const root = element.closest(".lab") ?? element;
  if (!looks.has(root)) looks.set(root, readLooks(element));
  return looks.get(root);
}

// The named colours of the picture language as [red, green, blue], read from the style sheet.
export const palette = (element) => looksOf(element).colours;

// The family of letters for a canvas.
export const fontOf = (element) => looksOf(element).font;

export function rgb([red, green, blue], alpha = 1) {
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}
