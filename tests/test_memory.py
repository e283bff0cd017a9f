"""What is kept for the next call is bounded in bytes, and is never a changed pattern's."""

import numpy as np
import pytest
import torch

from swa_viz.kernels import attend, band_numba, flex
from swa_viz.kernels.memory import MAX_BYTES, Memory, is_value
from swa_viz.patterns import GlobalWindow, KeyRange, Pattern, SlidingWindow
from tests.attention_cases import OldKeys, random_inputs, truth


def test_the_latest_are_kept_as_far_as_there_is_room():
    memory = Memory(n_bytes=len, max_bytes=10)
    for word in ("four", "five5", "x", "four"):
        memory.get(word, lambda word=word: word)
    assert list(memory.kept) == ["five5", "x", "four"] and memory.total_bytes == 10
    memory.get("yy", lambda: "yy")
    assert list(memory.kept) == ["x", "four", "yy"]
    assert memory.get("far too large", lambda: "y" * 11) == "y" * 11
    assert list(memory.kept) == ["x", "four", "yy"]
    assert memory.get("four", lambda: pytest.fail("it is there")) == "four"


def test_plans_of_long_texts_do_not_pile_up():
    for n in range(12):
        pattern = GlobalWindow(8, tuple(range(n, n + 40)))
        band_numba.plan(pattern, 20_000, 20_000, tile=16)
        assert band_numba.PLANS.total_bytes <= MAX_BYTES
    assert band_numba.PLANS.kept
    many = GlobalWindow(8, tuple(range(150)))
    assert band_numba.plan(many, 40_000, 40_000, tile=16).n_bytes > MAX_BYTES
    assert all(kept.n_bytes <= MAX_BYTES for kept in band_numba.PLANS.kept.values())


def test_block_masks_are_counted_too():
    mask = flex.block_mask(SlidingWindow(8), 300, 300, torch.device("cpu"))
    assert flex.block_mask(SlidingWindow(8), 300, 300, torch.device("cpu")) is mask
    assert 0 < flex.n_bytes(mask) <= flex.MASKS.total_bytes <= MAX_BYTES


class Changing(Pattern):
    """A pattern that is no frozen value: its window may be changed after a call."""

    label, rule = "changing", "0 ≤ age < W, for now"

    def __init__(self, window_size):
        self.window_size = window_size

    def visible(self, query_pos, key_pos):
        return SlidingWindow(self.window_size).visible(query_pos, key_pos)

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(np.maximum(query_pos - self.window_size + 1, 0), query_pos + 1),)


def test_a_pattern_that_changes_is_planned_anew():
    assert is_value(SlidingWindow(3)) and is_value(OldKeys()) and not is_value(Changing(3))
    pattern, inputs = Changing(3), random_inputs((), 1, 1, 300, 300, 8)
    for pattern.window_size in (3, 30):
        output = attend(*inputs, pattern, kernel="band_numba").double()
        expected = truth(*inputs, SlidingWindow(pattern.window_size))
        torch.testing.assert_close(output, expected, atol=2e-6, rtol=0)
