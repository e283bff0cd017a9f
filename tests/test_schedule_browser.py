"""A pattern for every layer: the same table as Python's, and both labs in a real browser.

What the server computes for them is looked at in the tests that open a lab as `served`.
"""

import json
import re
from itertools import product

import pytest
from playwright.sync_api import Locator, Page, expect

from swa_viz.models import load_model
from swa_viz.patterns.schedule import LAYER_WORDS, schedule_of, stacks
from swa_viz.patterns.schedule_text import following, layers_in, read_typed
from swa_viz.reach import reach, reachable
from swa_viz.web.bundle import as_function, in_order
from tests.accessibility import violations
from tests.waits import copied_link, rested, until

ARRIVES = 60_000
SCHEDULES = [
    *(letter * 3 for letter in LAYER_WORDS),
    *("wdc", "cdw", "dcc", "wwcwdw", "ddwcww", "wfw", "fdc", "w", "wd3"),
]


@pytest.fixture(scope="module")
def in_browser(chromium_browser):
    """Evaluate an expression of the modules `schedule` and `reach` on some data."""
    page = chromium_browser.new_page()
    names = in_order("patterns/schedule.js", "reach.js")
    modules = "".join(map(as_function, names))
    yield lambda expression, data: page.evaluate(
        f"(data) => {{ {modules} return {expression}; }}", data
    )
    page.close()


def test_the_table_is_python_s(in_browser):
    layers = [*LAYER_WORDS, "w2", "d8", "c16"]
    combinations = list(product(layers, (1, 4, 64), (0, 1, 4)))
    call = "data.map(([schedule, window, sinks]) =>"
    call += " JSON.stringify($patterns_schedule.scheduleOf({schedule, window, sinks})))"
    found = in_browser(call, combinations)
    for text, (letter, size, sinks) in zip(found, combinations, strict=True):
        (pattern,) = schedule_of(letter, size, sinks)
        assert text == json.dumps([pattern.to_plain()], separators=(",", ":"))


TYPED = [
    *(
        "",
        " ",
        "LLLLLG",
        "llllg",
        "WFDC",
        "L:8",
        "L:8 G",
        "L8L8L32G",
        "w8w8w32f",
        " w , f\n",
        "w :\t7",
    ),
    *(
        "L:",
        "8L",
        "G8",
        "f:4",
        "w0",
        "w00",
        "w65",
        "w64",
        "w" + "9" * 400,
        "w-3",
        "w1.5",
        "w٧",
        "ｗ",
        "w8",
    ),
    *(
        "wwwwwww",
        "w" * 2001,
        "w" * 2000,
        "<b>w</b>",
        "w😀",
        "😀",
        "w\ud800",
        "constructor",
        "w\u00a0f",
    ),
    *("w" * 12 + "f", "fw", "wwwf", "c4c4f", "LLSL", "\ufeffw", "w8" * 6, "f f f f f f"),
]


@pytest.mark.parametrize("n_layers, letters", [(6, "wfdc"), (4, "wf"), (30, "wfdc"), (1, "w")])
def test_what_is_typed_is_read_as_python_reads_it(in_browser, n_layers, letters):
    call = "data.typed.map((typed) => $patterns_schedule_text.readTyped(typed, data.stack))"
    stack = {"nLayers": n_layers, "letters": list(letters), "atMost": 64}
    found = in_browser(call, {"typed": TYPED, "stack": stack})
    for typed, read in zip(TYPED, found, strict=True):
        assert read == read_typed(typed, n_layers, letters, 64)._asdict(), typed
    texts = [read["text"] for read in found if read["text"]]
    call = "data.map((text) => [layersIn, following].map((ask) => ask(text)))"
    call = f"(({{ layersIn, following }}) => {call})($patterns_schedule_text)"
    for text, (layers, changing) in zip(texts, in_browser(call, texts), strict=True):
        assert layers == [layer._asdict() for layer in layers_in(text)]
        assert len(layers) == n_layers and changing == following(text)


def test_a_schedule_is_written_as_its_shortest_row(in_browser):
    rows = {
        "wwwwwf" * 5: "LLLLLG",
        "wwwwwfww": "LLLLLGLL",
        "w8w8f": "L8L8G",
        "w8w16f": "L8L16G",
        "f": "G",
    }
    rows |= {"wwwwww": "L", "wfdcww": "LGDCLL", "w1w11": "L1L11", "wfwf": "LG"}
    typed = in_browser("data.map($patterns_schedule_text.asTyped)", list(rows))
    assert typed == list(rows.values())
    for text, short in zip(rows, typed, strict=True):
        assert read_typed(short, len(layers_in(text)), "wfdc", 64).text == text


def test_equal_patterns_are_one_object(in_browser):
    call = """(() => {
      const once = $patterns_schedule.scheduleOf(data);
      const again = $patterns_schedule.scheduleOf(data, 2);
      return [once[0] === once[3], once[1] === again[1], once[1].kind, again.length];
    })()"""
    values = {"schedule": "wdcw", "window": 4, "sinks": 2}
    assert in_browser(call, values) == [True, True, "dilated", 2]


def test_what_is_said_of_the_reach_is_exact(in_browser):
    n, sizes = 30, [(1, 0), (1, 2), (3, 0), (3, 2), (40, 1)]
    asked = [
        (letters, size, sinks, query)
        for letters, (size, sinks), query in product(SCHEDULES, sizes, [0, 1, 2, 13, 29])
    ]
    call = """data.asked.map(([schedule, window, sinks, query]) => {
      const layers = $patterns_schedule.scheduleOf({schedule, window, sinks});
      const facts = $reach.reachFacts(layers, query, data.n);
      return {...facts, row: [...facts.row]};
    })"""
    found = in_browser(call, {"asked": asked, "n": n})
    for each, facts in zip(asked, found, strict=True):
        assert_facts_are_python_s(*each, n, facts)


def assert_facts_are_python_s(letters, size, sinks, query, n, facts) -> None:
    """What is said of a query's reach through some layers."""
    schedule = schedule_of(letters, size, sinks)
    row = reachable(schedule, query, n)[0]
    assert facts["row"] == row.astype(int).tolist()
    assert facts["heard"] == row.sum()
    plain = set(letters) == {"w"} and not sinks
    assert facts["formula"] == (reach(schedule) if plain else None)
    assert facts["whole"] == letters.rfind("f") + 1
    # Every token is in reach or not as the three words say: back, sinks and gaps.
    apart = "w" in letters and query >= sinks and not row[sinks]
    assert facts["sinks"] == (sinks if apart else 0)
    oldest = max(query - facts["back"], 0)
    assert row[oldest] and not row[facts["sinks"] : oldest].any()
    assert row[: facts["sinks"]].all()
    assert facts["gaps"] == (not row[oldest : query + 1].all())


def layer(page: Page, number: int) -> Locator:
    return page.locator(".layer").nth(number - 1)


def letters_of(page: Page) -> str:
    """The pattern of each layer, by its letter."""
    return page.locator(".layer").evaluate_all(
        "(all) => all.map((each) => each.dataset.letter).join('')"
    )


def menu(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Pattern of layer {number}", exact=True)


def unfold(page: Page) -> None:
    """Bring the controls behind "More" into sight."""
    opener = page.get_by_role("button", name=re.compile("^More"))
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()


def choose_stack(page: Page, name: str) -> None:
    page.get_by_label("All layers").select_option(label=name)


def numbers_are_here(page: Page) -> None:
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
        re.compile(r"\d"), timeout=ARRIVES
    )


def influence_is_here(page: Page) -> None:
    expect(page.locator(".finding")).to_contain_text("of the measured influence", timeout=ARRIVES)


HERE = {"attention": numbers_are_here, "layers": influence_is_here}


def shown(page: Page, name: str) -> Page:
    """A lab whose numbers are on screen, with all its controls."""
    HERE[name](page)
    unfold(page)
    return page


@pytest.fixture
def lab(open_site):
    """Open one of the two labs, with the model in this browser."""
    return lambda name, query="", **look: shown(
        open_site(f"{name}.html{query}", live=True, **look), name
    )


@pytest.fixture
def strip(open_site):
    """Open one of the two labs without a model: the schedule above it needs none."""

    def opened(name: str, query: str = "") -> Page:
        page = open_site(f"{name}.html{query}")
        unfold(page)
        return page

    return opened


@pytest.fixture
def served(open_page):
    """Open one of the two labs of the server, which computes for it."""
    return lambda name, query="": shown(open_page(f"{name}{query}"), name)


def move(page: Page, label: str, value: int) -> None:
    """Move a slider and let go."""
    slider = page.locator(".slider", has_text=re.compile(f"^{label}")).locator("input")
    slider.evaluate(
        "(input, value) => { input.value = value; for (const name of ['input', 'change'])"
        " input.dispatchEvent(new window.Event(name, {bubbles: true})); }",
        value,
    )


def roles(page: Page) -> str:
    """The first letters of what each token is to the query: k(ey), o(utside), p(inned), q(uery)."""
    return page.locator(".chip").evaluate_all(
        "(chips) => chips.map((chip) => chip.dataset.role[0]).join('')"
    )


def test_a_menu_changes_a_layer_and_the_page_follows(served):
    page = served("attention", "?window=4")
    assert roles(page)[-10:] == "ooooookkkq"
    seen = [
        ("full", "Layer 3: full attention", "k" * 18 + "q"),
        ("dilated", "Layer 3: dilated window W = 4", "o" * 12 + "kokokoq"),
        ("chunks", "Layer 3: chunks of 4", "o" * 16 + "kkq"),
    ]
    for word, heading, expected in seen:
        menu(page, 3).select_option(label=word)
        expect(layer(page, 3).locator(".word")).to_have_text(word)
        expect(page.locator("h2", has_text=heading)).to_be_visible()
        numbers_are_here(page)
        assert roles(page) == expected
        texts = page.locator(".chip .weight").all_text_contents()
        assert sum(1 for text in texts if re.search(r"\d", text)) == len(expected.replace("o", ""))
        expect(page).to_have_url(re.compile(f"schedule=ww{word[0]}www"), timeout=ARRIVES)
        expect(page.locator("[data-view=next] thead")).to_contain_text("schedule")
        expect(page.get_by_label("All layers")).to_have_value("own")
    menu(page, 3).select_option(label="window")
    expect(page.locator("h2", has_text="Window W = 4")).to_be_visible()
    expect(page).not_to_have_url(re.compile("schedule="), timeout=ARRIVES)


def test_to_look_at_a_layer_changes_none(lab):
    page = lab("attention")
    look = page.get_by_role("button", name="Look at layer 5")
    look.click()
    expect(look).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".badge").first).to_have_text("layer 5, mean of heads")
    numbers_are_here(page)
    menu(page, 2).select_option(label="chunks")
    expect(page).to_have_url(re.compile("schedule=wcwwww"), timeout=ARRIVES)
    expect(look).to_have_attribute("aria-pressed", "true")
    assert "layer=5" in page.url


def test_the_whole_stack_has_a_menu(strip):
    page = strip("attention")
    model = load_model("tiny-swa")
    for name, letters in stacks(model.n_layers).items():
        choose_stack(page, name)
        chosen = "".join(letter for letter, _ in layers_in(letters))
        until(page, lambda chosen=chosen: letters_of(page) == chosen)
    choose_stack(page, "all windows (Mistral)")
    expect(page).not_to_have_url(re.compile("schedule="), timeout=ARRIVES)


@pytest.mark.parametrize("n_layers", range(1, 41))
def test_every_stack_has_a_letter_for_each_layer_and_a_name_of_its_own(n_layers):
    named = stacks(n_layers)
    assert all(
        read_typed(letters, n_layers, LAYER_WORDS, 16) == (letters, "")
        for letters in named.values()
    )
    assert len(set(named.values())) == len(named)
    assert named["all windows (Mistral)"] == "w" * n_layers


def test_the_stacks_have_the_orders_of_the_models():
    # Gemma 3's full layers are those with (i + 1) % 6 == 0.
    gemma = stacks(26)["5 windows, 1 full (Gemma 3)"]
    assert [i for i, letter in enumerate(gemma) if letter == "f"] == [5, 11, 17, 23]
    # Every second layer of gpt-oss is full, beginning with the second.
    assert stacks(24)["1 window, 1 full (gpt-oss)"] == "wf" * 12
    assert stacks(48)["3 in chunks, 1 full (Llama 4)"] == "cccf" * 12
    assert stacks(32)["3 windows, 1 full (OLMo 3)"] == "wwwf" * 8


def test_full_attention_above_windows_has_other_numbers_and_below_none_the_same(lab):
    """Score pairs are those of the layer, and those of all."""
    page = lab("attention", "?schedule=fwwwww&layer=1&window=4")
    # 19 tokens: 190 pairs in full, 70 in a window of 4.
    badges = page.locator(".pair .card").last.locator(".badge")
    assert badges.all_inner_texts() == [
        "190 score pairs: as many as full",
        f"all layers: {190 + 5 * 70} score pairs · {6 * 190 / (190 + 5 * 70):.1f}× fewer",
    ]
    expect(page.get_by_text("the numbers are the same as in the other matrix")).to_have_count(1)
    menu(page, 1).select_option(label="window")
    menu(page, 2).select_option(label="full")
    page.get_by_role("button", name="Look at layer 2").click()
    expect(page.get_by_text("its numbers differ")).to_have_count(1)
    expect(page.get_by_text("the numbers are the same as in the other matrix")).to_have_count(0)


def test_sinks_are_pinned(lab):
    page = lab("attention", "?window=4")
    expect(page.get_by_text("a sink token")).to_have_count(0)
    move(page, "Sink tokens S", 1)
    numbers_are_here(page)
    expect(page.locator("h2", has_text="Window W = 4 + 1 sink")).to_be_visible()
    assert roles(page) == "p" + "o" * 14 + "kkkq"
    assert page.locator(".chip .weight").first.text_content() != ""
    assert page.locator(".arcs path.pinned").count() == 1
    expect(page.get_by_text("a sink token")).to_be_visible()
    expect(page).to_have_url(re.compile("sinks=1"), timeout=ARRIVES)


def test_the_cone_follows_a_click(served):
    page = served("layers", "?window=4")
    badge = page.locator(".badge").first
    expect(badge).to_have_text("exact reach 19 tokens · rule of thumb W × L = 24 (5 too many)")
    menu(page, 2).select_option(label="full")
    expect(badge).to_have_text("exact reach: the whole text, through layer 2")
    expect(page.locator(".lead").first).to_contain_text("Layer 2 reads everything")
    influence_is_here(page)
    expect(page.locator(".finding")).to_contain_text("39 are within reach, through layer 2")
    expect(page).to_have_url(re.compile("schedule=wfwwww"), timeout=ARRIVES)
    menu(page, 2).select_option(label="dilated")
    row = reachable(schedule_of("wdwwww", 4, 0), 38, 39)[0]
    expect(badge).to_have_text(f"exact reach {row.sum()} tokens here, counted")
    influence_is_here(page)
    choose_stack(page, "all windows (Mistral)")
    expect(badge).to_have_text("exact reach 19 tokens · rule of thumb W × L = 24 (5 too many)")


@pytest.mark.parametrize("letters, sinks", [("wwwwww", 2), ("dddddd", 0), ("wdcwdc", 1)])
def test_the_closed_form_is_not_told_where_it_does_not_hold(lab, letters, sinks):
    page = lab("layers", f"?schedule={letters}&sinks={sinks}&window=4")
    cards = page.locator(".stage-main")
    row = reachable(schedule_of(letters, 4, sinks), 38, 39)[0]
    expect(page.locator(".badge").first).to_have_text(
        f"exact reach {row.sum()} tokens here, counted"
    )
    told = cards.inner_text()
    assert f"{row.sum()} of 39 tokens can influence" in told
    assert f"{row.sum()} of 39 tokens are within reach" in told
    assert "W × L" not in told and "L × (W − 1)" not in told


def test_layers_that_do_not_count_rest(lab):
    page = lab("layers", "?schedule=wwffff&layers=2")
    for number in range(1, 7):
        expect(menu(page, number)).to_be_enabled(enabled=number <= 2)
    expect(page.locator(".badge").first).to_contain_text("exact reach 11 tokens")


@pytest.mark.parametrize("name", HERE)
def test_a_copied_link_restores_the_schedule(strip, name):
    """A key chooses as a hand does.

    The numbers of a schedule in a link are waited for in the tests that open a `lab` so.
    """
    page = strip(name)
    menu(page, 2).focus()
    page.keyboard.press("f")
    expect(layer(page, 2).locator(".word")).to_have_text("full")
    expect(page).to_have_url(re.compile("schedule=wfwwww"), timeout=ARRIVES)
    menu(page, 6).select_option(label="dilated")
    move(page, "Sink tokens S", 3)
    link = copied_link(page)
    assert "schedule=wfwwwd" in link and "sinks=3" in link
    titles = "(all) => all.map((look) => look.title)"
    expect(page.locator(".layer .look").first).to_have_attribute("title", re.compile("3 sinks"))
    left = page.locator(".layer .look").evaluate_all(titles)
    again = strip(name, f"?{link.split('?', 1)[1]}")
    expect(again.locator(".layer .look").first).to_have_attribute("title", re.compile("3 sinks"))
    found = again.locator(".layer .look").evaluate_all(titles)
    assert found == left
    assert "+ 3 sinks" in found[0] and "full" in found[1] and "dilated" in found[5]


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("query", ["schedule=wwwwwx", "schedule=f8", "schedule=%3Cb%3E&sinks=-4"])
def test_nonsense_in_a_link_is_windows_without_sinks(open_site, name, query):
    """What the server reads in a link, it reads as `test_pages.py` says."""
    page = open_site(f"{name}.html?{query}")
    expect(page.locator(".layer")).to_have_count(6)
    assert letters_of(page) == "wwwwww"
    assert page.locator(".layer .star").count() == 0


@pytest.mark.parametrize("name", HERE)
def test_a_mixed_schedule_fits_and_is_accessible(lab, name):
    """With the table of its costs.  A server's page would scroll to the side within itself."""
    page = lab(name, "?schedule=w8fd3cww&sinks=4&embed=true", width=390)
    page.locator(".schedule-costs > summary").click()
    expect(page.locator(".schedule-costs tbody tr")).to_have_count(8)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        rested(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, ".lab") == [], width
