"""A pattern that states only its predicate works everywhere, and gives the same numbers."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from swa_viz.cost import kv_cache_bytes, score_pairs
from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import (
    Causal,
    Chunked,
    Kept,
    Pattern,
    SinkWindow,
    SlidingWindow,
    build_mask,
    observed,
)
from swa_viz.reach import reach, reachable
from tests.pattern_examples import EXAMPLES, ONE_OF_EACH


@dataclass(frozen=True)
class Bare(Pattern):
    """Another pattern, of which only the predicate is known."""

    other: Pattern

    def visible(self, query_pos, key_pos):
        return self.other.visible(query_pos, key_pos)


class TwoSteps(Pattern):
    """A rule that nobody has written down anywhere else: itself, and one and three tokens back."""

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        return (age == 0) | (age == 1) | (age == 3)


def test_its_names_come_from_its_class():
    assert (TwoSteps.kind, TwoSteps.label) == ("two_steps", "two steps")
    assert not TwoSteps.is_band and TwoSteps.settings == ()


@pytest.mark.parametrize("pattern", EXAMPLES, ids=str)
def test_ranges_and_counts_are_those_of_the_mask(pattern):
    bare, mask = Bare(pattern), build_mask(pattern, 21, 33).numpy()
    queries = np.arange(12, 33)
    drawn = np.zeros_like(mask, dtype=int)
    for start, stop, step in bare.key_ranges(queries, 33):
        for row in range(21):
            drawn[row, start[row] : stop[row] : step] += 1
    assert (drawn == mask).all()
    assert bare.keys_per_query(queries, 33).tolist() == mask.sum(axis=1).tolist()
    assert score_pairs(bare, 21, 33) == mask.sum()
    assert (bare.read_by_any(queries[:5], 33) == mask[:5].any(axis=0)).all()
    one = {key for start, stop, step in bare.key_ranges(20, 33) for key in range(start, stop, step)}
    assert one == set(np.flatnonzero(mask[8]))


@pytest.fixture
def looks_less_far(monkeypatch):
    """Fewer queries are looked at than for windows of up to 4,096 tokens: these end within 900."""
    monkeypatch.setattr(observed, "SHORT", 1024)


# One of each kind: looking takes its time.  A symmetric global token reads the whole text, and
# that is no span.
SPANNED = [p for p in ONE_OF_EACH.values() if p.causal or p.n_pinned == 0]


@pytest.mark.parametrize("pattern", SPANNED, ids=str)
def test_the_span_is_found(looks_less_far, pattern):
    bare = Bare(pattern)
    assert (bare.span, bare.n_pinned) == (pattern.span, pattern.n_pinned)
    assert pattern.period % bare.period == 0
    assert bare.causal == (pattern.span.ahead == 0)


@pytest.mark.parametrize("pattern", [p for p in ONE_OF_EACH.values() if p.causal], ids=str)
def test_a_cache_that_knows_nothing_forgets_nothing(pattern):
    assert Bare(pattern).kept == Kept(0, None)
    heads = {"n_kv_heads": 1, "head_dim": 8}
    assert kv_cache_bytes(Bare(pattern), 99, **heads) == kv_cache_bytes(Causal(), 99, **heads)


@pytest.mark.parametrize(
    "schedule",
    [
        (SlidingWindow(3), SlidingWindow(4)),
        (SinkWindow(3, 2), SlidingWindow(2)),
        (Chunked(4), SlidingWindow(3), Chunked(6)),
        (SlidingWindow(3), Causal()),
    ],
    ids=str,
)
def test_reach_is_the_same(looks_less_far, schedule):
    assert reach(tuple(map(Bare, schedule))) == reach(schedule)


def test_reach_of_a_new_rule():
    assert reach((TwoSteps(),) * 2) == len({a + b for a in (0, 1, 3) for b in (0, 1, 3)})
    assert reachable((TwoSteps(),), 5, 7)[0].astype(int).tolist() == [0, 0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    "pattern",
    [TwoSteps(), Bare(Chunked(9)), Bare(SlidingWindow(70))],
    ids=["two steps", "chunks", "window"],
)
@pytest.mark.parametrize("seq_len", [40, 300])
def test_every_kernel_is_right_or_refuses(pattern, seq_len):
    query, key, value = torch.randn(3, 2, seq_len, 8, generator=torch.Generator().manual_seed(0))
    expected = attend(query.double(), key.double(), value.double(), pattern, "dense")
    for name in ("auto", *KERNELS):
        if name != "auto" and KERNELS[name].supports(pattern):
            with pytest.raises(NotImplementedError, match=r"\w"):
                attend(query, key, value, pattern, name)
        elif name != "flex":  # uncompiled it takes a second, and asks for nothing but the predicate
            output = attend(query, key, value, pattern, name).double()
            torch.testing.assert_close(output, expected, atol=2e-6, rtol=0)
    assert KERNELS["band_numba"].supports(pattern) and KERNELS["band_torch"].supports(pattern)
