"""A pattern for every layer: from letters in a link to what the model is asked first."""

import numpy as np
import pytest
import torch

from swa_viz.answers.facts import model_payload
from swa_viz.answers.influence import influence_payload
from swa_viz.answers.perplexity import widened
from swa_viz.answers.request_plan import requests_for
from swa_viz.lessons import LESSONS
from swa_viz.models import load_model
from swa_viz.patterns import Causal, Chunked, DilatedWindow, SinkWindow, SlidingWindow
from swa_viz.patterns.schedule import LAYER_PATTERNS, LAYER_WORDS, schedule_of
from swa_viz.reach import reachable

PAGES = ["attention", "layers"]
SIX_LAYERS = {"name": "six", "n_layers": 6, "n_heads": 8, "layers_at_once": True, "trained": ""}
MIXED = "wfdcww"
MIXED_PATTERNS = [
    SinkWindow(4, 2),
    Causal(),
    DilatedWindow(4, 2),
    Chunked(4),
    SinkWindow(4, 2),
    SinkWindow(4, 2),
]


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


def values_of(page: str, **changes) -> dict:
    """A page's values as a link names them."""
    knobs = LESSONS[page].knobs_for(SIX_LAYERS)
    return {name: knob.read(changes.get(name)) for name, knob in knobs.items()}


def test_each_letter_has_a_pattern_and_a_word():
    assert list(LAYER_PATTERNS) == list(LAYER_WORDS)
    assert list(schedule_of(MIXED, 4, 2)) == MIXED_PATTERNS


def test_a_window_of_its_own_takes_the_place_of_the_page_s():
    schedule = schedule_of("w8wc16d2f", 4, 1)
    assert schedule == (
        SinkWindow(8, 1),
        SinkWindow(4, 1),
        Chunked(16),
        DilatedWindow(2, 2),
        Causal(),
    )


def test_a_window_without_sinks_is_the_plain_one():
    assert schedule_of("w", 5, 0) == (SlidingWindow(5),)


@pytest.mark.parametrize("page", PAGES)
def test_the_knob_has_a_letter_for_each_layer(page, model):
    knob = LESSONS[page].knobs_for(model_payload(model))["schedule"]
    assert knob.default == "w" * model.n_layers
    assert knob.letters == LAYER_WORDS


@pytest.mark.parametrize(
    "raw",
    ["", "wwwwwwf", "ffwwwx", "f4", "4f", "<b>fff", "f;", "fff\u00a0", "f" * 5000, None, 6, ["f"]],
)
def test_nonsense_becomes_windows(raw):
    assert LESSONS["attention"].knobs_for(SIX_LAYERS)["schedule"].read(raw) == "wwwwww"


def test_a_link_is_read_as_what_one_types():
    read = LESSONS["layers"].knobs_for(SIX_LAYERS)["schedule"].read
    assert (read("LG"), read("w8 w:16, G"), read("f")) == ("wfwfwf", "w8w16fw8w16f", "ffffff")
    assert (read("w0"), read("w" + "9" * 500 + "f"), read("w007")) == (
        "w1" * 6,
        "w64f" * 3,
        "w7" * 6,
    )


def test_only_the_layers_without_a_window_of_their_own_try_every_window():
    values = values_of("limits", schedule="w8wfw2wf", window="4")
    by_kind = {
        each.kind: each for each in requests_for(LESSONS["limits"].requests, values, SIX_LAYERS)
    }
    asked = by_kind["windows"]
    assert asked.layers == (1, 4)
    assert widened(asked.schedule, 50, asked.layers) == list(schedule_of("w8wfw2wf", 50, 0))
    all_follow = values_of("limits", schedule="wwfwwf", window="4")
    (plain,) = (
        r
        for r in requests_for(LESSONS["limits"].requests, all_follow, SIX_LAYERS)
        if r.kind == "windows"
    )
    assert plain.layers is None


def test_attention_asks_for_full_attention_and_for_the_schedule():
    values = values_of("attention", schedule=MIXED, sinks="2", window="4")
    full, own = requests_for(LESSONS["attention"].requests, values, SIX_LAYERS)
    assert full.schedule == (Causal(),) * 6
    assert list(own.schedule) == MIXED_PATTERNS


def test_layers_asks_for_the_layers_that_count():
    values = values_of("layers", schedule=MIXED, sinks="2", window="4", layers="3")
    (request,) = requests_for(LESSONS["layers"].requests, values, SIX_LAYERS)
    assert list(request.schedule) == MIXED_PATTERNS[:3]


@pytest.mark.parametrize("letters", ["wwwwww", "dddddd", "cccccc", "wdcwdc", "wwfwww", "f"])
@pytest.mark.parametrize("sinks", [0, 2])
def test_measured_influence_stays_within_reach(model, letters, sinks):
    token_ids = model.encode("The old man rowed his small boat out to the island, and came back")
    schedule = schedule_of(letters, 3, sinks)
    query = len(token_ids) - 1
    payload = influence_payload(model, token_ids, schedule, query)
    shares = torch.tensor(payload["shares"]).numpy()
    np.testing.assert_array_equal(shares > 0, reachable(schedule, query, len(token_ids)))
