"""Books on the page beyond prose: the answers are the reader's, after the word that is chosen."""

import re
from functools import cache

import numpy as np
from playwright.sync_api import Page, expect

from swa_viz.experiments.books import SOURCES, WINDOWS, answer, load_reader, schedule_of
from swa_viz.experiments.stored_books import chosen_passage, held_out_passages, stored_books
from swa_viz.lessons.beyond.kind import Kind
from swa_viz.lessons.beyond.lesson import KINDS

KIND: Kind = KINDS["books"]
STORED = stored_books()
READER = load_reader()
W, LAYERS = 4, READER.config.n_layers
SHOWN = STORED["shown"]["whale"]
TOKENS = SHOWN["tokens"]
ROUNDED = 0.25  # per cent: a probability is stored in a byte


@cache
def scores(window):
    """What the reader itself says of the shown passage, after every token."""
    return READER(shown_tokens()[None], schedule_of(window))[0]


@cache
def shown_tokens():
    """The passage among those that were held out; to find it, many are read."""
    return held_out_passages()[0][chosen_passage(READER, SHOWN["source"])]


def shares_of(page: Page) -> dict[str, list[float]]:
    """In full attention and through the window, of every source, in per cent."""
    more = page.locator("[data-view=source] button", has_text="Show more")
    if more.is_visible():
        more.click()
    rows = page.locator("[data-view=source] tbody tr").all()
    names = [row.locator("th").inner_text().removeprefix("✓ ") for row in rows]
    numbers = [row.locator("td.portion").all_inner_texts() for row in rows]
    return {
        name: [float(text.strip("< %")) for text in texts]
        for name, texts in zip(names, numbers, strict=True)
    }


def roles_of(page: Page) -> list[str]:
    """Of every token; where one begins with a blank, that is a part of its own."""
    roles = page.locator("[data-view=passage] [data-token]").evaluate_all(
        "all => Object.fromEntries(all.map(({ dataset }) => [dataset.token, dataset.role]))"
    )
    return [roles[str(position)] for position in range(len(roles))]


def role(age: int) -> str:
    if age <= 0:
        return "query" if age == 0 else "after"
    if age < W:
        return "window"
    return "layers" if age <= LAYERS * (W - 1) else "outside"


def said(page: Page, view: str):
    return page.locator(".card", has=page.locator(f"[data-view={view}]")).locator(".lead").first


def assert_answers_are_the_reader_s(page: Page, query: int) -> None:
    """After that token, in full attention and through the window."""
    expect(said(page, "source")).to_contain_text(f"After token {query + 1} the model names")
    found = shares_of(page)
    assert set(found) == set(SOURCES)
    for column, window in enumerate((None, W)):
        truth = 100 * scores(window)[query].softmax(dim=-1)
        shown = [found[name][column] for name in SOURCES]
        np.testing.assert_allclose(shown, truth, atol=ROUNDED)
    assert roles_of(page) == [role(query - i) for i in range(len(TOKENS))]


def assert_words_are_chosen_by_click_and_by_keyboard(page: Page) -> None:
    """Whole words, which may have several tokens."""
    words = page.locator("[data-view=passage] button")
    assert [word.split() for word in words.all_inner_texts()] == [
        [word] for word in "".join(TOKENS).split()
    ]
    words.nth(3).click()
    stop = len("".join("".join(TOKENS).split()[:4]))
    ends = np.cumsum([len(piece.strip()) for piece in TOKENS])
    after = int(np.searchsorted(ends, stop)) + 1
    page.wait_for_url(re.compile(f"after={after}(&|$)"))
    expect(said(page, "passage")).to_contain_text(f"the answer after token {after} can depend")
    page.keyboard.press("ArrowLeft")
    expect(words.nth(2)).to_be_focused()
    expect(words.nth(2)).to_have_attribute("aria-pressed", "true")


def assert_cards_say_what_was_measured(page: Page) -> None:
    """At the window that is chosen."""
    right = page.locator(".card", has=page.locator("[data-view=books-right]"))
    for reading, all_seeds in STORED["right"].items():
        windowed, full = np.mean(all_seeds, axis=0)[[WINDOWS.index(W), -1]]
        expected = f"right for {100 * windowed:.1f} % with W = {W} and {100 * full:.1f} %"
        expect(right, reading).to_contain_text(expected)
    windowed, full = (STORED["times"]["ms"][-1][at] for at in (WINDOWS.index(W), -1))
    time = page.locator(".card", has=page.locator("[data-view=books-time]"))
    expect(time).to_contain_text(f"with W = {W}, which is {full / windowed:.1f} times as fast")
    together = SOURCES[int(answer(scores(W), "all").argmax())]
    expect(said(page, "source")).to_contain_text(f"all tokens together name “{together}”")


def test_the_answers_are_the_reader_s_after_the_token_that_is_chosen(open_site):
    page = open_site(f"beyond.html?sequence=books&passage=whale&window={W}")
    assert_answers_are_the_reader_s(page, len(TOKENS) - 1)
    assert_cards_say_what_was_measured(page)
    assert_words_are_chosen_by_click_and_by_keyboard(page)
    page.goto(re.sub("after=[0-9]+", "after=41", page.url))
    assert_answers_are_the_reader_s(page, 40)


def test_between_stored_windows_the_page_says_whose_answers_it_shows(open_site):
    page = open_site("beyond.html?sequence=books&passage=whale&window=12")
    expect(said(page, "passage")).to_contain_text("can depend on 23 tokens")
    expect(said(page, "source")).to_contain_text("these are those of W = 8")
    page.goto(page.url.replace("window=12", "window=128"))
    expect(said(page, "source")).to_contain_text("with a window of the whole passage")
    assert all(full == windowed for full, windowed in shares_of(page).values())
    expect(said(page, "passage")).to_contain_text("that is all of the text so far")
