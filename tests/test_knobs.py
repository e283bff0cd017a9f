"""A link means the same to the lab's server and to a page without one.

Python writes the vectors, and the lab's own module answers them in a real browser.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page

from swa_viz.lessons.knobs import KNOBS, ChoiceKnob, LettersKnob, NumberKnob, TextKnob, knob_payload
from swa_viz.ui import lab
from swa_viz.web.bundle import as_function

NUMBERS = [
    "7",
    " 7 ",
    "\t7",
    "+7",
    "-7",
    "007",
    "7.0",
    "7e1",
    "1_0",
    "٧",
    "７",
    "0x7",
    "",
    " ",
    "+",
    "- 7",
]
NUMBERS += [
    "\n7",
    "7\n",
    "\u00a07",
    "\ufeff7",
    "-0",
    "9" * 5000,
    "-" + "9" * 400,
    "Infinity",
    "NaN",
]
WORDS = ["weights", "Weights", " weights", "constructor", "__proto__", "toString", "", "wwwwww"]
WORDS += ["fwfwdc", "wwwww", "wwwwwww", "wwwww𝔴", "wwwww<", "__proto__"[:6]]
TEXTS = ["", "a\r\nb", "é" * 2001, "😀" * 1999 + "ab", "<b>&amp;</b>", "\u2028\u0000", "a" * 9000]
KINDS = {
    "number": NumberKnob("", 6, -2, 64),
    "choice": ChoiceKnob("", "weights", {"scores": "", "weights": ""}),
    "letters": LettersKnob("", "wwwwww", {"w": "", "f": "", "d": "", "c": ""}),
    "text": TextKnob("", "The cat", 2000),
}
LINKS = [
    {},
    {"window": "9"},
    {"window": "+9", "embed": "true"},
    {"window": "6", "layer": "99", "head": "x"},
    {"text": "my own words", "window": "5"},
    {"text": "w" * 3000},
    {"stage": "scores", "schedule": "wfwfwf", "sinks": "2", "other": "a b"},
]
MOVES = [{}, {"window": 4}, {"window": 12, "text": "typed here"}, {"stage": "masked_scores"}]


@pytest.fixture(scope="module")
def reader(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the module as `$knobs`."""
    page = chromium_browser.new_page()
    page.add_script_tag(content=as_function("lessons/knobs.js"))
    yield page
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_both_read_alike(reader, kind):
    knob = KINDS[kind]
    raw = [None, *NUMBERS, *WORDS, *TEXTS]
    read = "([knob, all]) => all.map((raw) => $lessons_knobs.read(knob, raw))"
    assert reader.evaluate(read, [knob_payload(knob), raw]) == [knob.read(given) for given in raw]


def test_numbers_that_only_one_language_would_read_are_nonsense_to_both():
    knob = KINDS["number"]
    assert [knob.read(raw) for raw in ("1_0", "٧", "７", "7e1", "0x7", "7.0", "\n7")] == [6] * 7
    assert [knob.read(raw) for raw in (" 7 ", "+7", "007", 7, "-1")] == [7, 7, 7, 7, -1]
    assert (knob.read("9" * 5000), knob.read("-" + "9" * 5000)) == (64, -2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sent", [True, 1.5, ["7"], {"a": 1}, b"7"])
def test_what_is_no_text_and_no_number_is_the_default(kind, sent):
    assert KINDS[kind].read(sent) == KINDS[kind].default


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("moved", MOVES)
def test_both_let_the_link_follow_alike(reader, monkeypatch, link, moved):
    knobs = KNOBS["attention"]
    values = {name: knob.read(link.get(name)) for name, knob in knobs.items()} | moved
    theirs = dict(link)
    monkeypatch.setattr(lab, "st", SimpleNamespace(query_params=theirs))
    lab.write_url("attention", values)
    follow = """([knobs, values, link]) => {
      const next = $lessons_knobs.follow(knobs, values, new URLSearchParams(link));
      return Object.fromEntries(next);
    }"""
    payload = {name: knob_payload(knob) for name, knob in knobs.items()}
    assert reader.evaluate(follow, [payload, values, link]) == theirs
