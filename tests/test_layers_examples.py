"""The examples of the layers page do on the real model what their sentences say."""

import re
from functools import cache

import pytest

from swa_viz.answers.influence import influence_payload
from swa_viz.lessons.layers.examples import (
    EXAMPLES,
    LayersExample,
    Nearest,
    Share,
    Stack,
)
from swa_viz.models import load_model
from swa_viz.patterns.schedule import schedule_of
from swa_viz.reach import reachable

MODEL = load_model("tiny-swa")
MOST = 0.9
by_name = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@cache
def measured(text: str, stack: Stack) -> tuple[list[str], list[float], int]:
    """The tokens, their shares of the influence on the last one, and how many are in reach."""
    schedule = schedule_of(stack.letters, stack.window, 0)
    ids = MODEL.encode(text)
    payload = influence_payload(MODEL, ids, schedule, None)
    in_reach = int(reachable(schedule, len(ids) - 1, len(ids))[0].sum())
    return payload["tokens"], payload["shares"][0], in_reach


def is_there(text: str, claim: Share | Nearest) -> bool:
    tokens, shares, in_reach = measured(text, claim.stack)
    if isinstance(claim, Share):
        place = len(tokens) - 1 - claim.back
        return tokens[place] == claim.piece and round(100 * shares[place]) == claim.percent
    nearest = sum(shares[-claim.tokens :])
    one_less = sum(shares[len(shares) - claim.tokens + 1 :])
    return one_less < MOST <= nearest and in_reach == claim.reach


@by_name
def test_the_effect_is_there(example: LayersExample):
    for claim in example.effect:
        assert is_there(example.text, claim), (claim, measured(example.text, claim.stack))
    assert example.stack in {claim.stack for claim in example.effect}


@by_name
def test_the_sentence_names_only_numbers_that_are_measured(example: LayersExample):
    claims = example.effect
    percents = {claim.percent for claim in claims if isinstance(claim, Share)} | {90}
    assert {int(number) for number in re.findall(r"(\d+) %", example.look)} <= percents
    for letter, named in (
        ("W", {claim.stack.window for claim in claims}),
        ("L", {claim.stack.n_layers for claim in claims}),
    ):
        found = {int(number) for number in re.findall(rf"{letter} = (\d+)", example.look)}
        assert found <= named
    back = {claim.back for claim in claims if isinstance(claim, Share)}
    assert {int(number) for number in re.findall(r"(\d+) tokens back", example.look)} <= back


def test_a_wrong_claim_would_be_found():
    first = EXAMPLES[0].effect[0]
    assert not is_there(EXAMPLES[0].text, Share(first.stack, first.piece, first.back, 3))
    assert not is_there(EXAMPLES[0].text, Share(first.stack, " king", first.back, 0))
    nearest = next(c for each in EXAMPLES for c in each.effect if isinstance(c, Nearest))
    text = next(each.text for each in EXAMPLES if nearest in each.effect)
    assert not is_there(text, Nearest(nearest.stack, nearest.tokens + 1, nearest.reach))
    assert not is_there(text, Nearest(nearest.stack, nearest.tokens, nearest.reach + 1))
