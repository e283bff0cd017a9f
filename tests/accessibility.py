"""What a page lacks for those who read it in another way, as axe-core finds it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOK = """async ([within, options]) => {
  const { violations } = await window.axe.run(within, options);
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 90))]);
}"""
# Another colour scheme changes no role, no name and no size.
COLOURS = {"runOnly": ["color-contrast"]}
# Highlighted code is thousands of words in a few colours: in each block one word of each look is
# left to be looked at.  None is a single letter or without letters: axe gives no verdict on those.
MARK_ALIKE = """() => {
  for (const block of document.querySelectorAll("pre")) {
    const seen = new Set();
    for (const word of block.querySelectorAll("span:not(:has(*))")) {
      const { color, backgroundColor, opacity, fontSize, fontWeight } = getComputedStyle(word);
      const look = [word.className, color, backgroundColor, opacity, fontSize, fontWeight].join();
      const judged = /\\w/.test(word.textContent) && word.textContent.trim().length > 1;
      word.toggleAttribute("data-alike", !judged || seen.has(look));
      if (judged) seen.add(look);
    }
  }
}"""
# The words whose colours are looked at: one of each look, and none of a part that is left out.
JUDGED = """(without) => {
  const out = without ? ["[data-alike]", without, `${without} *`] : ["[data-alike]"];
  const selector = `*${out.map((each) => `:not(${each})`).join("")}`;
  window.axe.configure({ rules: [{ id: "color-contrast", selector }] });
}"""
# Each colour is read once: axe reads all backgrounds of every word anew.
SET_UP = """() => {
  const { prototype } = window.axe.commons.color.Color;
  const { parseString } = prototype;
  const known = new Map();
  prototype.parseString = function (text) {
    if (!known.has(text)) {
      const { r, g, b, alpha } = parseString.call(this, text);
      known.set(text, { r, g, b, alpha });
    }
    return Object.assign(this, known.get(text));
  };
}"""


def look(page: Page, within: str, without: str, options: dict) -> list:
    """The rules that are broken, each with the elements that break it."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(SET_UP)
    page.evaluate(MARK_ALIKE)
    page.evaluate(JUDGED, without)
    return page.evaluate(LOOK, [within, {"resultTypes": ["violations"], **options}])


def too_pale(page: Page, within: str = "html", without: str = "") -> list:
    """The words that do not stand out from their background, in the colours of the moment.

    `without` is for a part that is looked at elsewhere in the same colours and width.
    It may lie in a shadow tree.
    """
    return look(page, within, without, COLOURS)


def violations(page: Page, within: str = "html", without: str = "") -> list:
    """The rules that are broken: also roles, names, ids, landmarks, order, everywhere within."""
    return look(page, within, without, {})
