"""Attention on grids is timed with true results, and what is stored says what was counted."""

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.cost import score_pairs
from swa_viz.kernels import KERNELS
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import build_mask, read_pattern
from swa_viz.timing import grids
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.forecast import Effort
from tests.timed import Track

SIDE = 6
NAMES = ("window-3", "window-7", "window-13", "chunks-8", "all")


@pytest.mark.parametrize("name", NAMES)
def test_everyone_computes_what_the_reference_does(name):
    pattern, shape = grids.patterns(SIDE)[name], Shape(SIDE**2, 2, 2, 16)
    inputs = unit_normal_inputs(shape)
    truth, computed = attention(*inputs, pattern).output, 0
    for contender in grids.CONTENDERS:
        if contender.refuse(Request(pattern), shape) is None:
            prepared = contender.prepare(inputs, pattern)
            torch.testing.assert_close(prepared.read(prepared.call()), truth, atol=2e-6, rtol=0)
            computed += 1
    assert computed == (3 if name == "all" else 2)


def test_whoever_has_no_mask_may_only_read_everything():
    for name, pattern in grids.patterns(SIDE).items():
        refused = grids.SDPA_WHOLE.refuse(Request(pattern), Shape(SIDE**2))
        assert (refused is None) == (name == "all")


def test_the_middle_of_the_rounds_is_kept_and_a_wrong_result_is_not(monkeypatch):
    track = Track()
    wrong = track.contender("wrong", compute=lambda inputs, pattern: inputs.value)
    monkeypatch.setattr(grids, "CONTENDERS", (track.contender("a", 2.0), wrong))
    (found,) = grids.measured((SIDE,), Effort(rounds=3), instruments=track.instruments)
    assert [row["name"] for row in found] == list(NAMES)
    for row in found:
        assert row["times"] == {"a": [2000.0, 2000.0, 2000.0]}
        assert row["notes"] == {"wrong": "wrong result"}


def test_what_is_stored_was_counted_right():
    stored = grids.stored_grids()
    assert stored["machine"] and "1 threads" in stored["machine"]
    assert stored["refusals"] == {
        name: reason
        for name, kernel in KERNELS.items()
        if (reason := kernel.supports(grids.patterns(32)["window-7"]))
    }
    assert [(row["side"], row["name"]) for row in stored["grids"]] == [
        (side, name) for side in grids.SIDES for name in NAMES
    ]
    for row in stored["grids"]:
        pattern, n_places = grids.patterns(row["side"])[row["name"]], row["side"] ** 2
        assert read_pattern(row["pattern"]) == pattern
        assert row["pairs"] == score_pairs(pattern, n_places)
        assert all(low <= ms <= high for low, ms, high in row["times"].values())
        assert "band_numba" in row["times"]
        if row["side"] == grids.SIDES[0]:
            assert row["pairs"] == int(build_mask(pattern, n_places, n_places).sum())
            assert row["scored"] == KERNELS["band_numba"].scored_pairs(pattern, n_places, n_places)
