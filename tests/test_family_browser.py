"""The window family lives in the browser too: on static pages of its own, and on the server's."""

import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.browser_model.files import AT_FIRST, files_of, manifest
from swa_viz.export.lab_data import BUNDLED
from swa_viz.lessons.attention.lesson import SENTENCE
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow
from tests.visitors import Visit, watch
from tests.waits import ARRIVES_MS, copied_link, menu_links, until_ready

pytestmark = pytest.mark.skipif(manifest() is None, reason="static/live was not built (make live)")
MEMBER, LAYER, WINDOW = "family-w8", 3, 5
TEXT = "The king said unto the people of the land"


def settle(page: Page) -> None:
    """Wait for the model in this browser, and move W by one: now it has computed what is shown."""
    until_ready(page)
    page.get_by_role("slider", name="Window W", exact=True).press("ArrowRight")
    expect(page.locator(".engine")).to_contain_text("in your browser (", timeout=ARRIVES_MS)


def in_python(name: str) -> list[float]:
    """What the last token of the sentence gives to the tokens in its window, mean of all heads."""
    model = load_model(name)
    trace = model.run(model.encode(SENTENCE), (SlidingWindow(WINDOW),) * model.n_layers)
    return trace.layers[LAYER - 1].weights[:, -1].mean(0)[-WINDOW:].tolist()


def on_screen(page: Page) -> list[float]:
    """The weights under the tokens; "<.01" is the least that is shown."""
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(re.compile(r"\d"))
    shown = page.locator(".chip .weight").all_text_contents()
    return [float(text.replace("<", "0")) for text in shown if text]


def test_a_page_about_a_member_computes_what_python_computes(open_site):
    asked = []
    page = open_site(
        f"attention-{MEMBER}.html",
        live=True,
        before=lambda page: page.on("request", lambda sent: asked.append(sent.url)),
    )
    expect(page.locator(".engine")).to_contain_text("computed in Python")
    settle(page)
    page.wait_for_url(re.compile(rf"attention-{MEMBER}\.html\?window={WINDOW}$"))
    assert on_screen(page) == pytest.approx(in_python(MEMBER), abs=0.011)
    assert on_screen(page) != pytest.approx(in_python("family-w128"), abs=0.011)
    files = files_of(MEMBER)
    fetched = {url.rsplit("/", 1)[-1] for url in asked} & set(files["kept"])
    assert fetched == {files[name] for name in AT_FIRST}, "the files of its own model, no others"


@pytest.mark.parametrize("lesson", ["layers", "limits"])
def test_the_other_labs_run_with_a_member_too(open_site, lesson):
    page = open_site(f"{lesson}-{MEMBER}.html", live=True)
    expect(page.locator(".engine")).to_contain_text("computed in Python")
    settle(page)
    expect(page.get_by_label("Model", exact=True).first).to_have_value(MEMBER)
    opener = page.get_by_role("button", name=re.compile(f"^More · {MEMBER}"))
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_the_menu_leads_from_model_to_model_and_keeps_text_w_and_sinks(open_site):
    page = open_site("attention.html?window=7&sinks=1&layer=6")
    page.get_by_label("Your text").fill(TEXT)
    page.get_by_label("Your text").press("Enter")
    menu = page.get_by_label("Model", exact=True)
    assert menu.locator("option").evaluate_all("all => all.map(({value}) => value)") == [*BUNDLED]
    stops = {MEMBER: f"attention-{MEMBER}.html", "family-full": "attention-family-full.html"}
    for model, address in (stops | {"tiny-swa": "attention.html"}).items():
        menu.select_option(model)
        page.wait_for_url(re.compile(rf"/{re.escape(address)}\?window=7&sinks=1$"))
        expect(menu).to_have_value(model)
        expect(page.get_by_label("Your text")).to_have_value(TEXT)
        expect(page.locator("[data-knob=window] output")).to_have_text("7 keys")
        expect(page.locator(".layer-strip .layer")).to_have_count(load_model(model).n_layers)
    page.go_back()
    page.wait_for_url(re.compile(r"/attention-family-full\.html"))
    expect(menu).to_have_value("family-full")


def test_a_link_that_names_a_model_leads_to_its_page_and_stays_true(open_site):
    page = open_site(f"layers.html?scale=log&model={MEMBER}")
    page.wait_for_url(re.compile(rf"/layers-{MEMBER}\.html\?scale=log&model={MEMBER}$"))
    expect(page.get_by_text(f"as measured on {MEMBER}")).to_be_visible()
    assert copied_link(page) == page.url
    expect(page.get_by_label("Examples", exact=True)).to_be_hidden()


def test_on_the_server_a_member_answers_live_and_the_next_page_has_its_own_model(
    chromium_browser, app_url
):
    """In a page of its own: its workers are counted."""
    context = chromium_browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    visit = Visit(page, live=True)
    watch(visit, app_url)
    page.goto(f"{app_url}/attention?model={MEMBER}")
    settle(page)
    assert on_screen(page) == pytest.approx(in_python(MEMBER), abs=0.011)
    menu_links(page).filter(has_text="Layers").click()
    expect(page.get_by_text("as measured on tiny-swa")).to_be_visible(timeout=ARRIVES_MS)
    settle(page)
    assert len([worker for worker in page.workers if "/live/worker" in worker.url]) == 1
    assert visit.problems == []
    context.close()
