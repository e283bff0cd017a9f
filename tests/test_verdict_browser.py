"""The verdict on both predictions, sentence by sentence, from small lists made by hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from swa_viz.web.bundle import as_function, in_order

SLIDING, CHUNKS = {"kind": "sliding", "window_size": 4}, {"kind": "chunked", "chunk_size": 4}
CAUSAL = {"kind": "causal"}
BANK = [[7, " bank", 0.069], [8, " money", 0.067], [9, " river", 0.02]]
SAY = """([schedule, full, windowed, query, isLast]) =>
  $web_questions_verdict.verdict({schedule, query, isLast, full, windowed})
    .map((part) => part.piece === undefined ? part : `*${part.piece.trim()}*`).join("")"""


@pytest.fixture(scope="module")
def page(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the module."""
    page = chromium_browser.new_page()
    names = in_order("web/views/verdict.js", "web/questions/verdict.js")
    page.set_content(f"<script>{''.join(map(as_function, names))}</script>")
    yield page
    page.close()


@pytest.mark.parametrize(
    "schedule, windowed, said",
    [
        (
            [SLIDING] * 6,
            [[8, " money", 0.108], [3, " house", 0.067], [4, " land", 0.0161]],
            "With W = 4 the model no longer expects *bank*: 6.9 % → below 1.6 %. "
            "Now *money* comes first (10.8 %).",
        ),
        (
            [SLIDING] * 6,
            [[8, " money", 0.108], [7, " bank", 0.03]],
            "With W = 4 the model expects *money* first (10.8 %) instead of *bank*, "
            "which goes from 6.9 % to 3.0 %.",
        ),
        (
            [SLIDING] * 6,
            [[7, " bank", 0.072], [8, " money", 0.01]],
            "With W = 4 the model still expects *bank* first, with nearly the same share: "
            "6.9 % → 7.2 %.",
        ),
        (
            [SLIDING] * 6,
            [[7, " bank", 0.02], [8, " money", 0.01]],
            "With W = 4 the model still expects *bank* first, but with a smaller share: "
            "6.9 % → 2.0 %.",
        ),
        (
            [CHUNKS] * 6,
            [[7, " bank", 0.2], [8, " money", 0.01]],
            "With chunks of 4 the model still expects *bank* first, but with a larger share: "
            "6.9 % → 20.0 %.",
        ),
        (
            [{"kind": "dilated", "window_size": 4, "dilation": 2}] * 2,
            [[7, " bank", 0.07], [4, " land", 0.0161]],
            "With a dilated window of 4 the model still expects *bank* first, "
            "with nearly the same share: 6.9 % → 7.0 %.",
        ),
        (
            [SLIDING, CAUSAL],
            [[8, " money", 0.108], [4, " land", 0.0161]],
            "With your schedule the model no longer expects *bank*: 6.9 % → below 1.6 %. "
            "Now *money* comes first (10.8 %).",
        ),
        (
            [{"kind": "sink", "window_size": 4, "n_sink_tokens": 2}] * 2,
            [[7, " bank", 0.07], [4, " land", 0.0161]],
            "With W = 4 + 2 sinks the model still expects *bank* first, "
            "with nearly the same share: 6.9 % → 7.0 %.",
        ),
    ],
)
def test_the_sentence_says_what_happened_to_the_first_expectation(page, schedule, windowed, said):
    assert page.evaluate(SAY, [schedule, BANK, windowed, 16, True]) == said


@pytest.mark.parametrize(
    "size, query, is_last, said",
    [
        (17, 16, True, "Nothing changes: W = 17 covers the whole text."),
        (8, 7, False, "Nothing changes: W = 8 covers the text up to this token."),
    ],
)
def test_a_window_that_covers_all_changes_nothing(page, size, query, is_last, said):
    schedule = [{"kind": "sliding", "window_size": size}] * 6
    assert page.evaluate(SAY, [schedule, BANK, BANK, query, is_last]) == said
    narrower = [{"kind": "sliding", "window_size": size - 1}] * 6
    assert "Nothing" not in page.evaluate(SAY, [narrower, BANK, BANK, query, is_last])


def test_without_numbers_there_is_no_verdict(page):
    assert page.evaluate(SAY, [[SLIDING], BANK, [], 16, True]) == ""


def test_a_token_is_only_text(page):
    shown = page.evaluate(
        """([schedule, full]) => {
          const place = $web_views_verdict.render();
          const compared = {schedule, query: 16, isLast: true, full, windowed: full};
          place.update($web_questions_verdict.verdict(compared));
          return [place.element.textContent, place.element.querySelectorAll("*").length];
        }""",
        [[SLIDING], [[1, "<img src=x>", 0.5]]],
    )
    assert shown == [
        "With W = 4 the model still expects <img src=x> first, with nearly the same share: "
        "50.0 % → 50.0 %.",
        2,
    ]
