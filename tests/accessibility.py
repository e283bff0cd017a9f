"""What a page lacks for those who read it in another way, as axe-core finds it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOK = """async ([within, options]) => {
  const { violations } = await window.axe.run(within, options);
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 90))]);
}"""
# Another colour scheme changes no role, no name and no size.
COLOURS = {"runOnly": ["color-contrast"]}


def violations(page: Page, within: str | dict = "html", only: dict | None = None) -> list:
    """The rules that are broken, each with the elements that break it.

    `only=COLOURS` is for a page that was looked at in full before, in other colours.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(LOOK, [within, {"resultTypes": ["violations"], **(only or {})}])
