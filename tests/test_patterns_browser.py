"""The rule in the browser is the rule in Python: the same masks, counts and translations.

Python writes the vectors, and the lab's own modules answer them in a real page.
"""

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from playwright.sync_api import Browser, Error, Page

from swa_viz.cost import keys_per_query, kv_cache_bytes, saving, score_pairs
from swa_viz.lessons import LESSONS
from swa_viz.lessons.window.lesson import MODELS_COUNTED, model_payload
from swa_viz.patterns import (
    CONVENTIONS,
    PATTERNS,
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    Pattern,
    SinkWindow,
    SlidingWindow,
    build_mask,
    from_convention,
    read_pattern,
)
from swa_viz.presets import PRESETS
from swa_viz.web.bundle import as_function, in_order
from tests import pattern_examples

LENGTHS = (1, 2, 7, 24)
SAMPLES = [
    Causal(),
    *(SlidingWindow(size) for size in (1, 2, 6, 24, 40)),
    *(CentredWindow(radius) for radius in (0, 1, 3, 23, 40)),
    *(SinkWindow(size, sinks) for size in (1, 4) for sinks in (0, 1, 3, 30)),
    *(GlobalWindow(size, places) for size in (1, 4) for places in ((), (0,), (3, 9), (6, 50))),
    *(GlobalWindow(size, places, causal=False) for size in (1, 5) for places in ((0,), (3, 9, 30))),
    *(DilatedWindow(size, gap) for size in (1, 3, 9) for gap in (1, 2, 5, 30)),
    *(Chunked(size) for size in (1, 3, 6, 40)),
]
SAMPLES += [pattern for pattern in pattern_examples.EXAMPLES if pattern not in SAMPLES]

# All is asked at once, of all patterns: the way to the page and back takes longer than an answer.
# Numbers of a row are sent as one word.
MASK = """(pattern, lengths) => lengths.map((n) => {
  const keys = Array.from({length: n}, (_, key) => key);
  const within = (key) => ([start, stop, step]) =>
    key >= start && key < stop && (key - start) % step === 0;
  const ranges = keys.map((query) => $patterns_ranges.keyRanges(pattern, query, n));
  const drawn = (read) => keys.map((query) => keys.map((key) => read(query, key)).join(""));
  return {
    rule: drawn((query, key) => Number($patterns_pattern.visible(pattern, query, key))),
    ranges: drawn((query, key) => ranges[query].filter(within(key)).length),
  };
})"""

COUNTS = """(pattern, lengths) => lengths.map((n) => ({
  rows: Array.from({length: n}, (_, query) => $patterns_ranges.keysRead(pattern, query, n)),
  closed: $cost.pairsOf(pattern, n),
  counted: $patterns_pattern.scorePairs(pattern, n),
  upTo: Array.from({length: n}, (_, query) => $cost.pairsUpTo(pattern, query, n)),
}))"""

CELLS = """(pattern, n) => {
  const canvas = document.createElement("canvas");
  const colours = {key: [255, 0, 0], pinned: [0, 255, 0], pending: [9, 9, 9]};
  $web_views_cells.paintCells(canvas, {pattern, seqLen: n, value: null}, colours);
  const pixels = canvas.getContext("2d").getImageData(0, 0, n, n).data;
  const name = ([red, , , alpha]) => !alpha ? "." : red ? "x" : "*";
  const places = Array.from({length: n}, (_, place) => place);
  const cell = (q, k) => name(pixels.slice(4 * (q * n + k), 4 * (q * n + k) + 4));
  return {
    pictures: places.map((q) => places.map((k) => cell(q, k)).join("")),
    pinned: places.map((key) => $patterns_pattern.isPinned(pattern, key)),
  };
}"""


@pytest.fixture(scope="module")
def lab(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the lab's modules, each as a global named by its path: $web_core_dom."""
    names = in_order("lessons/window/lab.js", "lessons/home/lab.js")
    page = chromium_browser.new_page()
    page.set_content(f"<script>{''.join(map(as_function, names))}</script>")
    yield page
    page.close()


def of_each(lab: Page, function: str, *words: object) -> Iterator[tuple[Pattern, object]]:
    """Each of SAMPLES with what a function of the page says of it."""
    ask = f"([all, words]) => all.map((pattern) => ({function})(pattern, ...words))"
    answers = lab.evaluate(ask, [[pattern.to_plain() for pattern in SAMPLES], words])
    return zip(SAMPLES, answers, strict=True)


def test_every_pattern_is_stated_in_both_languages(lab: Page):
    stated = "(kinds) => kinds.map((kind) => $patterns_pattern.statedBy({kind}).label)"
    labels = [pattern.label for pattern in PATTERNS.values()]
    assert lab.evaluate(stated, list(PATTERNS)) == labels


REACH = """(p) => [$patterns_pattern.looksAhead(p), $patterns_pattern.nPinned(p),
  $patterns_pattern.bandOf(p)]"""


def test_what_a_pattern_says_of_its_reach_is_python_s(lab: Page):
    for pattern, (*found, band) in of_each(lab, REACH):
        assert found == [not pattern.causal, pattern.n_pinned], pattern
        assert (band is not None) == pattern.is_band, pattern
        if pattern.is_band and pattern.span.back is not None:
            assert band == list(pattern.span), pattern


# What the controls of a page say, with every setting at its least, its default and its most.
MADE = """([kind, settings, values]) =>
  $lessons_window_chosen.chosenPattern({pattern: kind, convention: "ours", ...values},
    {conventions: {}, patterns: {[kind]: {settings}}}).pattern"""


@pytest.mark.parametrize("which", ["at_least", "default", "at_most"])
@pytest.mark.parametrize("kind", PATTERNS)
def test_what_the_controls_make_is_a_pattern_in_python(lab: Page, kind: str, which: str):
    settings = [asdict(setting) for setting in PATTERNS[kind].settings]
    values = {s["name"]: s.get(which, list(s.get("choices", [0]))[-1]) for s in settings}
    pattern = read_pattern(lab.evaluate(MADE, [kind, settings, values]))
    assert pattern.kind == kind
    for setting in settings:
        if setting.get("field") and getattr(pattern, setting["field"]) != values[setting["name"]]:
            assert kind == "global" and not pattern.causal  # an even window is widened by one


ONLY_A_PREDICATE = """([n]) => {
  $patterns_pattern.definePattern("two_steps", {
    visible: (p, age) => age === 0 || age === p.near || age === p.far,
  });
  const p = {kind: "two_steps", near: 1, far: 3};
  const stated = $patterns_pattern.statedBy(p);
  return {
    label: stated.label, rule: stated.rule(p), ranges: $patterns_ranges.keyRanges(p, 5, n),
    ahead: $patterns_pattern.looksAhead(p), pinned: $patterns_pattern.isPinned(p, 0),
    pairs: $cost.pairsOf(p, n), counted: $patterns_pattern.scorePairs(p, n),
    why: [[5, 5], [5, 4], [5, 3], [3, 5]].map(([q, k]) => $patterns_pattern.why(p, q, k)),
  };
}"""


def test_a_pattern_may_state_only_its_predicate(lab: Page):
    found = lab.evaluate(ONLY_A_PREDICATE, [9])
    assert found["label"] == "two steps" and found["rule"] == "two steps: near 1, far 3"
    assert found["ranges"] == [[2, 3, 1], [4, 6, 1]]
    assert (found["ahead"], found["pinned"]) == (False, False)
    assert found["pairs"] == found["counted"] == 9 + 8 + 6
    assert found["why"] == [
        "the query itself",
        "age 1, inside",
        "not read in this pattern",
        "later than the query: not written yet",
    ]


def test_an_unknown_pattern_is_told(lab: Page):
    with pytest.raises(Error, match="unknown pattern “wide”; known are"):
        lab.evaluate('() => $patterns_pattern.visible({kind: "wide"}, 1, 0)')


def test_the_mask_is_python_s(lab: Page):
    for pattern, masks in of_each(lab, MASK, LENGTHS):
        for n, drawn in zip(LENGTHS, masks, strict=True):
            rows = build_mask(pattern, n, n).int().tolist()
            mask = ["".join(map(str, row)) for row in rows]
            assert drawn == {"rule": mask, "ranges": mask}, (pattern, n)


def test_counts_are_python_s(lab: Page):
    for pattern, all_counts in of_each(lab, COUNTS, LENGTHS):
        for n, counts in zip(LENGTHS, all_counts, strict=True):
            rows = keys_per_query(pattern, n, n)
            assert counts["rows"] == rows.tolist(), (pattern, n)
            assert counts["upTo"] == rows.cumsum().tolist(), (pattern, n)
            assert counts["closed"] == counts["counted"] == score_pairs(pattern, n), (pattern, n)


def as_drawn(seen: list[list[bool]], pinned: list[bool]) -> list[str]:
    """The rows of a mask: x for a key that is read, * for one that is pinned, a dot for others.

    >>> as_drawn([[True, False], [True, True]], [True, True])
    ['x.', '*x']
    """

    def cell(query: int, key: int) -> str:
        if not seen[query][key]:
            return "."
        return "*" if pinned[key] and key != query else "x"

    places = range(len(seen))
    return ["".join(cell(query, key) for key in places) for query in places]


def test_cells_are_coloured_by_the_mask(lab: Page):
    n = 12
    for pattern, found in of_each(lab, CELLS, n):
        seen = build_mask(pattern, n, n).tolist()
        assert found["pictures"] == as_drawn(seen, found["pinned"]), pattern


def test_mistral_s_numbers(lab: Page):
    n, size = 16_384, 4_096
    count = "([pattern, n]) => $cost.pairsOf(pattern, n)"
    full, band = (lab.evaluate(count, [p.to_plain(), n]) for p in (Causal(), SlidingWindow(size)))
    assert (full, band) == (score_pairs(Causal(), n), score_pairs(SlidingWindow(size), n))
    assert full / band == pytest.approx(saving(SlidingWindow(size), n))
    assert round(full / band, 2) == 2.29


@pytest.mark.parametrize("n", [1, 100, 16_384, 131_072])
@pytest.mark.parametrize("name", MODELS_COUNTED)
def test_a_real_model_costs_what_python_counts(lab: Page, name: str, n: int):
    preset, size = PRESETS[name], 300
    windowed = [
        SlidingWindow(size) if isinstance(layer, SlidingWindow) else layer
        for layer in preset.layer_schedule
    ]
    heads = {"n_kv_heads": preset.n_kv_heads, "head_dim": preset.head_dim}
    ask = "([model, n, size]) => $lessons_window_model_counts.costsOf(model, n, size)"
    costs = lab.evaluate(ask, [model_payload(preset), n, size])
    for kind, layers in (("windowed", windowed), ("full", [Causal()] * preset.n_layers)):
        assert costs["pairs"][kind] == preset.n_heads * score_pairs(layers, n)
        assert costs["bytes"][kind] == kv_cache_bytes(layers, n, **heads)


def test_a_pattern_that_looks_ahead_has_no_cache(lab: Page):
    call = "(layer) => $cost.kvCacheBytes([layer], 9, 1, 1)"
    with pytest.raises(Error, match="it reads later tokens"):
        lab.evaluate(call, CentredWindow(2).to_plain())


def test_a_layer_keeps_what_python_keeps(lab: Page):
    kept_by = "(p) => $patterns_pattern.looksAhead(p) ? null : $patterns_pattern.keptBy(p)"
    for pattern, kept in of_each(lab, kept_by):
        assert kept == (pattern.kept._asdict() if pattern.causal else None), pattern


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_convention_reads_a_number_as_python_does(lab: Page, name: str):
    entry = CONVENTIONS[name]
    ask = """([numbers, entry]) => numbers.map((n) => {
      const read = $patterns_conventions.fromConvention(n, entry);
      return {...read, keys: $patterns_conventions.keysInside(read.pattern)};
    })"""
    numbers = range(1, 20)
    answers = lab.evaluate(ask, [list(numbers), asdict(entry)])
    for n, read in zip(numbers, answers, strict=True):
        if not read["even"]:
            with pytest.raises(ValueError, match="even"):
                from_convention(n, name)
            assert read["number"] == n + 1
        pattern = from_convention(read["number"], name)
        assert read["pattern"].items() >= pattern.to_plain().items()
        assert read["keys"] == build_mask(pattern, 99, 99)[40:60].sum(dim=1).max()


def test_the_page_offers_every_pattern_and_convention():
    knobs = LESSONS["window"].knobs
    assert list(knobs["pattern"].choices) != [] and set(knobs["pattern"].choices) == set(PATTERNS)
    assert list(knobs["convention"].choices) == ["ours", *CONVENTIONS]


HOSTILE = {
    "nothing": "",
    "blank": " ",
    "newline": "\n",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "replacement character": "\ufffd",
    "right to left": "\u05e9\u05dc\u05d5\u05dd",
    "override": "\u202egnp.exe",
    "combining": "\u0308\u0301",
    "zalgo": "Z\u0338\u0317\u0308",
    "null": "\x00",
    "bell and escape": "\x07\x1b[31m",
    "zero width": "\u200b\u200d\ufeff",
    "script": "<script>window.hacked = 1</script>",
    "image": "<img src=x onerror='window.hacked = 1'>",
    "markdown": "![t](//example.invalid/t.png)",
    "plotly": "<b><a href='javascript:alert(1)'>x</a></b>",
    "brackets": "%{text}${1+1}",
}
SHOWN = """(piece) => {
  const element = $web_core_dom.h("bdi", {}, $wording_text.readable(piece));
  document.body.replaceChildren(element);
  const {textContent: text, childElementCount: children} = element;
  return {text, children, hacked: window.hacked ?? null};
}"""
ACTIVE = "".join(map(chr, [*range(32), *range(0x7F, 0xA0), 0x200B, 0x200D, 0x202E, 0xFEFF]))


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(lab: Page, piece: str):
    shown = lab.evaluate(SHOWN, piece)
    assert shown["text"].strip()
    assert shown["children"] == 0 and shown["hacked"] is None
    assert not set(shown["text"]) & set(ACTIVE)


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_half_a_character_is_spelled_out(lab: Page, code: int):
    text = lab.evaluate("(code) => $wording_text.readable('a' + String.fromCharCode(code))", code)
    assert text == f"a⟨{code:X}⟩"
