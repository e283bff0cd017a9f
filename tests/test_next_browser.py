"""The likeliest next tokens are a table for everybody, and pieces of words are explained."""

import re

import pytest
from playwright.sync_api import expect

from swa_viz.web.bundle import as_function, in_order

WORDS = [" de", " b", " st", " wh", " I", " a", " the", " dry", " str", " Mrs", "ed", ",", " 12"]
PIECES = [True, True, True, True, False, False, False, False, True, False, False, False, False]


def test_which_tokens_only_begin_a_word(chromium_browser):
    page = chromium_browser.new_page()
    modules = "".join(as_function(name) for name in in_order("wording/text.js"))
    call = f"(words) => {{ {modules} return words.map($wording_text.beginsWord); }}"
    assert page.evaluate(call, WORDS) == PIECES
    page.close()


@pytest.mark.parametrize("width", [390, 1366])
def test_predictions_are_a_table(open_site, width):
    page = open_site("attention.html?window=4", width=width)
    table = page.locator("[data-view=next] table")
    expect(table.get_by_role("columnheader")).to_have_text(["token", "full", "window"])
    first = table.get_by_role("row").nth(1)
    expect(first.get_by_role("rowheader")).to_have_text("de…")
    expect(first.get_by_role("cell")).to_have_text(["10.6 %", "< 1.4 %"])
    expect(page.locator("[data-view=next] .note")).to_contain_text("“de…” begins a longer word")
    few = table.get_by_role("rowheader").count()
    page.get_by_role("button", name="Show more").click()
    shares = table.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('.portion')].map((s) => s.innerText))"
    )
    assert few < len(shares)
    for side in zip(*shares, strict=True):
        assert sum(not share.startswith("<") for share in side) == 10
    cut = "(table) => [...table.querySelectorAll('.portion')].filter((cell) => "
    assert table.evaluate(f"{cut} cell.scrollWidth > cell.clientWidth).length") == 0
    left, right = (table.locator("tbody tr").first.locator(".portion").nth(i) for i in (0, 1))
    assert left.bounding_box()["y"] == right.bounding_box()["y"]
    assert left.evaluate("(cell) => getComputedStyle(cell).textAlign") == "right"


def test_a_token_keeps_its_row_while_the_window_moves(open_site):
    page = open_site("attention.html?window=4")
    words = page.locator("[data-view=next] tbody .word")
    before = words.all_text_contents()
    page.get_by_role("slider", name="Window W").press("ArrowLeft")
    expect(page.locator("[data-view=next] thead")).to_contain_text("window")
    expect(page).to_have_url(re.compile("window=3"))
    assert words.all_text_contents()[:5] == before[:5]


@pytest.mark.parametrize(
    ("text", "has_piece"), [("Thank you very", False), ("one two three four", True)]
)
def test_the_note_is_there_only_with_a_piece(open_file, text, has_piece):
    page = open_file({"text": text, "window": 3}, page="attention", light=True)
    expect(page.locator("[data-view=next] [scope=row]").first).to_be_visible()
    note = page.locator("[data-view=next] .note")
    expect(note).to_be_visible(visible=has_piece)
    if has_piece:
        expect(note).to_contain_text("“+th” goes on with the word before it")
