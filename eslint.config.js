// How our JavaScript is held: as plain and as short as our Python, and without markup made from text.

import js from "@eslint/js";

// What a module may use of the browser, floor by floor.  Facts use the language alone.
const ANSWERS = ["TextDecoder", "performance"];
const WORKER = [...ANSWERS, "Blob", "DecompressionStream", "Response", "WebAssembly", "crypto", "fetch", "self"];
const SCREEN = [
  "Blob",
  "DOMMatrix",
  "DOMRect",
  "Element",
  "HTMLCanvasElement",
  "Node",
  "ShadowRoot",
  "SVGElement",
  "SVGGraphicsElement",
  "SVGTextElement",
  "Text",
  "XMLSerializer",
  "HTMLElement",
  "ImageData",
  "Path2D",
  "ResizeObserver",
  "URL",
  "document",
  "fetch",
  "getComputedStyle",
  "navigator",
  "requestAnimationFrame",
  "clearTimeout",
  "setTimeout",
  "window",
];
const ENGINE = ["Blob", "Worker", "URL", "atob", "clearInterval", "document", "navigator", "setInterval"];
// A bundle ends with its host, and `render` is the lab's own.
const HOSTS = ["HTMLElement", "URL", "URLSearchParams", "document", "setTimeout", "window", "render"];

const using = (names) => ({ globals: Object.fromEntries(names.map((name) => [name, "readonly"])) });

const MARKUP = "Markup is never made from text: build elements with h() and svg() of web/core/dom.js.";
const MAKES_MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "createContextualFragment"];

const RULES = {
  ...js.configs.recommended.rules,
  complexity: ["error", 10],
  eqeqeq: "error",
  "max-len": ["error", 120],
  "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
  "max-statements": ["error", 40],
  "no-eval": "error",
  "no-implicit-globals": "error",
  "no-implied-eval": "error",
  // A range of marks that join their neighbours is no mistake where it is written in escapes.
  "no-misleading-character-class": ["error", { allowEscape: true }],
  "no-nested-ternary": "error",
  "no-new-func": "error",
  "no-restricted-properties": [
    "error",
    ...MAKES_MARKUP.map((property) => ({ property, message: MARKUP })),
    { object: "document", property: "write", message: MARKUP },
    { object: "document", property: "writeln", message: MARKUP },
  ],
  "no-unused-vars": ["error", { args: "after-used", caughtErrors: "all" }],
  "no-var": "error",
  "prefer-const": "error",
};

export default [
  { ignores: ["swa_viz/web/static/", "build/", ".venv/"] },
  {
    files: ["**/*.js"],
    // A rule that must yield somewhere yields in this file, where its reason stands.
    linterOptions: { noInlineConfig: true },
    rules: RULES,
  },
  { files: ["swa_viz/answers/*.js", "swa_viz/models/*.js"], languageOptions: using(ANSWERS) },
  { files: ["swa_viz/answers/worker.js", "swa_viz/browser_model/*.js"], languageOptions: using(WORKER) },
  { files: ["swa_viz/web/engine/*.js"], languageOptions: using(ENGINE) },
  {
    files: [
      "swa_viz/web/core/*.js",
      "swa_viz/web/picture/*.js",
      "swa_viz/web/views/*.js",
      "swa_viz/web/*.js",
      "swa_viz/lessons/**/*.js",
    ],
    languageOptions: using(SCREEN),
  },
  { files: ["swa_viz/web/hosts/*.js", "swa_viz/web/{knobs,wishes}.js"], languageOptions: using(HOSTS) },
  // Python's strip takes some control characters away, so the same function here must name them.
  { files: ["swa_viz/answers/text_input.js"], rules: { "no-control-regex": "off" } },
  // This one is loaded as it is, before the page is drawn.
  { files: ["swa_viz/export/embed.js"], languageOptions: { sourceType: "script", ...using(["document", "window"]) } },
];
