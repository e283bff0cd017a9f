"""The examples do on the real model what their sentences say."""

import re
from functools import cache

import pytest

from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.trace_payload import N_LIKELIEST
from swa_viz.lessons.examples import EXAMPLES, Example, Expected
from swa_viz.models import load_model
from swa_viz.patterns import Pattern, SlidingWindow

MODEL = load_model("tiny-swa")
by_name = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@cache
def expectations(text: str, pattern: Pattern) -> dict[str, float]:
    """The ten likeliest next tokens and their shares in percent, the likeliest first."""
    shares = MODEL.trace(text, [pattern] * MODEL.n_layers).logits[-1].softmax(-1)
    best = shares.topk(N_LIKELIEST)
    pieces = MODEL.tokenizer.pieces(best.indices.tolist())
    return dict(zip(pieces, (100 * best.values).tolist(), strict=True))


def is_there(text: str, expected: Expected) -> bool:
    found = expectations(text, expected.pattern)
    if expected.percent is None:
        return expected.piece not in found
    is_first = next(iter(found)) == expected.piece
    return round(found[expected.piece]) == expected.percent and is_first >= expected.first


@by_name
def test_the_effect_is_there(example: Example):
    for expected in example.effect:
        found = expectations(example.text, expected.pattern)
        assert is_there(example.text, expected), f"{expected}: {found}"


@by_name
def test_the_sentence_names_only_numbers_that_are_computed(example: Example):
    shares = {expected.percent for expected in example.effect}
    patterns = {expected.pattern for expected in example.effect}
    windows = {each.window_size for each in patterns if isinstance(each, SlidingWindow)}
    assert {int(number) for number in re.findall(r"(\d+) %", example.look)} <= shares
    assert {int(number) for number in re.findall(r"W = (\d+)", example.look)} <= windows
    assert example.window in windows
    assert example.look.count("*") % 2 == 0
    named = set(re.findall(r"\*([^*]+)\*", example.look))
    pieces = {piece for each in patterns for piece in expectations(example.text, each)}
    assert named <= {piece.strip() for piece in [*pieces, *MODEL.trace(example.text).tokens]}


@by_name
def test_the_window_to_set_hides_something_of_a_text_that_fits(example: Example):
    assert 1 < example.window < len(MODEL.encode(example.text))
    assert len(example.text) <= MAX_TEXT
    assert [each.text for each in EXAMPLES].count(example.text) == 1
    assert [each.name for each in EXAMPLES].count(example.name) == 1
    assert (
        len({each.text for each in EXAMPLES})
        == len({each.name for each in EXAMPLES})
        == len(EXAMPLES)
    )


def test_a_wrong_claim_would_be_found():
    example = EXAMPLES[0]
    said = example.effect[0]
    assert not is_there(example.text, Expected(said.pattern, said.piece, 99))
    assert not is_there(example.text, Expected(said.pattern, said.piece, None))
    assert not is_there(example.text, Expected(said.pattern, " money", 7, first=True))
