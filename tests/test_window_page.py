"""The window page in a real browser: counts, conventions, examples, links, keyboard, dragging."""

import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.cost import saving, score_pairs
from swa_viz.patterns import (
    CONVENTIONS,
    PATTERNS,
    Causal,
    CentredWindow,
    Chunked,
    SlidingWindow,
    from_convention,
)
from tests.waits import sent_to_server, until


@pytest.fixture
def window_page(open_page):
    """Open the page with some knobs, and wait for its lab."""

    def opened(query: str = "", **look) -> Page:
        page = open_page(f"window{query}", **look)
        page.locator(".lab").wait_for()
        return page

    return opened


@pytest.fixture
def static_page(open_site):
    """The page of the static lab, for what the server has no part in: there a visit costs least."""
    return lambda query="": open_site(f"window.html{query}")


def slider(page: Page, label: str):
    return page.get_by_label(label)


def drag(page: Page, label: str, value: int) -> None:
    """Move a slider as a hand does that has not let go yet."""
    slider(page, label).evaluate(
        "(input, value) => { input.value = value;"
        " input.dispatchEvent(new window.Event('input', {bubbles: true})); }",
        value,
    )


def release(page: Page, label: str) -> None:
    slider(page, label).evaluate(
        "(input) => input.dispatchEvent(new window.Event('change', {bubbles: true}))"
    )


def rule(page: Page):
    """The one-line rule under the chosen pattern's matrix."""
    return page.locator(".told").nth(1)


def spoken(page: Page):
    return page.locator("[data-lab=window] p.sr-only[role=status]")


def figures(page: Page) -> list[str]:
    return page.locator(".figures strong").all_text_contents()


def the_default_view_counts_as_python_does(page: Page) -> None:
    some, all_pairs = score_pairs(SlidingWindow(6), 24), score_pairs(Causal(), 24)
    assert figures(page) == ["6", str(some), f"{saving(SlidingWindow(6), 24):.2f}×"]
    expect(page.locator(".badge").first).to_have_text(f"{all_pairs} pairs")
    expect(rule(page)).to_have_text("0 ≤ age < 6: token 24 reads tokens 19 to 24.")
    expect(page.get_by_text("58.7 million pairs instead of 134 million: 2.29×")).to_be_visible()


def an_engineer_reads_what_a_window_saves_in_a_real_model(page: Page) -> None:
    cells = page.locator("[data-view=cost] tbody td")
    expect(cells).to_have_text(
        ["60.1 billion", "137 billion", "2.29×", "0.50 GiB", "2.00 GiB", "4.00×"]
    )
    page.locator("[data-knob=cost_model] select").select_option("gpt-oss-20b")
    expect(page.get_by_text("12 of 24 layers slide.")).to_be_visible()
    expect(page.locator("[data-view=cost] thead")).to_contain_text("W = 128")
    page.wait_for_url(re.compile("cost_model=gpt-oss-20b&cost_window=128"))


def flash_attention_reads_one_key_more(page: Page) -> None:
    page.get_by_role("button", name="FlashAttention").click()
    expect(
        page.get_by_text("window_size=(6, 0) reads 7 keys. In our words that is W = 7.")
    ).to_be_visible()
    expect(rule(page)).to_have_text("0 ≤ age < 7: token 24 reads tokens 18 to 24.")
    page.wait_for_url(re.compile("convention=flash_attention"))


def test_the_first_view_counts_here_in_a_real_model_and_in_another_program(static_page):
    page = static_page()
    the_default_view_counts_as_python_does(page)
    an_engineer_reads_what_a_window_saves_in_a_real_model(page)
    flash_attention_reads_one_key_more(page)


def test_every_pattern_is_drawn_and_kept_in_the_link(static_page):
    page = static_page()
    menu = page.get_by_label("Pattern", exact=True)
    seen = set()
    for pattern in sorted(PATTERNS, key="sliding".__eq__):  # what the page shows first comes last
        before = spoken(page).text_content()
        menu.select_option(pattern)
        expect(spoken(page)).not_to_have_text(before)
        expect(spoken(page)).to_contain_text(": token 24 reads")
        seen.add(spoken(page).text_content())
        if pattern == "sliding":
            page.wait_for_url(re.compile(r"window\.html(\?(?!.*pattern=)|$)"))
        else:
            page.wait_for_url(re.compile(f"pattern={pattern}(&|$)"))
    assert len(seen) == len(PATTERNS)


def test_one_number_is_read_by_every_program(static_page):
    page = static_page("?window=8")
    rows = page.locator(".conventions tbody tr")
    expect(rows).to_have_count(1 + len(CONVENTIONS))
    for index, name in enumerate(CONVENTIONS):
        pattern = from_convention(8, name)
        keys, ours = {
            SlidingWindow: lambda p: (f"{p.window_size}", f"W = {p.window_size}"),
            CentredWindow: lambda p: (f"{2 * p.radius + 1}", f"radius {p.radius}"),
            Chunked: lambda p: (f"1 to {p.chunk_size}", f"chunks of {p.chunk_size}"),
        }[type(pattern)](pattern)
        count, words = rows.nth(1 + index).locator(".count").all()
        assert count.inner_text().split("\n")[0] == keys
        assert words.inner_text() == ours
        assert CONVENTIONS[name].source in rows.nth(1 + index).inner_text()
        source = rows.nth(1 + index).get_by_role("link")
        assert source.get_attribute("href") == CONVENTIONS[name].url
        assert (source.get_attribute("target"), source.get_attribute("rel")) == (
            "_blank",
            "noopener",
        )


def test_an_odd_number_for_two_halves_is_explained(static_page):
    page = static_page("?convention=longformer&window=7")
    expect(page.get_by_text("7 is odd. Drawn: 8.")).to_be_visible()
    expect(rule(page)).to_have_text("|age| ≤ 4: token 24 reads tokens 20 to 24.")


def the_cat_sat_on_the(page: Page) -> None:
    page.get_by_text("The cat sat…").click()
    expect(rule(page)).to_have_text("0 ≤ age < 3: “the” (token 5) reads “sat”, “on” and itself.")
    expect(page.get_by_text("“on” cannot read “The”").first).to_be_visible()
    page.wait_for_url(re.compile("example=cat"))
    roles = page.locator(".key-chips .chip").evaluate_all("all => all.map((c) => c.dataset.role)")
    assert roles == ["outside", "outside", "key", "key", "query"]


def focusing_on_brown_is_a_centred_window(page: Page) -> None:
    page.get_by_text("brown fox", exact=True).click()
    expect(rule(page)).to_have_text(
        "|age| ≤ 2: “brown” (token 3) reads “The”, “quick”, itself, “fox” and “jumps”."
    )


def test_two_sentences_are_read_word_by_word(static_page):
    page = static_page()
    page.locator(".stage-bar .more").click()
    the_cat_sat_on_the(page)
    focusing_on_brown_is_a_centred_window(page)


def test_a_link_restores_the_view(window_page):
    page = window_page("?pattern=dilated&window=4&dilation=3&tokens=40&token=20")
    expect(rule(page)).to_have_text(
        "age < 12 and a multiple of 3: token 20 reads tokens 11, 14, 17 and 20."
    )
    expect(page.get_by_text(re.compile("^locked"))).to_be_visible()


def it_is_sound(page: Page) -> None:
    expect(spoken(page)).to_contain_text("reads")
    assert all(re.search(r"\d|none", figure) for figure in figures(page))


@pytest.mark.parametrize(
    "query",
    [
        "?tokens=99999&window=-3&pattern=<b>&convention=nobody&token=x",
        "?pattern=global&global=500&second=512&tokens=2&sides=both&window=512",
        "?pattern=sink&convention=longformer&example=fox&tokens=24",
        "?pattern=centred&convention=flash_attention",
    ],
)
def test_a_strange_link_gives_a_sound_view(window_page, query):
    it_is_sound(window_page(query))


def test_a_number_that_had_to_be_changed_says_so_until_it_is_moved(window_page):
    page = window_page("?window=4095&tokens=0")
    window, tokens = (page.locator(f"[data-knob={name}] .changed") for name in ("window", "tokens"))
    expect(window).to_have_text("The link asks for 4,095. The most here is 512.")
    expect(tokens).to_have_text("The link asks for 0. The least here is 1.")
    drag(page, "Window W", 5)
    expect(window).to_have_count(0)
    expect(tokens).to_be_visible()


def test_dragging_redraws_without_the_server(window_page):
    page = window_page()
    sent = sent_to_server(page)
    for size in (5, 4, 3):
        drag(page, "Window W", size)
        expect(rule(page)).to_have_text(re.compile(f"age < {size}: "))
        assert figures(page)[1] == str(score_pairs(SlidingWindow(size), 24))
    assert sent == [] and "window=" not in page.url
    release(page, "Window W")
    page.wait_for_url(re.compile("window=3"))
    until(page, lambda: sent)


def keys_move_lock_and_unlock(page: Page) -> None:
    page.locator("canvas").nth(1).focus()
    page.locator(".conventions tbody tr").first.evaluate("(row) => (row.id = 'the-same')")
    page.keyboard.press("ArrowUp")
    expect(spoken(page)).to_have_text("0 ≤ age < 6: token 23 reads tokens 18 to 23.")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("token=23"))
    expect(page.locator("#the-same")).to_have_count(1)  # it has nothing to do with the query
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"window\.html$"))
    expect(page.get_by_text(re.compile("^locked"))).to_have_count(0)
    expect(spoken(page)).to_contain_text("token 24 reads")


def hovering_shows_the_row_in_all_views(page: Page) -> None:
    page.locator("canvas").first.hover(position={"x": 60, "y": 60})
    expect(spoken(page)).not_to_contain_text("token 24")
    told = re.search(r"query token (\d+)", page.locator(".told").first.inner_text())[1]
    expect(rule(page)).to_contain_text(f"token {told} reads")
    expect(page.get_by_role("heading", name=f"What token {told} reads")).to_be_visible()


def test_a_token_is_chosen_by_keys_and_by_hovering(static_page):
    page = static_page()
    keys_move_lock_and_unlock(page)
    hovering_shows_the_row_in_all_views(page)


def test_it_fits_a_phone(window_page):
    page = window_page("?pattern=global&sides=both&tokens=512", width=390)
    lab = page.locator(".lab")
    wide = "(lab) => [lab, ...lab.querySelectorAll('*:not(canvas)')].filter((e) =>"
    wide += " e.getBoundingClientRect().right > window.innerWidth + 1).map((e) => e.className)"
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(lab).to_have_attribute("data-theme", theme)
        assert lab.evaluate(wide) == [], theme


def test_embedded_it_is_the_lab_alone_even_by_a_strange_link(window_page):
    page = window_page("?embed=true&tokens=1&window=512")
    it_is_sound(page)
    expect(page.get_by_text("Show me the code")).to_have_count(0)
    expect(page.locator("canvas")).to_have_count(2)
