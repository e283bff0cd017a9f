"""A visitor finds nothing of the one who was there before, though the page is the same."""

from playwright.sync_api import expect

from tests.visitors import Visitors
from tests.waits import until_ready

ICON = "app/static/icon.png"
LEAVE_TRACES = """async () => {
  window.name = document.cookie = "one=1";
  localStorage.setItem("one", 1);
  sessionStorage.setItem("one", 1);
  history.pushState({}, "", "?one=1");
  await (await caches.open("one")).put("/one", new Response("1"));
  await new Promise((done) => (indexedDB.open("one").onsuccess = done));
  globalThis.one = 1;
}"""
TRACES = """async () => ({
  name: window.name,
  cookie: document.cookie,
  local: localStorage.length,
  session: sessionStorage.length,
  steps: history.length,
  caches: await caches.keys(),
  databases: await indexedDB.databases(),
  one: globalThis.one ?? null,
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
  print: matchMedia("print").matches,
  hovered: document.querySelectorAll(":hover").length,
  width: innerWidth,
})"""


def test_nothing_is_left(chromium_browser, app_url):
    visitors = Visitors(chromium_browser, app_url, ICON)
    address = f"{app_url}/{ICON}"
    first = visitors.come(dark=True, width=390, height=300)
    first.page.goto(address)
    first.page.emulate_media(media="print")
    first.page.route("**/*", lambda route: route.abort())
    first.page.mouse.move(100, 100)
    first.page.evaluate(LEAVE_TRACES)
    first.problems.append("console error")
    visitors.leave(first)

    second = visitors.come(dark=False, width=800, height=300)
    assert second.page.url == "about:blank"
    second.page.goto(address)
    new = Visitors(chromium_browser, app_url, ICON).come(dark=False, width=800, height=300)
    new.page.goto(address)
    assert second.page is first.page is not new.page
    assert second.page.evaluate(TRACES) == new.page.evaluate(TRACES)
    assert second.problems == []
    for visit in (second, new):
        visit.page.context.close()


def test_who_come_live_one_after_the_other_share_the_opened_model(readers, site_url):
    """The second one fetches nothing of the model, and no page has a worker of its own."""
    fetched = []
    for _ in range(2):
        fetched.clear()
        visit = readers.come(dark=False, width=1280, height=900, live=True)
        visit.page.context.on("request", lambda request: fetched.append(request.url))
        visit.page.goto(f"{site_url}attention.html?window=4")
        until_ready(visit.page)
        visit.page.get_by_role("slider", name="Window W", exact=True).press("ArrowRight")
        expect(visit.page.locator(".engine")).to_contain_text("in your browser")
        assert visit.page.workers == [] and visit.problems == []
        readers.leave(visit)
    assert fetched and not [url for url in fetched if "/live/" in url]
