// The card for any other model: paste its config.json, or open the file, and see which keys decided.  The
// file is read here; it is sent nowhere.

/** @import { ConfigFacts } from "../../presets/config_families.js" */
/** @import { Reading } from "../../presets/config_reader.js" */
/** @import { ModelsLab } from "./controls.js" */

import { parseConfig, readPreset } from "../../presets/config_reader.js";
import { ENOUGH, readGguf } from "../../presets/gguf_header.js";
import { button } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { OWN } from "./controls.js";

const GGUF = "GGUF";
const LEAD =
  "Paste the config.json of a model, or open it, or a GGUF file. It is read in your browser and sent nowhere. " +
  "The model becomes the second one above.";

/**
 * What a file says: the text of a config.json, or the header of a GGUF file.
 * @param {File} file
 * @returns {Promise<{text: string, config: () => unknown}>} `text` is shown; it is "" for a GGUF file.
 */
async function contentsOf(file) {
  const data = new Uint8Array(await file.slice(0, ENOUGH).arrayBuffer());
  const isGguf = String.fromCharCode(...data.slice(0, GGUF.length)) === GGUF;
  if (isGguf) return { text: "", config: () => readGguf(data) };
  const text = await file.slice(0, ENOUGH + 1).text();
  return { text, config: () => parseConfig(text) };
}

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement}}
 */
export function render(lab) {
  const facts = /** @type {ConfigFacts} */ (lab.data.extra.config);
  const area = h("textarea", {
    ...{ rows: 4, spellcheck: "false", autocomplete: "off", "aria-label": "config.json" },
    ...{ placeholder: '{"model_type": …}', oninput: () => read(() => parseConfig(area.value)) },
  });
  const picker = h("input", { type: "file", accept: ".json,.gguf,application/json", onchange: open });
  const said = h("p", { class: "read", role: "status" });
  const found = h("div", { class: "found" });
  const example = button("Try an example with a trap", () => show(String(lab.data.extra.example)));
  const actions = h("div", { class: "row" }, h("label", { class: "picker" }, "Open a file ", picker), example);
  const frame = card("Your own model", LEAD, area, actions, said, found);
  frame.element.dataset.view = "config";

  /** @param {string} text */
  function show(text) {
    area.value = text;
    read(() => parseConfig(text));
  }
  /**
   * Show what was read, or why it could not be.
   * @param {() => unknown} config
   */
  function read(config) {
    try {
      const reading = readPreset(config(), facts);
      said.textContent = `Read as ${reading.preset.label}; the family is ${reading.family}.`;
      found.replaceChildren(...partsOf(reading));
      lab.commit({ own: reading, second: OWN });
    } catch (error) {
      const isEmpty = !area.value.trim() && !picker.value;
      said.textContent = isEmpty ? "" : `This cannot be read: ${/** @type {Error} */ (error).message}.`;
      found.replaceChildren();
    }
  }
  async function open() {
    const [file] = picker.files ?? [];
    if (!file) return;
    const { text, config } = await contentsOf(file);
    area.value = text;
    read(config);
  }
  return { element: frame.element };
}

/**
 * The keys that decided, and what should be known.
 * @param {Reading} reading
 */
function partsOf({ decided, warnings }) {
  const head = ["key", "value", "what it decides"].map((words) => h("th", { scope: "col" }, words));
  const rows = decided.map(({ key, value, means }) =>
    h("tr", {}, h("th", { scope: "row" }, h("code", {}, key)), h("td", {}, h("code", {}, value)), h("td", {}, means)),
  );
  const table = h("table", { class: "facts" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
  if (!warnings.length) return [table];
  const list = h(
    "ul",
    { class: "warnings" },
    warnings.map((warning) => h("li", {}, warning)),
  );
  return [table, h("h3", {}, "What to watch for"), list];
}
