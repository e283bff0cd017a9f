"""Read at once, in chunks or one by one: the same logits, for every schedule and every model."""

from dataclasses import replace
from math import ceil

import pytest

from swa_viz.answers import answer, answer_in_turns
from swa_viz.answers.request import Request
from swa_viz.models import MODELS, load_model
from swa_viz.patterns import Causal, Chunked, DilatedWindow, GlobalWindow, SinkWindow, SlidingWindow

TEXT = (
    "The cat sat on the mat, and the dog looked at the old man, who took his boat to the island. "
)
BUNDLED = [name for name, entry in MODELS.items() if entry.bundled]
PATTERNS = [
    SlidingWindow(1),
    SlidingWindow(5),
    SlidingWindow(200),
    Causal(),
    SinkWindow(4, 2),
    DilatedWindow(3, 4),
    Chunked(6),
    GlobalWindow(4, (0, 17)),
]
FEW = {"all windows": "www", "windows below": "wwf", "full at the bottom": "fww"}


def asked(model, schedule, chunk=7) -> Request:
    return Request(model.name, TEXT, tuple(schedule), kind="prefill", chunk=chunk)


def assert_equal(found):
    assert set(found["seconds"]) == {"one_shot", "chunked", "one_by_one"}
    assert min(found["seconds"].values()) > 0
    for difference in found["differences"].values():
        assert difference <= 1e-5 * max(found["largest"], 1), found


@pytest.fixture(scope="module")
def tiny():
    return load_model("tiny-swa")


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
def test_every_pattern(shapes_unchecked, tiny, pattern):
    assert_equal(answer(asked(tiny, [pattern] * 6), tiny))


@pytest.mark.parametrize("chunk", [1, 2, 20, 128])
def test_every_chunk(shapes_unchecked, tiny, chunk):
    found = answer(asked(tiny, (SlidingWindow(5), SinkWindow(3, 1), Causal()) * 2, chunk), tiny)
    assert found["chunk"] == chunk
    assert_equal(found)


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("letters", FEW.values(), ids=FEW)
def test_every_model_that_came_with_the_lab(shapes_unchecked, name, letters):
    model = load_model(name)
    patterns = {"w": SlidingWindow(8), "f": Causal()}
    schedule = [patterns[letters[i * 3 // model.n_layers]] for i in range(model.n_layers)]
    assert_equal(answer(asked(model, schedule, chunk=16), model))


def test_others_have_their_turn_between_chunks(shapes_unchecked, tiny):
    *turns, found = answer_in_turns(asked(tiny, [SlidingWindow(4)] * 6, chunk=16), tiny)
    n_tokens = len(found["tokens"])
    assert turns == [None] * (ceil(n_tokens / 16 / 8) + ceil(n_tokens / 8))


def test_an_empty_text(tiny):
    assert "Type a word" in answer(replace(asked(tiny, [Causal()] * 6), text=""), tiny)["empty"]
