"""What a page lacks for those who read it in another way, as axe-core finds it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOK = """async ([within, options]) => {
  const { violations } = await window.axe.run(within, options);
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 90))]);
}"""
# Another colour scheme changes no role, no name and no size.
COLOURS = {"runOnly": ["color-contrast"]}
ALL_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
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
# One word of each look, and each colour read once: axe reads all backgrounds of every word anew.
SET_UP = """() => {
  const { axe } = window;
  axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-alike])" }] });
  const { prototype } = axe.commons.color.Color;
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


def look(page: Page, within: str, without: list, options: dict) -> list:
    """The rules that are broken, each with the elements that break it."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(SET_UP)
    where = {"include": [within], "exclude": without}
    return page.evaluate(LOOK, [where, {"resultTypes": ["violations"], **options}])


def too_pale(page: Page, within: str = "html", without: str | dict = "") -> list:
    """The words that do not stand out from their background, in the colours of the moment.

    `without`, a selector in axe's words, is for a part that is looked at elsewhere in the same
    colours and width.
    """
    page.evaluate(MARK_ALIKE)
    return look(page, within, [without] if without else [], COLOURS)


def unclear(page: Page, within: str = "html") -> list:
    """What all other rules find: roles, names, ids, landmarks, order."""
    return look(page, within, [], ALL_BUT_COLOURS)


def violations(page: Page, within: str = "html") -> list:
    """The rules that are broken, each with the elements that break it."""
    return too_pale(page, within) + unclear(page, within)
