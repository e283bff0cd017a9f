// Cone view: layers of tokens, and everything that one token on top can be reached from.
//
// render(element, data, callbacks) -> {update}
//   data: {tokens, schedule, nRows, query, locked, shares | null}
//   `schedule`: one pattern for each layer that counts; `nRows`: layers that the model has.
//   `shares[l][position]`: measured influence in row l; null while it is on its way: then the
//   outline, which is exact, stands alone and the cells are hatched.
//   callbacks: onPick(query | null), onLock(query | null)

import { columns, NARROW } from "./columns.js";
import { drawCells, drawLight, drawRoute, drawRows, drawWindows, drawWords } from "./cone_drawing.js";
import { h, onWidth } from "../core/dom.js";
import { counted, percent } from "../../wording/numbers.js";
import { reachable, route } from "../../reach.js";
import { numbered, runs } from "../../patterns/rule.js";
import { readable } from "../../wording/text.js";
import { fontOf, palette } from "../core/theme.js";

const ROW = 54;
const BOX = 22;
const TOP = 26;
const FOOT = 66;

const clamp = (number, most) => Math.min(Math.max(number, 0), most);

export function render(element, data, callbacks) {
  const canvas = h("canvas", {
    class: "cone",
    tabindex: 0,
    role: "slider",
    "aria-label": "The token on top. Arrow keys pick another, Enter locks it, Escape unlocks.",
  });
  const told = h("p", { class: "told" });
  const spoken = h("p", { class: "sr-only", role: "status" });
  element.replaceChildren(canvas, told, spoken);
  const context = canvas.getContext("2d");
  let current = data;
  let width = 320;
  let reached = [];
  let cell = null; // the cell that a visitor points at while the top token is locked
  let place = null;

  function measure() {
    const density = window.devicePixelRatio || 1;
    const height = TOP + ROW * current.nRows + BOX + FOOT;
    place = {
      ...columns(width, current.tokens.length),
      width,
      height,
      density,
      box: BOX,
      narrow: width < NARROW,
      top: (row) => TOP + ROW * (current.nRows - row),
    };
    const [w, tall] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width === w && canvas.height === tall) return;
    [canvas.width, canvas.height] = [w, tall];
    canvas.style.height = `${height}px`;
  }

  function paint() {
    if (!element.isConnected || !current.tokens.length) return;
    measure();
    const { tokens, schedule, query } = current;
    reached = reachable(schedule, query, tokens.length);
    const way = cell ? route(schedule, query, cell.row, cell.position) : null;
    context.setTransform(place.density, 0, 0, place.density, 0, 0);
    context.clearRect(0, 0, place.width, place.height);
    const font = fontOf(element);
    const scene = { ...current, context, place, reached, cell, way, font, colours: palette(element) };
    [drawLight, drawRows, drawCells, drawWindows, drawRoute, drawWords].forEach((draw) => draw(scene));
    tell(way);
  }

  const name = (position) => `“${readable(current.tokens[position])}” (token ${position + 1})`;
  const rowName = (row) => (row ? `layer ${row}` : "the text");

  function tell(way) {
    const { tokens, query, schedule, locked } = current;
    const heard = reached[0].reduce((a, b) => a + b, 0);
    const positions = [...reached[0].keys()].filter((position) => reached[0][position]);
    const which = runs(positions).length === 1 ? `, back to ${name(positions[0])}` : `: ${numbered(positions)}`;
    const summary = `After ${counted(schedule.length, "layer")}, ${name(query)} can hear ${heard} of ${counted(tokens.length, "token")}${which}.`;
    const invitation =
      locked === null
        ? "Click to lock it, then point at a token below to see one way the information can take."
        : "Locked: point at a token below to see one way the information can take.";
    told.textContent = cell ? cellText(way) : `${summary} ${invitation}`;
    spoken.textContent = cell ? cellText(way) : summary;
    canvas.setAttribute("aria-valuemin", 1);
    canvas.setAttribute("aria-valuemax", tokens.length);
    canvas.setAttribute("aria-valuenow", query + 1);
    canvas.setAttribute("aria-valuetext", `${name(query)}${locked === null ? "" : ", locked"}`);
  }

  function cellText(way) {
    const { row, position } = cell;
    const { query, schedule, shares } = current;
    const here = `${name(position)} in ${rowName(row)}`;
    if (position > query) return `${here} comes later: nothing of it can reach ${name(query)}.`;
    if (!way)
      return `${here} is ${counted(query - position, "token")} back: out of reach after ${counted(schedule.length, "layer")}.`;
    const hops = way.filter((at, i) => i && at !== way[i - 1]).length;
    const measured = shares ? `; measured influence ${percent(shares[row][position])} of this row` : "";
    return `${here}: ${counted(query - position, "token")} back, reached in ${counted(hops, "hop")}${measured}.`;
  }

  function pointed(event) {
    const box = canvas.getBoundingClientRect();
    const position = place.at(event.clientX - box.left);
    if (position === null) return null;
    const row = current.nRows - Math.round((event.clientY - box.top - TOP - BOX / 2) / ROW);
    return { position, row: clamp(row, current.schedule.length) };
  }

  function point(event) {
    const next = event && pointed(event);
    if (current.locked === null) return callbacks.onPick(next?.position ?? null);
    if (next?.row === cell?.row && next?.position === cell?.position) return;
    cell = next;
    paint();
  }

  canvas.addEventListener("pointermove", point);
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("click", (event) => {
    const next = pointed(event);
    if (!next) return;
    cell = null;
    callbacks.onLock(next.position === current.locked ? null : next.position);
  });
  canvas.addEventListener("keydown", (event) => {
    if (current.fixed) return;
    const { query, locked, tokens } = current;
    const last = tokens.length - 1;
    const moves = {
      ArrowLeft: query - 1,
      ArrowRight: query + 1,
      ArrowDown: query - 1,
      ArrowUp: query + 1,
      Home: 0,
      End: last,
    };
    if (event.key in moves) {
      const next = clamp(moves[event.key], last);
      if (locked === null) callbacks.onPick(next);
      else callbacks.onLock(next);
      // The next key may come before the next frame.
      current = { ...current, query: next, locked: locked === null ? null : next };
    } else if (event.key === "Enter" || event.key === " ") callbacks.onLock(locked === null ? query : null);
    else if (event.key === "Escape") callbacks.onLock(null);
    else return;
    cell = null;
    event.preventDefault();
  });

  function update(next) {
    current = next;
    const inside = cell && next.locked !== null && cell.position < next.tokens.length;
    if (!inside) cell = null;
    else cell.row = Math.min(cell.row, next.schedule.length);
    paint();
  }

  onWidth(element, (now) => {
    width = now;
    paint();
  });
  return { update };
}
