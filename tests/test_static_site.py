"""The static lab in a real browser: a plain file host, in a subfolder, and nothing else there."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from swa_viz.answers import answer, read_request, request_key
from swa_viz.browser_model.files import NAMES, manifest
from swa_viz.cost import score_pairs
from swa_viz.export.command import main
from swa_viz.export.lab_data import PAGES, asked, defaults, knobs_from, the_model
from swa_viz.export.light import MOST_BYTES, light_data
from swa_viz.export.single import single_file
from swa_viz.export.site import ADDRESSES, write_site
from swa_viz.export.theme import settings
from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import DEFAULT_MODEL
from swa_viz.patterns import SlidingWindow
from tests.accessibility import too_pale, violations
from tests.fresh_process import run_module
from tests.test_every_page import LAB_LOOKS_HERE as LAB_LOOKS_THERE
from tests.test_every_page import LOOKS
from tests.waits import copied_link, rested, until_ready, until_true

ATTENTION = LESSONS["attention"]
WITH_MODEL = [n for n, lesson in PAGES.items() if lesson.requests and lesson.model == DEFAULT_MODEL]
LIGHT = [name for name, lesson in PAGES.items() if lesson.light]
PAGE_BYTES, SCRIPT_BYTES, WINDOW_FILE_BYTES = 120_000, 300_000, 350_000
# Pictures, recordings, measurements and readers of every kind of sequence come with the page.
BEYOND_BYTES = 370_000
LIVE_FILE_BYTES, LIGHT_FILE_BYTES = 15_000_000, 2_000_000
IN_PYTHON = "computed in Python, when this file was made"
needs_model = pytest.mark.skipif(manifest() is None, reason="static/live was not built (make live)")
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)> <!-- \u2028"


def data_of(path: Path) -> dict:
    """What a page tells its lab."""
    return json.loads(re.search(r'id="lab-data">(.*?)</script>', path.read_text())[1])


def rule(page: Page):
    """The one-line rule under the chosen pattern's matrix."""
    return page.locator(".told").nth(1)


def send(page: Page, label: str, event: str, value: int) -> None:
    """Move a slider: "input" while the hand holds it, "change" when it lets go."""
    page.get_by_label(label).evaluate(
        "(input, [event, value]) => { input.value = value;"
        " input.dispatchEvent(new window.Event(event, {bubbles: true})); }",
        [event, value],
    )


def move(page: Page, label: str, value: int) -> None:
    send(page, label, "input", value)
    send(page, label, "change", value)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_its_lab_and_its_lesson(open_site, name):
    """In two colours and two widths."""
    page = open_site(ADDRESSES[name])
    lesson = LESSONS[name]
    expect(page.locator("h1")).to_have_text(lesson.title)
    expect(page).to_have_title(lesson.tab_title)
    assert page.locator("math").count() == len(lesson.formula.splitlines())
    page.get_by_text("Show me the code").click()
    for dark, width in LOOKS:
        page.emulate_media(color_scheme="dark" if dark else "light")
        expect(page.locator(".lab")).to_have_attribute("data-theme", "dark" if dark else "light")
        page.set_viewport_size({"width": width, "height": 900})
        until_true(page, "(width) => window.innerWidth === width", width)
        rested(page)
        expect(page.locator(f"[data-lab={name}] .stage").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        for code in lesson.code:
            shown = page.locator("pre").filter(
                has_text=re.compile(f" {code.rpartition(':')[2]}[(:]")
            )
            expect(shown.first).to_be_visible()
        elsewhere = (dark, width) in LAB_LOOKS_THERE
        found = too_pale if dark else violations
        assert found(page, without=".lab" if elsewhere else "") == [], (dark, width)


def test_its_colours_are_those_of_the_settings(open_site):
    page = open_site("window.html")
    value = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours = settings()[scheme]
        assert page.evaluate(value, "--st-background-color") == colours["backgroundColor"]
        assert page.evaluate(value, "--st-text-color") == colours["textColor"]
    until_true(page, "document.fonts.check('16px Inter')")


def the_menu_of_the_server_and_of_the_files_have_the_same_names(page: Page) -> None:
    names = [lesson.label for lesson in LESSONS.values() if lesson.static]
    assert page.locator(".menu a").all_text_contents() == names


def test_the_menu_and_the_cards_lead_to_pages_that_exist(open_site, site):
    page = open_site()
    the_menu_of_the_server_and_of_the_files_have_the_same_names(page)
    address = "all => all.map((link) => link.getAttribute('href'))"
    assert page.locator(".menu a").evaluate_all(address) == list(ADDRESSES.values())
    cards = page.locator(".page-card").evaluate_all(address)
    assert cards == [ADDRESSES[name] for name, lesson in PAGES.items() if lesson.card]
    page.locator(".menu a", has_text="Window").click()
    expect(page.locator(".menu [aria-current=page]")).to_have_text("Window")
    expect(rule(page)).to_contain_text("token 24 reads")


@pytest.mark.parametrize("name", PAGES)
def test_embedded_it_is_the_lab_alone(open_site, name):
    page = open_site(f"{ADDRESSES[name]}?embed=true", width=800)
    for hidden in ("h1", ".menu", ".words", ".page-lead"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator(".page-card:visible").count() == 0
    assert "embed=true" in page.url


def test_dragging_redraws_and_letting_go_writes_the_address(open_site):
    page = open_site("window.html?embed=true")
    send(page, "Window W", "input", 4)
    expect(rule(page)).to_have_text("0 ≤ age < 4: token 24 reads tokens 21 to 24.")
    counted = page.locator(".figures strong").all_text_contents()
    assert counted[1] == str(score_pairs(SlidingWindow(4), 24))
    assert "window=" not in page.url
    send(page, "Window W", "change", 4)
    page.wait_for_url(re.compile(r"\?embed=true&window=4$"))
    page.reload()
    expect(rule(page)).to_contain_text("age < 4")
    move(page, "Window W", 6)
    page.wait_for_url(re.compile(r"\?embed=true$"))


def test_a_link_restores_the_view(open_site):
    page = open_site("window.html?pattern=dilated&window=4&dilation=3&tokens=40&token=20")
    expect(rule(page)).to_have_text(
        "age < 12 and a multiple of 3: token 20 reads tokens 11, 14, 17 and 20."
    )
    assert copied_link(page) == page.url


def test_nonsense_in_a_link_gives_a_sound_view(open_site):
    page = open_site("window.html?tokens=99999&window=-3&pattern=<b>&convention=nobody&token=x&q=1")
    page.wait_for_url(re.compile(r"\?tokens=512&window=1&q=1$"))
    expect(rule(page)).to_contain_text("token 512 reads")


def test_the_last_number_counts_and_says_that_it_had_to_be_changed_until_it_is_moved(open_site):
    page = open_site("window.html?window=3&window=4095")
    expect(rule(page)).to_contain_text("age < 512")
    changed = page.locator("[data-knob=window] .changed")
    expect(changed).to_have_text("The link asks for 4,095. The most here is 512.")
    move(page, "Window W", 5)
    expect(changed).to_have_count(0)


TYPE_AND_RELOAD = """(area, text) => {
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  location.reload();
}"""


def test_a_visitor_s_text_stays_out_of_the_address_and_is_kept_at_once(open_site):
    page = open_site("index.html?text=given+by+a+link&window=5")
    box = page.get_by_label("Your sentence")
    expect(box).to_have_value("given by a link")
    move(page, "Window W", 3)
    page.wait_for_url(re.compile("window=3"))
    assert "text=given+by+a+link" in page.url
    box.fill("typed by hand")
    box.press("Enter")
    page.wait_for_url(re.compile(r"\?window=3$"))
    box.evaluate(TYPE_AND_RELOAD, "typed and reloaded in one moment")
    expect(box).to_have_value("typed and reloaded in one moment")


def test_the_policy_holds(open_site, problems):
    """What the policy forbids is refused: or else the other tests would prove nothing."""
    page = open_site("window.html")
    refused = page.evaluate(
        """() => new Promise((resolve) => {
          document.addEventListener("securitypolicyviolation", (e) => resolve(e.violatedDirective));
          const script = document.createElement("script");
          script.textContent = "window.taken = true";
          document.head.append(script);
          setTimeout(() => resolve("nothing"), 3000);
        })"""
    )
    assert refused.startswith("script-src") and not page.evaluate("window.taken ?? false")
    assert "Content Security Policy" in problems.pop()


def test_nothing_is_large(site):
    for page in site.glob("*.html"):
        most = BEYOND_BYTES if page.name.startswith("beyond") else PAGE_BYTES
        assert page.stat().st_size < most, page.name
    for script in site.glob("assets/*.js"):
        assert script.stat().st_size < SCRIPT_BYTES, script.name


def test_no_page_loads_anything_from_another_host(site):
    """Other hosts stand in links that a reader may follow, and nowhere else."""
    harmless = r"""(?sx) <pre.*?</pre> | http://www\.w3\.org/[\w/.]+
        | <a\ target="_blank"\ rel="noopener"\ href="https://[^"]+"> | "url":"https://[^"]+" """
    for path in [*site.glob("*.html"), *site.glob("assets/*.css"), *site.glob("assets/*.js")]:
        assert "://" not in re.sub(harmless, "", path.read_text()), path.name


def test_a_source_opens_beside_the_page(site):
    sources = (site / ADDRESSES["home"]).read_text().split("<summary>Sources</summary>")[1]
    links = re.findall(r'<a target="_blank" rel="noopener" href="https://arxiv.org', sources)
    assert len(links) == len(PAGES["home"].sources)


def test_a_second_build_writes_the_same_names(site, tmp_path, monkeypatch):
    """And no name depends on what the model answers: this build has none."""
    monkeypatch.setattr("swa_viz.export.lab_data.recorded", lambda request, model: {})
    write_site(tmp_path)
    names = {path.relative_to(tmp_path) for path in tmp_path.rglob("*")}
    assert names == {path.relative_to(site) for path in site.rglob("*")}


def one_file_works_from_a_folder(page: Page) -> None:
    expect(rule(page)).to_contain_text("age < 9")
    expect(page.locator(".menu")).to_have_count(0)
    move(page, "Window W", 6)
    page.wait_for_url(re.compile(r"lesson\.html\?window=6$"))
    page.reload()
    expect(rule(page)).to_contain_text("age < 6")
    move(page, "Window W", 9)
    page.wait_for_url(re.compile(r"lesson\.html$"))


def test_one_file_fits_a_phone_and_is_accessible(open_file):
    page = open_file(width=390)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator(".lab")).to_have_attribute("data-theme", theme)
        rested(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, theme
        found = violations if theme == "light" else too_pale
        assert found(page) == [], theme
    until_true(page, "document.fonts.check('16px Inter')")


def where_an_address_may_not_change_it_stands_behind_the_sign(page: Page) -> None:
    page.evaluate("() => { window.history.replaceState = () => { throw new Error(); }; }")
    move(page, "Window W", 4)
    page.wait_for_url(re.compile(r"lesson\.html#\?window=4$"))
    move(page, "Window W", 9)
    page.wait_for_url(re.compile(r"#\?$"))
    move(page, "Window W", 3)
    page.wait_for_url(re.compile(r"#\?window=3$"))
    page.reload()
    expect(rule(page)).to_contain_text("age < 3")
    move(page, "Window W", 2)
    page.wait_for_url(re.compile(r"lesson\.html#\?window=2$"))
    page.evaluate("window.location.hash = '#?window=12'")
    expect(rule(page)).to_contain_text("age < 12")


def test_one_file_from_a_folder_keeps_its_view_in_its_address(open_file):
    page = open_file({"window": 9})
    one_file_works_from_a_folder(page)
    where_an_address_may_not_change_it_stands_behind_the_sign(page)


def test_one_file_works_in_a_sandbox(visit, tmp_path):
    """As a course page embeds it: a frame without an origin of its own."""
    (tmp_path / "lesson.html").write_text(single_file(LESSONS["window"], {}), encoding="utf-8")
    course = tmp_path / "course.html"
    address = "lesson.html?embed=true&window=5"
    course.write_text(f'<iframe sandbox="allow-scripts" width="900" src="{address}"></iframe>')
    page = visit(course.as_uri(), only=tmp_path.as_uri(), shows="iframe")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".told").nth(1)).to_contain_text("age < 5")
    expect(frame.locator("h1")).to_be_hidden()
    frame.get_by_label("Window W").press("ArrowRight")
    expect(frame.locator(".told").nth(1)).to_contain_text("age < 6")


def test_hostile_text_stays_text(open_file):
    page = open_file({"text": HOSTILE}, page="home", light=True)
    expect(page.get_by_label("Your sentence")).to_have_value(HOSTILE)
    assert page.title() == LESSONS["home"].tab_title
    assert page.locator("main img").count() == 0
    assert page.locator(".page-card").count() == 0


def test_one_file_is_small():
    assert len(single_file(LESSONS["window"], {}).encode()) < WINDOW_FILE_BYTES


def settle(page: Page) -> None:
    """Wait for the model in this browser, and move W: now it has taken over."""
    until_ready(page)
    page.get_by_role("slider", name="Window W", exact=True).press("ArrowRight")
    expect(page.locator(".engine")).to_contain_text("in your browser")


@needs_model
def test_the_small_models_run_on_a_plain_file_host(open_site):
    page = open_site(ADDRESSES["fixes"], live=True)
    expect(page.locator(".engine")).to_contain_text("in your browser")
    expect(page.locator('[data-view="puzzle"]')).to_contain_text("%")


@needs_model
@pytest.mark.parametrize("name", WITH_MODEL)
def test_the_model_runs_on_a_plain_file_host(open_site, name):
    page = open_site(ADDRESSES[name], live=True)
    expect(page.locator(".engine")).to_contain_text(IN_PYTHON)
    settle(page)


@needs_model
def test_the_model_runs_in_one_file_from_a_folder(open_file, tmp_path):
    page = open_file(page="attention", live=True)
    settle(page)
    box = page.get_by_label("Your text")
    box.fill("Once upon a time")
    box.press("Enter")
    expect(page.locator(".chip").first).to_have_text(re.compile("^O"))
    assert (tmp_path / "lesson.html").stat().st_size < LIVE_FILE_BYTES


@pytest.mark.parametrize("name", LIGHT)
def test_a_light_file_answers_what_it_offers(open_file, tmp_path, name):
    page = open_file({"text": "The cat sat on the mat", "window": 3}, page=name, light=True)
    window = page.get_by_role("slider", name="Window W", exact=True)
    for key in ("Home", "ArrowRight", "End"):
        window.press(key)
        expect(page.locator(".engine")).to_contain_text(IN_PYTHON)
        expect(page.get_by_text("not in this file", exact=True)).to_have_count(0)
    assert int(window.get_attribute("max")) >= 6
    assert (tmp_path / "lesson.html").stat().st_size < LIGHT_FILE_BYTES


def test_a_light_file_moves_no_knob_that_it_has_no_answers_for(open_file):
    page = open_file(
        {"text": "The cat sat"}, page="home", light=True, query="?text=a+dog&window=60"
    )
    expect(page.get_by_label("Your sentence")).to_have_value("The cat sat")
    page.wait_for_url(re.compile(r"text=a\+dog"))
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(re.compile(r"\d"))


def test_a_light_file_holds_what_python_answers():
    begin = knobs_from(ATTENTION, {"text": "The cat sat", "window": 2})
    knobs, data = light_data(ATTENTION, begin)
    windows = range(knobs["window"].at_least, knobs["window"].at_most + 1)
    held = {request_key(read_request(a["request"])): a["payload"] for a in data["answers"]}
    for window in windows:
        for request in asked(ATTENTION, defaults(begin) | {"window": window}):
            assert held[request_key(request)] == answer(request, the_model(request.model))


def test_a_light_file_takes_only_what_fits():
    long = knobs_from(ATTENTION, {"text": "word and others " * 60})
    knobs, data = light_data(ATTENTION, long)
    assert knobs["window"].at_least <= 4 <= knobs["window"].at_most < 128
    assert len(json.dumps(data["answers"])) <= MOST_BYTES


NONSENSE = [
    (["window", "--window", "abc"], "must be a whole number from 1 to 512, but it is 'abc'"),
    (["window", "--window", "0"], "must be a whole number from 1 to 512, but it is '0'"),
    (["window", "--pattern", "Sink"], "must be one of sliding, centred"),
    (["attention", "--schedule", "wwx"], "must be 6 letters out of w, f"),
    (["layers", "--schedule", "w99f"], "has at most 64 keys, but it is 'w99f'"),
    (["attention", "--model", "nobody"], "must be one of tiny-swa, family-w8, "),
    (["attention", "--model", "family-w8", "--layer", "5"], "must be a whole number from 1 to 4"),
    (["home", "--text", "x" * 12_001], "must be at most 12,000 characters"),
    (["speed"], "invalid choice: 'speed'"),
    (["window", "--out", "/proc/none/x.html"], "/proc/none/x.html cannot be written"),
]


@pytest.fixture
def export(monkeypatch, shapes_unchecked) -> Callable[..., None]:
    """The command line, as a process of its own would run it."""

    def run(*words: str) -> None:
        monkeypatch.setattr(sys, "argv", ["swa_viz.export", *words])
        main()

    return run


def test_the_command_writes_one_file(export, tmp_path):
    out = tmp_path / "deep" / "w.html"
    export("file", "window", "--window", "9", "--pattern", "sink", "--out", str(out))
    knobs = data_of(out)["knobs"]
    assert (knobs["window"]["default"], knobs["pattern"]["default"]) == (9, "sink")


def test_the_command_writes_a_file_about_another_model(export, tmp_path):
    out = tmp_path / "attention.html"
    export(
        "file", "attention", "--model", "family-w8", "--layer", "4", "--light", "--out", str(out)
    )
    data = data_of(out)
    assert (data["model"]["name"], data["values"]["model"]) == ("family-w8", "family-w8")
    assert {answer["request"]["model"] for answer in data["answers"]} == {"family-w8"}


@pytest.mark.parametrize("words, sentence", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_on_the_command_line_gets_a_sentence(export, capsys, words, sentence):
    with pytest.raises(SystemExit) as ended:
        export("file", *words)
    assert ended.value.code not in (0, None)
    assert sentence in f"{capsys.readouterr().err}{ended.value.code}"


def test_a_process_of_its_own_ends_with_the_sentence():
    words, sentence = NONSENSE[-1]
    command = [sys.executable, "-m", "swa_viz.export", "file", *words]
    result = run_module(command, env=dict(os.environ))
    assert result.returncode != 0 and sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("page", WITH_MODEL)
def test_the_model_comes_along_if_it_was_built(site, page):
    live = data_of(site / ADDRESSES[page])["live"]
    if not live:
        pytest.skip("static/live was not built (make live)")
    assert all((site / live["base"] / live[name]).is_file() for name in NAMES)
