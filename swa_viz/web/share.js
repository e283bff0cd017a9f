// Share: the link to this view, the lines that put it into another page, and the page in one file.

/** @import { AnyLab } from "./lab.js" */

import { button, copyButton } from "./core/controls.js";
import { h } from "./core/dom.js";
import { handOver } from "./core/hand_over.js";
import { linkTo, wholePage } from "./link.js";
import { framePart } from "./share_frame.js";

/** @type {Record<string, string>} */
const FILES = { whole: "With the model (at most 15 MB)", light: "Light: some windows only (at most 2 MB)" };

/** @typedef {ReturnType<typeof openPanel>} Panel */

/**
 * The buttons below a lab's picture, and the panel that they open.
 * @param {AnyLab} lab
 * @param {HTMLElement} element - Where they stand.
 * @returns {{open: (view: string) => void}} `open` shows the panel with one picture chosen.
 */
export function render(lab, element) {
  if (lab.data.embedded) {
    element.append(wayOut(lab));
    return { open: () => {} };
  }
  const room = h("div", { class: "share-panel card", id: `share-${lab.data.name}`, hidden: true });
  let panel = /** @type {Panel | null} */ (null);
  const opener = button("Share", () => set(Boolean(room.hidden)), {
    "aria-expanded": "false",
    "aria-controls": room.id,
  });
  /** @param {boolean} isOpen */
  function set(isOpen) {
    room.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    panel ??= openPanel(lab, room);
    panel.update();
  }
  /** @param {string} view */
  function open(view) {
    set(true);
    panel?.choose(view);
    room.scrollIntoView({ block: "nearest" });
  }
  const buttons = h(
    "div",
    { class: "row" },
    copyButton("Copy link to this view", () => linkTo(lab).href),
    opener,
  );
  element.append(buttons, room);
  return { open };
}

/**
 * From a frame to the page itself.
 * @param {AnyLab} lab
 */
function wayOut(lab) {
  const link = h("a", { href: wholePage(lab).href, target: "_blank", rel: "noopener" }, "Open the whole page");
  link.addEventListener("click", () => (link.href = wholePage(lab).href));
  return link;
}

/**
 * @param {AnyLab} lab
 * @param {HTMLElement} room
 */
function openPanel(lab, room) {
  const link = h("input", { type: "text", readonly: true, "aria-label": "The link to this view" });
  const update = () => {
    link.value = linkTo(lab).href;
    frame?.update();
  };
  // A file on a disk has no address that another page could show.
  const frame = window.location.protocol.startsWith("http") ? framePart(lab, update) : null;
  room.append(
    h("h2", {}, "Share this view"),
    h("h3", {}, "Link"),
    h("p", { class: "lead" }, `It leads to exactly this view${lab.data.knobs.text ? ", with your text" : ""}.`),
    h(
      "div",
      { class: "share-line" },
      link,
      copyButton("Copy", () => link.value),
    ),
    ...(frame?.parts ?? []),
    ...fileParts(lab),
  );
  lab.root.addEventListener("change", update);
  return { update, choose: frame?.choose ?? (() => {}) };
}

/**
 * The part with the page in one file, which the server writes; elsewhere a command line does.
 * @param {AnyLab} lab
 */
function fileParts(lab) {
  const { name, files } = lab.data;
  const kinds = Object.keys(files);
  if (!kinds.length) return [];
  const said = h("p", { class: "notice", role: "status" });
  const chosen = lab.data.knobs.model ? ` --model ${lab.data.model.name}` : "";
  return [
    h("h3", {}, "One file"),
    h("p", { class: "lead" }, "The page as it stands in one HTML file, which works without any server."),
    h(
      "div",
      { class: "row" },
      kinds.map((kind) => button(FILES[kind], () => fetchFile(lab, kind, said))),
    ),
    said,
    h("p", { class: "lead" }, "On a command line: ", h("code", {}, `python -m swa_viz.export file ${name}${chosen}`)),
  ];
}

/**
 * @param {AnyLab} lab
 * @param {string} kind - "whole", with the model in it, or "light".
 * @param {HTMLElement} said
 */
async function fetchFile(lab, kind, said) {
  said.textContent = "The file is being written…";
  const knobs = Object.fromEntries(Object.keys(lab.data.knobs).map((knob) => [knob, lab.values[knob]]));
  try {
    const answer = await fetch(lab.data.files[kind], { method: "POST", body: JSON.stringify(knobs) });
    if (!answer.ok) throw new Error(answer.status === 422 ? await answer.text() : "this server cannot write files");
    handOver(await answer.blob(), `${lab.data.name}${kind === "light" ? "-light" : ""}.html`);
    said.textContent = "";
  } catch (error) {
    said.textContent = `The file was not written: ${error instanceof Error ? error.message : "no answer"}.`;
  }
}
