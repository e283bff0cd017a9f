"""A visitor finds nothing of the one who was there before, though the page is the same."""

from tests.visitors import Visitors

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
    visitors = Visitors(chromium_browser, app_url)
    address = f"{app_url}/app/static/icon.png"
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
    new = Visitors(chromium_browser, app_url).come(dark=False, width=800, height=300)
    new.page.goto(address)
    assert second.page is first.page is not new.page
    assert second.page.evaluate(TRACES) == new.page.evaluate(TRACES)
    assert second.problems == []
    for visit in (second, new):
        visit.page.context.close()
