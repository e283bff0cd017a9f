"""A token is timed after texts of many lengths: with true bytes, and again and again the same."""

import pytest

from swa_viz.cost import kv_cache_bytes
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing import decoding
from swa_viz.timing.decoding import LENGTHS, LONGEST_ANEW, decode_after, stored_decoding, ways_after


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


def promised(model, pattern, n_tokens: int) -> int:
    config = model.config
    heads = {"n_kv_heads": config.n_kv_heads, "head_dim": config.head_dim}
    return kv_cache_bytes([pattern] * model.n_layers, n_tokens, 4, **heads)


def test_a_cache_holds_what_the_formula_promises(model):
    ways = ways_after(model, 300, 32)
    assert {way: n_bytes for way, (_, n_bytes) in ways.items()} == {
        "window": promised(model, SlidingWindow(32), 300),
        "full": promised(model, Causal(), 300),
        "anew": 0,
    }
    assert set(ways_after(model, LONGEST_ANEW + 1, 32)) == {"window", "full"}


def test_the_same_token_is_read_again_and_again(model):
    call, _ = decoding.cached(model, [SlidingWindow(4)] * 6, 9)
    read, extend = [], model.extend
    model.extend = lambda ids, cache: read.append(cache.length) or extend(ids, cache)
    try:
        call()
        call()
    finally:
        del model.extend
    assert read == [9, 9]


def test_the_middle_of_the_rounds_counts(model):
    ticks = iter([t for seconds in (1, 1, 1, 2, 2, 2, 9, 9, 9) for t in (0.0, float(seconds))])
    found = decode_after(model, 8, 4, rounds=3, clock=lambda: next(ticks))
    assert [point["way"] for point in found] == ["window", "full", "anew"]
    assert [(point["low"], point["ms"], point["high"]) for point in found] == [
        (1500.0, 2000.0, 5500.0)
    ] * 3


def test_what_is_stored_says_where_it_was_timed(model):
    found = stored_decoding()
    assert found["machine"] and found["model"] == model.name and found["window"] == 32
    for way, pattern in (("window", SlidingWindow(32)), ("full", Causal())):
        points = [point for point in found["points"] if point["way"] == way]
        assert [point["n_tokens"] for point in points] == list(LENGTHS)
        for point in points:
            assert point["n_bytes"] == promised(model, pattern, point["n_tokens"])
            assert 0 < point["low"] <= point["ms"] <= point["high"]


def test_a_window_costs_the_same_after_every_text_and_full_attention_more_and_more():
    points = stored_decoding()["points"]
    window, full = (
        [point["ms"] for point in points if point["way"] == way] for way in ("window", "full")
    )
    assert max(window) < 1.5 * min(window)
    assert abs(full[0] / window[0] - 1) < 0.2 and full[-1] > 3 * window[-1]
