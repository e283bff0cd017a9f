"""The likeliest next tokens are a table for everybody, and pieces of words are explained."""

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
    left, right = (page.locator("[data-view=next] table").nth(i) for i in (0, 1))
    heads = ["token", "with full", "with window"]
    expect(left.get_by_role("columnheader")).to_have_text(heads)
    expect(right.get_by_role("columnheader")).to_have_text([heads[0], heads[2], heads[1]])
    expect(left.get_by_role("rowheader")).to_have_count(10)
    first = left.get_by_role("row").nth(1)
    expect(first.get_by_role("rowheader")).to_have_text("de…")
    expect(first.get_by_role("cell")).to_have_text(["10.6 %", "below 1.4 %"])
    expect(page.locator("[data-view=next] .note")).to_have_text(
        "Some tokens are only pieces of words: “de…” begins a longer word."
    )
    for table in (left, right):
        cut = table.evaluate(
            "(table) => [...table.querySelectorAll('.share, .other')]"
            ".filter((cell) => cell.scrollWidth > cell.clientWidth).length"
        )
        assert cut == 0


@pytest.mark.parametrize(
    ("text", "has_piece"), [("Thank you very", False), ("one two three four", True)]
)
def test_the_note_is_there_only_with_a_piece(open_file, text, has_piece):
    page = open_file({"text": text, "window": 3}, page="attention", light=True)
    expect(page.locator("[data-view=next] [scope=row]").first).to_be_visible()
    note = page.locator("[data-view=next] .note")
    expect(note).to_have_count(int(has_piece))
    if has_piece:
        expect(note).to_contain_text("“+th” goes on with the word before it")
