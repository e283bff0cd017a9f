"""A long text: its band is the dense trace, its blocks are the dense matrix pooled."""

import base64
import json
from functools import cache

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from swa_viz.answers import LIMITS, answer, read_request
from swa_viz.models import load_model, long_text
from swa_viz.models.long_text import band, block_shares, next_logits, read_long_text
from swa_viz.patterns import Causal, Pattern, SinkWindow, SlidingWindow
from tests.pattern_examples import ONE_OF_EACH

MODEL = load_model("tiny-swa")
STORY = "Once there was a small grey cat who sat by the door of the old mill, and waited. " * 7
LONG = STORY * 3
IDS = MODEL.encode(STORY)[:117]
LAYER = 2
# Fast kernels and the reference round differently.
CLOSE = {"atol": 2e-5, "rtol": 1e-3}
KINDS = pytest.mark.parametrize("pattern", ONE_OF_EACH.values(), ids=ONE_OF_EACH)


@cache
def dense(pattern: Pattern, sink_logit: int | None = None):
    """The trace of the whole text, and the same text read as a long one."""
    schedule = [pattern] * MODEL.n_layers
    trace = MODEL.run(IDS, schedule, [LAYER], sink_logit)
    return trace, read_long_text(MODEL, IDS, LAYER, schedule, sink_logit)


@cache
def traced(pattern: Pattern):
    """The dense trace of the longer text, which several answers are compared with."""
    return MODEL.run(MODEL.encode(LONG), [pattern] * MODEL.n_layers, [LAYER])


@KINDS
@pytest.mark.parametrize(("start", "stop"), [(0, 117), (40, 90), (116, 117)])
def test_the_band_is_the_dense_trace_on_the_stretch(pattern, start, stop):
    trace, reading = dense(pattern)
    found, steps = band(reading.layer, start, stop), trace.layers[0]
    read = found.keys >= 0
    assert (found.first, len(found.keys)) == (start, stop - start)
    assert int(read.sum()) == int(steps.masked_scores[0, start:stop].isfinite().sum())
    for values, truth, missing in (
        (found.scores, steps.masked_scores, -torch.inf),
        (found.weights, steps.weights, 0),
    ):
        dense_rows = torch.full_like(truth[:, start:stop], missing)
        row, place = read.nonzero(as_tuple=True)
        dense_rows[:, row, found.keys[row, place]] = values[:, row, place]
        torch.testing.assert_close(dense_rows, truth[:, start:stop], **CLOSE)
        assert (values[:, ~read] == missing).all()


@KINDS
@pytest.mark.parametrize("size", [1, 7, 16, 200])
def test_blocks_are_the_dense_matrix_pooled(pattern, size, monkeypatch):
    monkeypatch.setattr(long_text, "PAIRS_AT_ONCE", 20_000)
    trace, reading = dense(pattern)
    weights = torch.nn.functional.pad(trace.layers[0].weights, (0, -len(IDS) % size))
    pooled = [
        weights[:, i : i + size].unflatten(-1, (-1, size)).sum(-1).mean(1)
        for i in range(0, len(IDS), size)
    ]
    torch.testing.assert_close(
        block_shares(reading.layer, size), torch.stack(pooled, dim=1), **CLOSE
    )


def test_a_sink_logit_takes_its_share_and_predictions_are_the_same():
    trace, reading = dense(SlidingWindow(9), sink_logit=3)
    found = band(reading.layer, 50, 60).weights.sum(-1)
    torch.testing.assert_close(found, trace.layers[0].weights[:, 50:60].sum(-1), **CLOSE)
    assert (found < 0.99).any()
    logits = next_logits(MODEL, reading, 50, 60)
    torch.testing.assert_close(logits, trace.logits[50:60], atol=2e-4, rtol=1e-3)


class Largest(TorchDispatchMode):
    """It notes how many numbers the largest tensor has that is made."""

    n_numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """Run the operation as it is, and look at what comes out."""
        made = func(*args, **(kwargs or {}))
        if isinstance(made, torch.Tensor):
            self.n_numbers = max(self.n_numbers, made.numel())
        return made


def test_no_matrix_of_all_pairs_is_ever_made(monkeypatch):
    monkeypatch.setattr(long_text, "PAIRS_AT_ONCE", 2**19)
    n = LIMITS["long_tokens"]
    with Largest() as largest:
        reading = read_long_text(MODEL, (IDS * n)[:n], LAYER, [SlidingWindow(64)] * MODEL.n_layers)
        block_shares(reading.layer, 64)
        band(reading.layer, n - LIMITS["stretch"], n)
    assert largest.n_numbers < MODEL.n_heads * n * n / 20


def asked(kind: str, text: str = LONG, pattern: Pattern | None = None, **others) -> dict:
    """The answer to a request about layer 2."""
    schedule = [(pattern or SlidingWindow(9)).to_plain()] * MODEL.n_layers
    request = {"model": "tiny-swa", "text": text, "kind": kind, "schedule": schedule}
    return answer(read_request({**request, "layers": [LAYER], **others}), MODEL)


def numbers(packed: str) -> np.ndarray:
    """Half precision in base64, head after head."""
    return np.frombuffer(base64.b64decode(packed), "<f2").reshape(MODEL.n_heads, -1)


@pytest.mark.parametrize("pattern", [Causal(), SlidingWindow(9), SinkWindow(20, 2)], ids=repr)
@pytest.mark.parametrize("stage", ["weights", "scores"])
def test_a_stretch_sends_the_numbers_of_its_own_keys_and_tells_of_those_before(pattern, stage):
    ids, steps = MODEL.encode(LONG), traced(pattern).layers[0]
    first, stop = 300, 300 + LIMITS["stretch"]
    found = asked("stretch", pattern=pattern, start=first, stage=stage)
    visible = np.isfinite(steps.masked_scores[0, first:stop, first:stop].numpy())
    truth = getattr(steps, stage)[:, first:stop, first:stop].numpy()[:, visible]
    assert numbers(found["values"][LAYER]) == pytest.approx(
        truth, abs=0.02 if stage == "scores" else 1e-3
    )
    assert [i for i, each in enumerate(found["values"]) if each] == [LAYER]
    assert found["tokens"] == list(MODEL.tokenizer.pieces(ids[first:stop]))
    part = found["part"]
    assert (part["first"], part["n_tokens"]) == (first, len(ids))
    earlier = steps.weights[:, first:stop, :first]
    shares = torch.cat([earlier.mean(0, keepdim=True), earlier]).sum(-1)
    assert np.array(part["shares"]) == pytest.approx(shares.numpy(), abs=1e-3)
    for query, most in enumerate(part["heaviest"][1]):
        if most is None:
            assert not earlier[0, query].any()
            continue
        key, weight = most
        assert weight == pytest.approx(float(earlier[0, query].max()), abs=1e-3)
        assert weight == pytest.approx(float(earlier[0, query, key]), abs=1e-3)
        assert part["pieces"][str(key)] == MODEL.tokenizer.piece(ids[key])


def test_an_overview_is_the_pooled_matrix_and_says_what_comes_next():
    ids, run = MODEL.encode(LONG), traced(SlidingWindow(9))
    found = asked("overview")
    size, n_blocks = found["size"], -(-len(ids) // found["size"])
    assert found["n_tokens"] == len(ids) and n_blocks <= 128
    weights = run.layers[0].weights.numpy()
    blocks = iter(numbers(found["blocks"]).T)
    for i in range(0, len(ids), size):
        for j in range(0, i + 1, size):
            mean = weights[:, i : i + size, j : j + size].sum(-1).mean(-1)
            assert next(blocks) == pytest.approx(mean, abs=1e-3)
    assert next(blocks, None) is None
    assert found["after"][0][0] == int(run.logits[-1].argmax())


@pytest.mark.parametrize("kind", ["stretch", "overview"])
@pytest.mark.parametrize("pattern", [Causal(), SlidingWindow(64)], ids=repr)
def test_what_is_sent_of_the_longest_text_is_small(kind, pattern):
    longest = asked(kind, text="a cat " * 2000, pattern=pattern)
    n_tokens = longest["n_tokens"] if kind == "overview" else longest["part"]["n_tokens"]
    assert n_tokens == LIMITS["long_tokens"]
    assert longest["notice"] == "Your text has 4,001 tokens; the first 2,048 are read."
    assert len(json.dumps(longest)) < 250_000


def test_a_stretch_stays_within_its_text():
    latest = asked("stretch")
    assert latest == asked("stretch", start=2048)
    part = latest["part"]
    assert part["first"] + len(latest["tokens"]) == part["n_tokens"]
    short = asked("stretch", text="The cat", start=7)
    assert (short["part"]["first"], short["tokens"]) == (0, ["The", " cat"])
    assert short["part"]["heaviest"][0] == [None, None]


@pytest.mark.parametrize("kind", ["stretch", "overview"])
def test_what_a_long_text_cannot_do_is_refused_in_a_sentence(kind):
    assert "Type a word" in asked(kind, text="")["empty"]
    with pytest.raises(ValueError, match="in a text of up to 128 tokens"):
        asked(kind, edit={"position": 0})
    with pytest.raises(ValueError, match="one layer at a time"):
        asked(kind, layers=None)
    with pytest.raises(ValueError, match="do not look ahead"):
        asked(kind, pattern=ONE_OF_EACH["centred"])
