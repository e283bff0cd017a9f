"""The page beyond prose: names in code, live, in numbers that Python computes again."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.experiments import perplexity_against_window
from swa_viz.experiments.code_names import uses_of
from swa_viz.experiments.stored_code import stored_code
from swa_viz.lessons.beyond.code_kind import CODE
from swa_viz.lessons.beyond.lesson import KINDS, LESSON
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.web.bundle import PACKAGE, source_of
from tests.waits import until_ready

MODEL = load_model("tiny-swa")
N = MODEL.n_layers
IDS = MODEL.encode(CODE)
USES = uses_of(MODEL.tokenizer.pieces(IDS))
W = LESSON.knobs["window"].default


def costs(pattern) -> list[float]:
    """What each name that returns costs, all its tokens together."""
    (reading,) = perplexity_against_window(MODEL, IDS, [(pattern,) * N])
    return [reading.bits[use.query : use.stop - 1].sum().item() for use in USES]


def read(age: int, window: int) -> str:
    if age < window:
        return "window"
    return "layers" if age <= N * (window - 1) else "outside"


@pytest.fixture
def page(open_site) -> Page:
    opened = open_site("beyond.html?sequence=code")
    expect(opened.locator(".read-text button")).to_have_count(len(USES))
    return opened


def test_every_kind_has_its_files_and_its_own_knobs():
    table = source_of("lessons/beyond/kinds.js")
    for name in KINDS:
        assert f'"./{name}_kind.js"' in table
        assert (PACKAGE / "lessons" / "beyond" / f"{name}_kind.py").is_file()
    own = [knob for kind in KINDS.values() for knob in kind.knobs]
    assert len(own) == len(set(own)) == len(LESSON.knobs) - 3
    for name, kind in KINDS.items():
        assert all(plan.only_if == ("sequence", name) for plan in kind.requests)


def test_each_name_says_how_it_is_read_and_what_it_costs(page):
    states = [read(use.age, W) for use in USES]
    marks = page.locator(".read-text button")
    assert marks.evaluate_all("all => all.map(({ dataset }) => dataset.read)") == states
    full, windowed = costs(Causal()), costs(SlidingWindow(W))
    rows = page.locator("[data-view=names] tbody tr").all_inner_texts()
    for row, use, state, before, after in zip(rows, USES, states, full, windowed, strict=True):
        word = {"window": "window", "layers": "layers", "outside": "no"}[state]
        assert row.split() == [use.name, str(use.age), word, f"{before:.1f}", f"{after:.1f}"]
    said = page.locator(".card", has=page.locator("[data-view=code]"))
    expect(said).to_contain_text(f"one layer reads {states.count('window')} of them")
    worst = max(range(len(USES)), key=lambda i: windowed[i] - full[i])
    beside = page.locator(".card", has=page.locator("[data-view=names]"))
    expect(beside).to_contain_text(f"“{USES[worst].name}” stood last {USES[worst].age} tokens")
    expect(beside).to_contain_text(f"All of them: {sum(full):.1f} bits in full attention")


def test_the_chosen_name_colours_what_its_query_reads_and_the_keyboard_moves_on(page):
    marks = page.locator(".read-text button")
    marks.nth(1).click()
    expect(page).to_have_url(re.compile("name=2"))
    use = USES[1]
    roles = page.locator(".read-text [data-token]").evaluate_all(
        "all => Object.fromEntries(all.map(({ dataset }) => [dataset.token, dataset.role]))"
    )
    for position in range(len(IDS)):
        age = use.query - position
        role = "query" if age == 0 else "after" if age < 0 else read(age, W)
        assert roles[str(position)] == role
    about = page.locator(".read-text [data-about]")
    assert "".join(about.all_inner_texts()).strip(" .") == use.name
    page.keyboard.press("ArrowRight")
    expect(marks.nth(2)).to_be_focused()
    expect(marks.nth(2)).to_have_attribute("aria-pressed", "true")


def test_one_s_own_code_is_read_live_and_keeps_its_lines(open_site):
    page = open_site("beyond.html?sequence=code", live=True)
    until_ready(page)
    box = page.get_by_label("Your code")
    box.fill("a = 1")
    expect(page.locator(".card").first).to_contain_text("No name returns in this code yet")
    box.press("End")
    box.press("Enter")
    box.type("b = a")
    assert box.input_value() == "a = 1\nb = a"
    expect(page.locator(".read-text button")).to_have_text(["a"])
    box.fill("")
    expect(page.locator(".card").first).to_contain_text("there is nothing to read yet")
    expect(box).to_be_visible()


def test_a_stored_number_says_who_measured_it_and_can_be_saved(page, tmp_path):
    card = page.locator(".card", has=page.locator("[data-view=code-stored]"))
    for named in card.locator("code").all_inner_texts():
        assert (PACKAGE.parent / named).is_file()
    with page.expect_download() as download:
        card.get_by_role("button", name="Save the result").click()
    assert download.value.suggested_filename == "stored_code.json"
    download.value.save_as(tmp_path / "stored.json")
    assert json.loads((tmp_path / "stored.json").read_text("utf-8")) == stored_code()
