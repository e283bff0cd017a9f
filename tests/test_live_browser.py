"""The live lab: real numbers under a moving hand, and a server for who cannot run the model."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Worker, expect

from tests.visitors import Visit, watch, wipe
from tests.waits import menu_links, rested, until, until_ready

ARRIVES = 30_000
SMALL = "family-w8"  # for what does not depend on the model
FRAME = "await new Promise((done) => requestAnimationFrame(done))"
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws:; worker-src 'self'; object-src 'none'; base-uri 'self'"
)
# The policy as a part of the page, because a test's own answer to a request has no address.
WITH_POLICY = f"""new MutationObserver((_, observer) => {{
  if (!document.head) return;
  const policy = document.createElement("meta");
  Object.assign(policy, {{ httpEquiv: "Content-Security-Policy", content: "{POLICY}" }});
  document.head.prepend(policy);
  observer.disconnect();
}}).observe(document, {{ childList: true, subtree: true }})"""


def the_policy_is_in_force(page: Page) -> None:
    with page.expect_console_message(lambda message: "Content Security" in message.text):
        page.evaluate("fetch('http://127.0.0.1:1/').catch(() => {})")


def move(page: Page, label: str, value: int) -> None:
    """What a hand does that has not let go yet."""
    page.get_by_label(label).first.evaluate(
        "(input, value) => { input.value = value;"
        " input.dispatchEvent(new window.Event('input', {bubbles: true})); }",
        value,
    )


def until_live(page: Page) -> None:
    """Wait for the model in the page, and move W: now it has computed what is shown."""
    until_ready(page)
    move(page, "Window W", 7)
    expect(page.locator(".engine span").first).to_contain_text("in your browser", timeout=ARRIVES)


def messages(page: Page) -> int:
    """The frames that the page has sent over its websocket, counted by the page itself."""
    return page.evaluate("window.sentFrames")


def count_frames(page: Page) -> None:
    page.evaluate(
        "() => { window.sentFrames = 0; const { send } = WebSocket.prototype;"
        " WebSocket.prototype.send = function (...data)"
        " { window.sentFrames++; send.apply(this, data); }; }"
    )


def weights_move_with_the_hand_and_the_server_hears_nothing(page: Page) -> None:
    count_frames(page)
    rested(page)
    own_weight = page.locator(".chip[data-role=query] .weight")
    seen = set()
    for window in (2, 3, 5, 11):
        move(page, "Window W", window)
        expect(page.locator("h2", has_text=f"Window W = {window}")).to_be_visible()
        expect(page.locator(".chip[data-role=key]")).to_have_count(window - 1)
        expect(own_weight).to_have_text(re.compile(r"\d"))
        seen.add(own_weight.text_content())
    assert len(seen) > 1
    assert messages(page) == 0
    page.get_by_label("Window W").first.press("End")
    until(page, lambda: messages(page))


def no_number_of_another_window_is_ever_drawn(page: Page) -> None:
    wrong = page.evaluate(
        f"""async () => {{
          let root = document;
          for (const e of document.querySelectorAll("*"))
            if (e.shadowRoot?.querySelector(".lab")) root = e.shadowRoot;
          const label = [...root.querySelectorAll(".slider label")]
            .find((l) => l.textContent.startsWith("Window W"));
          const input = root.getElementById(label.htmlFor);
          const wrong = [];
          for (let step = 0; step < 60; step++) {{
            input.value = 2 + (step * 7) % 15;
            input.dispatchEvent(new Event("input", {{bubbles: true}}));
            {FRAME};
            const said = [...root.querySelectorAll("h2")]
              .map((h) => /^Window W = (\\d+)/.exec(h.textContent)).find(Boolean)[1];
            const numbers = [...root.querySelectorAll(".chip .weight")]
              .map((w) => w.textContent).filter((t) => /\\d/.test(t));
            const sum = numbers.reduce((a, t) => a + Number(t.replace("<", "")), 0);
            if (numbers.length && (numbers.length != said || Math.abs(sum - 1) > 0.06))
              wrong.push([said, numbers]);
          }}
          return wrong;
        }}"""
    )
    assert wrong == []


def a_letter_typed_is_read_at_once(page: Page) -> None:
    box = page.get_by_label("Your text")
    box.fill("The king said")
    expect(page.locator(".chip")).to_have_count(3)
    box.press("End")
    page.keyboard.type(" unto him")
    expect(page.locator(".chip").last).to_contain_text("him")
    expect(page.locator(".engine")).to_have_attribute("data-engine", "browser")


def the_cone_is_measured_in_the_browser(page: Page) -> None:
    move(page, "Window W", 3)
    expect(page.locator(".finding")).to_contain_text("90 % of", timeout=ARRIVES)
    expect(page.locator(".engine")).to_have_attribute("data-engine", "browser")


def waiting_costs_no_frames(page: Page) -> None:
    """While a slow run is under way the page rests, instead of asking again in every frame."""
    page.get_by_label("Your text").fill("in the beginning was the word " * 30)
    expect(page.locator(".notice")).to_contain_text("the first 128", timeout=ARRIVES)
    expect(page.locator(".finding")).to_contain_text("90 % of", timeout=ARRIVES)
    frames = page.evaluate(
        """async () => {
          const hosts = [...document.querySelectorAll("*")];
          const root = hosts.find((e) => e.shadowRoot?.querySelector(".lab")).shadowRoot;
          let frames = 0;
          const ask = window.requestAnimationFrame;
          window.requestAnimationFrame = (draw) => { frames++; return ask.call(window, draw); };
          const cone = root.querySelector("canvas.cone");
          for (const key of Array(4).fill("ArrowLeft")) {
            cone.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
            await new Promise((done) => ask.call(window, done));
          }
          await new Promise((done) => setTimeout(done, 1000));
          window.requestAnimationFrame = ask;
          return frames;
        }"""
    )
    assert frames < 15


def the_model_stays_when_the_visitor_turns_to_another_page(page: Page) -> None:
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    menu_links(page).filter(has_text="Layers").click()
    expect(page.locator(".finding")).to_be_visible(timeout=ARRIVES)
    move(page, "Window W", 3)
    expect(page.locator(".engine")).to_contain_text("in your browser", timeout=ARRIVES)
    assert not [url for url in fetched if "/live/" in url]


def patterns_sinks_and_edits_run_in_the_browser_too(page: Page) -> None:
    move(page, "Window W", 3)
    page.locator(".button.more").click()
    page.get_by_label("Pattern of layer 3").select_option("f")
    expect(page.locator("h2", has_text="Layer 3: full attention")).to_be_visible()
    move(page, "Sink tokens S", 2)
    page.get_by_label("Pattern of layer 4").select_option("d")
    words = page.locator(".chip").all_inner_texts()
    page.locator(".chip").nth(3).click()  # "orm" of "storm"
    expect(page.get_by_text("“storm”, tokens 3 to 4:")).to_be_visible()
    page.get_by_role("button", name="Drop").click()
    expect(page.get_by_text("Tokens 3 to 4 are dropped.")).to_be_visible()
    expect(page.locator(".chip")).to_have_count(len(words) - 2, timeout=ARRIVES)
    expect(page.locator(".changes")).to_contain_text("change", timeout=ARRIVES)
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
        re.compile(r"\d"), timeout=ARRIVES
    )
    expect(page.locator(".engine span").first).to_have_text(
        re.compile(r"^computed in your browser \(\d+ ms a run\)$")
    )


def worker_of(page: Page) -> Worker:
    """The model's worker: the page may have others."""
    (worker,) = [worker for worker in page.workers if "/live/worker" in worker.url]
    return worker


def an_answer_that_throws_comes_from_the_server(page: Page) -> None:
    once = "() => { const { now } = performance; performance.now = () => {"
    worker_of(page).evaluate(f"{once} performance.now = now; throw new Error('odd'); }}; }}")
    page.get_by_label("Your text").fill("Once upon a time")
    page.get_by_label("Your text").press("Enter")
    expect(page.locator(".chip").first).to_have_text(re.compile("^O"), timeout=ARRIVES)
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
        re.compile(r"\d"), timeout=ARRIVES
    )
    move(page, "Window W", 3)
    expect(page.locator(".engine")).to_have_attribute("data-engine", "browser", timeout=ARRIVES)


def a_model_that_stops_leaves_the_server(page: Page) -> None:
    worker_of(page).evaluate("() => { setTimeout(() => { throw new Error('memory'); }); }")
    badge = page.locator(".engine")
    expect(badge).to_contain_text("The server computes instead.", timeout=ARRIVES)
    page.get_by_label("Your text").fill("The king said")
    page.get_by_label("Your text").press("Enter")
    expect(page.locator(".chip").first).to_have_text(re.compile("^The"), timeout=ARRIVES)
    expect(badge).to_contain_text("computed on the server", timeout=ARRIVES)
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(re.compile(r"\d"))


# What holds in a page whose model runs: one after the other, as to open it costs more than all.
HOLDS = {
    "": [],
    "attention": [
        weights_move_with_the_hand_and_the_server_hears_nothing,
        no_number_of_another_window_is_ever_drawn,
        a_letter_typed_is_read_at_once,
        the_model_stays_when_the_visitor_turns_to_another_page,
    ],
    "layers": [the_cone_is_measured_in_the_browser, waiting_costs_no_frames],
}


@pytest.fixture(scope="module")
def strict(chromium_browser, app_url) -> Iterator[Visit]:
    """A page under a policy that adds WebAssembly only, of which a violation is an error."""
    context = chromium_browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context.new_page(), live=True)
    watch(visit, app_url)
    visit.page.add_init_script(WITH_POLICY)
    yield visit
    context.close()


@pytest.fixture
def newcomer(strict, app_url) -> Visit:
    """A new visitor in that page: it was wiped (tests/visitors.py)."""
    wipe(strict.page, app_url)
    strict.problems.clear()
    return strict


@pytest.mark.parametrize("path", HOLDS)
def test_the_picture_comes_first_and_then_the_model(newcomer, app_url, path):
    page = newcomer.page
    page.goto(f"{app_url}/{path}")
    badge = page.locator(".engine")
    expect(badge).to_contain_text("on the server", timeout=ARRIVES)
    until_live(page)
    expect(page.locator(".engine")).to_have_attribute("data-engine", "browser")
    for holds in HOLDS[path]:
        holds(page)
    assert newcomer.problems == []
    the_policy_is_in_force(page)
    assert any("Content Security" in problem for problem in newcomer.problems)


WITHOUT = {
    "no WebAssembly": "delete window.WebAssembly",
    "little memory": "Object.defineProperty(navigator, 'deviceMemory', {get: () => 1})",
    "data are saved": "Object.defineProperty(navigator, 'connection',"
    " {get: () => ({saveData: true})})",
}


# What holds too where the model was started by hand.
STARTED = {
    "no WebAssembly": [],
    "little memory": [patterns_sinks_and_edits_run_in_the_browser_too],
    "data are saved": [
        an_answer_that_throws_comes_from_the_server,
        a_model_that_stops_leaves_the_server,
    ],
}


@pytest.mark.parametrize("what", WITHOUT)
def test_who_cannot_run_the_model_is_served(chromium_browser, app_url, what):
    context = chromium_browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.add_init_script(WITHOUT[what])
    page.goto(f"{app_url}/attention?model={SMALL}")
    expect(page.locator(".engine")).to_contain_text("on the server", timeout=ARRIVES)
    page.get_by_label("Window W").first.fill("9")
    expect(page.locator("h2", has_text=re.compile("^Window W = 9$"))).to_be_visible(timeout=ARRIVES)
    assert not [url for url in fetched if ".gz" in url]
    offered = page.get_by_role("button", name="Run it here")
    assert offered.count() == (0 if what == "no WebAssembly" else 1)
    if offered.count():
        offered.click()
        until_live(page)
    for holds in STARTED[what]:
        holds(page)
    context.close()


def test_a_broken_download_leaves_the_server(newcomer, app_url):
    page = newcomer.page
    page.route("**/*.safetensors.gz", lambda route: route.fulfill(status=500, body="broken"))
    page.goto(f"{app_url}/attention")
    expect(page.locator(".engine")).to_contain_text("on the server", timeout=ARRIVES)
    expect(page.locator(".engine")).not_to_contain_text(
        re.compile("loading|starting"), timeout=ARRIVES
    )
    page.get_by_label("Window W").first.fill("9")
    expect(page.locator("h2", has_text=re.compile("^Window W = 9$"))).to_be_visible(timeout=ARRIVES)
    expect(page.locator(".engine")).to_contain_text("on the server")
