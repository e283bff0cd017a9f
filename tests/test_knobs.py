"""A link means the same to the lab's server and to a page without one.

Python writes the vectors, and the lab's own module answers them in a real browser.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from swa_viz.answers.limits import MAX_LONG_TOKENS
from swa_viz.lessons import LESSONS
from swa_viz.web.bundle import as_function, in_order
from swa_viz.web.knobs import (
    WHOLE_NUMBER,
    ChoiceKnob,
    LettersKnob,
    NumberKnob,
    TextKnob,
    knob_payload,
)

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
WORDS += ["LLG", "w8f", "w99d", "f8", "w0", "w8w8w8w8w8w8w8", "w: 8", "w" + "9" * 999]
WORDS += ["fwfwdc", "wwwww", "wwwwwww", "wwwww𝔴", "wwwww<", "__proto__"[:6]]
TEXTS = ["", "a\r\nb", "é" * 2001, "😀" * 1999 + "ab", "<b>&amp;</b>", "\u2028\u0000", "a" * 9000]
KINDS = {
    "number": NumberKnob("", 6, -2, 64),
    "choice": ChoiceKnob("", "weights", {"scores": "", "weights": ""}),
    "letters": LettersKnob("", "wwwwww", {"w": "", "f": "", "d": "", "c": ""}),
    "text": TextKnob("", "The cat", 2000),
}
MODEL = {"name": "six", "n_layers": 6, "n_heads": 8, "trained": ""}
# What a link said, what the visitor then moved, what the link says now.
FOLLOWED = [
    ({}, {}, {}),
    ({}, {"window": 12, "head": 2}, {"window": "12", "head": "2"}),
    ({"window": "4"}, {}, {}),
    ({"window": "+9", "embed": "true"}, {}, {"window": "9", "embed": "true"}),
    ({"window": "9", "embed": "true"}, {"window": 4}, {"embed": "true"}),
    ({"window": "6", "layer": "99", "head": "x"}, {}, {"window": "6", "layer": "6"}),
    ({"stage": "scores", "schedule": "wfwfwf", "other": "a b"}, {"stage": "weights"},
     {"schedule": "wfwfwf", "other": "a b"}),
    ({"text": "my own words", "window": "5"}, {}, {"text": "my own words", "window": "5"}),
    ({"text": "my own words", "window": "5"}, {"text": "typed here"}, {"window": "5"}),
    ({"window": "5"}, {"text": "typed here"}, {"window": "5"}),
    ({"text": "w" * 13_000}, {}, {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def reader(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the module as `$knobs`."""
    page = chromium_browser.new_page()
    page.add_script_tag(content="".join(map(as_function, in_order("web/knobs.js"))))
    yield page
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_both_read_alike(reader, kind):
    knob = KINDS[kind]
    raw = [None, *NUMBERS, *WORDS, *TEXTS]
    read = "([knob, all]) => all.map((raw) => $web_knobs.read(knob, raw))"
    found = reader.evaluate(read, [knob_payload(knob), raw])
    # As text, for -0 equals 0 and is written otherwise.
    assert list(map(str, found)) == [str(knob.read(given)) for given in raw]


def test_numbers_that_only_one_language_would_read_are_nonsense_to_both():
    knob = KINDS["number"]
    assert [knob.read(raw) for raw in ("1_0", "٧", "７", "7e1", "0x7", "7.0", "\n7")] == [6] * 7
    assert [knob.read(raw) for raw in (" 7 ", "+7", "007", 7, "-1")] == [7, 7, 7, 7, -1]
    assert (knob.read("9" * 5000), knob.read("-" + "9" * 5000)) == (64, -2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sent", [True, 1.5, ["7"], {"a": 1}, b"7"])
def test_what_is_no_text_and_no_number_is_the_default(kind, sent):
    assert KINDS[kind].read(sent) == KINDS[kind].default


@pytest.mark.parametrize("raw", NUMBERS)
def test_a_number_that_had_to_be_changed_says_so(reader, raw):
    knob = KINDS["number"]
    changed = """([knob, raw]) =>
      $web_knobs.withChanges({knob}, new URLSearchParams({knob: raw})).knob.changed"""
    said = reader.evaluate(changed, [knob_payload(knob), raw])
    read = knob.read(raw)
    is_changed = bool(WHOLE_NUMBER.fullmatch(raw)) and float(raw) != read
    assert bool(said) == is_changed
    if is_changed:
        most = f"The {'most' if read == 64 else 'least'} here is {read}."
        assert said.startswith("The link asks for ") and said.endswith(most)


@pytest.mark.parametrize(("link", "moved", "expected"), FOLLOWED)
def test_the_link_follows_the_knobs_and_never_tells_a_visitor_s_text(reader, link, moved, expected):
    knobs = LESSONS["attention"].knobs_for(MODEL)
    values = {name: knob.read(link.get(name)) for name, knob in knobs.items()} | moved
    follow = """([knobs, values, link]) => {
      const next = $web_knobs.follow(knobs, values, new URLSearchParams(link));
      return Object.fromEntries(next);
    }"""
    payload = {name: knob_payload(knob) for name, knob in knobs.items()}
    assert reader.evaluate(follow, [payload, values, link]) == expected


SMALL = {"name": "small", "n_layers": 2, "n_heads": 3, "trained": "small was trained."}
RESERVED = {"embed", "embed_options", "out", "light", "page"}


def test_the_model_bounds_the_knobs():
    knobs = LESSONS["attention"].knobs_for(SMALL)
    assert (knobs["layer"].at_least, knobs["layer"].default, knobs["layer"].at_most) == (1, 2, 2)
    assert (knobs["head"].at_least, knobs["head"].at_most) == (0, 3)
    assert knobs["schedule"].default == "ww"
    assert knobs["window"].at_most == knobs["token"].at_most == MAX_LONG_TOKENS
    layers = LESSONS["layers"].knobs_for(SMALL)["layers"]
    assert (layers.at_least, layers.default, layers.at_most) == (1, 2, 2)


def test_a_limit_that_the_model_does_not_tell_gets_a_sentence():
    with pytest.raises(ValueError, match="no fact of the model is called 'n_experts'; known are"):
        NumberKnob("Expert", 1, 1, "n_experts").bounded(SMALL)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_knob_has_a_name_of_its_own_and_a_default_that_it_would_read(lesson):
    knobs = lesson.knobs_for(SMALL)
    assert not set(knobs) & RESERVED
    assert all(knob.read(str(knob.default)) == knob.default for knob in knobs.values())
