"""Reach: closed form == counted, and figures that are known."""

from random import Random

import numpy as np
import pytest

from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    Chunked2D,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    Window2D,
    build_mask,
)
from swa_viz.presets import PRESETS
from swa_viz.reach import (
    counted_reach,
    diluted_influence,
    reach,
    reachable,
    round_reach,
    stretch_reach,
)

SCHEDULES = [
    (SlidingWindow(3),) * 3,
    (SlidingWindow(2), SlidingWindow(5), SlidingWindow(1)),
    (SlidingWindow(3), Causal(), SlidingWindow(2)),
    (DilatedWindow(3, 2), DilatedWindow(2, 5)),
    (CentredWindow(2), SlidingWindow(3)),
    (SinkWindow(3, 2),) * 2,
    (GlobalWindow(3, (0, 4)),) * 2,
    (GlobalWindow(3, (1,), causal=False), SlidingWindow(2)),
    (Chunked(4), SlidingWindow(3), Chunked(6)),
]


def by_matrices(layer_schedule, query_pos, kv_len):
    """The obvious twin: multiply the masks."""
    rows = [np.eye(kv_len, dtype=int)[query_pos]]
    for pattern in reversed(layer_schedule):
        mask = build_mask(pattern, kv_len, kv_len).numpy().astype(int)
        rows.append(np.minimum(rows[-1] @ mask, 1))
    return np.array(rows[::-1]).astype(bool)


@pytest.mark.parametrize("layer_schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("query_pos", [0, 7, 24, 29])
def test_reachable_is_the_product_of_the_masks(layer_schedule, query_pos):
    expected = by_matrices(layer_schedule, query_pos, kv_len=30)
    np.testing.assert_array_equal(reachable(layer_schedule, query_pos, 30), expected)


@pytest.mark.parametrize(
    ("name", "exact", "rounded"), [("mistral-7b-v0.1", 131_041, 131_072), ("32x256", 8_161, 8_192)]
)
def test_the_presets(name, exact, rounded):
    schedule = PRESETS[name].layer_schedule
    assert (reach(schedule), round_reach(schedule)) == (exact, rounded)


@pytest.mark.parametrize(
    ("layer_schedule", "seen"),
    [
        ((SlidingWindow(1),) * 9, 1),
        ((SlidingWindow(3), SlidingWindow(5)), 7),
        ((SlidingWindow(3), Causal()), None),
        ((Causal(), SlidingWindow(3)), None),
        ((CentredWindow(2),) * 3, 13),
        ((SinkWindow(4, 2),) * 3, 10 + 2),
        ((DilatedWindow(2, 4),) * 3, 4),  # ages 0, 4, 8, 12: the gaps stay
        ((DilatedWindow(3, 2), SlidingWindow(2)), 6),  # 0..5: the window fills the gaps
        ((Chunked(4),) * 5, 4),
        ((Chunked(4), SlidingWindow(3)), 6),  # two back to the end of a chunk, then all of it
        ((Chunked(4), SlidingWindow(2), Chunked(4)), 8),
        ((GlobalWindow(4, (0, 3)),) * 2, 7 + 4),  # the global 3 has read 0..3
        ((GlobalWindow(4, (3,)),), 4 + 1),
        ((SlidingWindow(2), GlobalWindow(4, (9,))), 5 + 2),
        ((GlobalWindow(4, (9,)), SinkWindow(2, 3)), 5 + 4),
        ((GlobalWindow(1, (5,), causal=False),), 1 + 1),
        ((GlobalWindow(1, (5,), causal=False),) * 2, None),
        ((GlobalWindow(5, (0,), causal=False),), 5 + 1),
        ((GlobalWindow(5, (0,), causal=False),) * 2, None),
    ],
    ids=str,
)
def test_reach_worked_out_by_hand(layer_schedule, seen):
    assert reach(layer_schedule) == seen


@pytest.mark.parametrize("sizes", [(4,), (3, 6, 2), (5, 5, 5, 1)])
def test_the_formula_is_what_counting_gives(sizes):
    schedule = tuple(map(SlidingWindow, sizes))
    assert reach(schedule) == counted_reach(schedule) == 1 + sum(w - 1 for w in sizes)


@pytest.mark.parametrize(
    "layer_schedule",
    [
        (Chunked(4), SlidingWindow(3)),
        (SlidingWindow(6), Chunked(4), SlidingWindow(2)),
        (Chunked(4), Chunked(6)),
        (Chunked(6), SlidingWindow(3), Chunked(4), SlidingWindow(4)),
    ],
    ids=str,
)
def test_no_query_sees_more_than_the_best_placed_one(layer_schedule):
    seen = [reachable(layer_schedule, query, 96)[0].sum() for query in range(48, 96)]
    assert reach(layer_schedule) == max(seen)


def test_the_round_figure_is_for_windows_only():
    with pytest.raises(ValueError, match="for sliding windows"):
        round_reach((SlidingWindow(3), Causal()))


def test_a_query_outside_the_text_is_refused():
    with pytest.raises(ValueError, match="below kv_len"):
        reachable((SlidingWindow(3),), query_pos=5, kv_len=5)


def influence_distance(influence: np.ndarray, share: float = 0.01) -> int:
    """The age from which on all older tokens together have less than `share` of the influence."""
    older = np.cumsum(influence[::-1])[::-1]
    return int(np.argmax(older < share))


@pytest.mark.parametrize(
    ("own_share", "n_layers", "windows"),
    [(0.95, 8, 1.5), (0.95, 32, 2.9), (0.95, 100, 5.9), (0, 8, 5.8), (0, 32, 19.7), (0, 100, 56.3)],
)
def test_influence_falls_off_long_before_the_reach(own_share, n_layers, windows):
    influence = diluted_influence(128, n_layers, own_share)
    assert len(influence) == reach((SlidingWindow(128),) * n_layers)
    assert influence.sum() == pytest.approx(1)
    assert influence_distance(influence) / 128 == pytest.approx(windows, abs=0.05)


def test_diluted_influence_is_the_power_of_the_kernel():
    matrix = sum(np.eye(40, k=-age) for age in range(5)) / 5 * 0.3 + 0.7 * np.eye(40)
    expected = np.linalg.matrix_power(matrix, 6)[39, ::-1][:25]
    np.testing.assert_allclose(diluted_influence(5, 6, 0.7), expected, atol=1e-14)
    np.testing.assert_allclose(diluted_influence(2, 2, own_share=1), [1, 0, 0], atol=1e-14)
    for no_share in (-0.1, 1.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            diluted_influence(2, 2, no_share)


@pytest.mark.parametrize(
    ("layer_schedule", "seen"),
    [
        ((Chunked(4096), Chunked(8191)), 4096 + 8191 - 1),
        ((Chunked(8191), Chunked(4096)), 4096 + 8191 - 1),
        ((Chunked(4096), Chunked(8192)), 8192),
        ((Chunked(10**9),), 10**9),
        ((Chunked(10**9), SlidingWindow(4096)), 10**9 + 4095),
        ((SinkWindow(4, 3), Chunked(4099), Chunked(8191)), 4 + 4099 + 8191 - 2 + 3),
        ((SinkWindow(4, 10**9), SlidingWindow(4)), 7 + 10**9),
        ((CentredWindow(10**8), CentredWindow(10**8)), 4 * 10**8 + 1),
        ((SlidingWindow(2**31 - 1),) * 99, 99 * (2**31 - 2) + 1),
        ((GlobalWindow(3, tuple(range(500)), causal=False),) * 1000, None),
        ((Window2D(7, 9, 7, dilation=2**31 - 1),), 1),
        ((Chunked2D(128, 4, 128),), 512),
        ((), 1),
    ],
    ids=str,
)
def test_large_numbers_are_not_counted_one_by_one(layer_schedule, seen):
    assert reach(layer_schedule) == seen


@pytest.mark.parametrize(
    "layer_schedule",
    [
        (DilatedWindow(2**30, 2),),
        (DilatedWindow(3, 2), Chunked(4096), Chunked(8191)),
        (Chunked(10**9), Chunked(10**9 + 7)),
        (GlobalWindow(3, (10**9,), causal=False),),
        (GlobalWindow(3, (10**9,)),),
        (GlobalWindow(2**24 - 3, (3, 8), causal=False),) * 3,
        (GlobalWindow(2**21 - 1, (3,), False), *[GlobalWindow(3, (3,), False)] * 60),
        (Chunked2D(2**31 - 2, 1, 2**31 - 2),),
    ],
    ids=str,
)
def test_what_would_take_for_ever_is_refused(layer_schedule):
    with pytest.raises(ValueError, match="cannot be counted"):
        reach(layer_schedule)


def drawn_by_lot(random):
    """One layer of a small size."""
    size = random.randint(1, 9)
    return random.choice(
        [
            Chunked(size),
            SlidingWindow(size),
            SinkWindow(size, random.randint(0, 3)),
            CentredWindow(2),
        ]
    )


@pytest.mark.parametrize("seed", range(60))
def test_following_the_ends_is_what_counting_gives(seed):
    random = Random(seed)
    schedule = [drawn_by_lot(random) for _ in range(random.randint(1, 4))]
    followed = stretch_reach(schedule)
    assert followed == counted_reach(schedule) or followed is None
    assert followed is not None or any(not pattern.causal for pattern in schedule)


def test_many_remainders_are_followed_in_parts(monkeypatch):
    monkeypatch.setattr("swa_viz.reach.MOST_REMAINDERS", 9)
    assert stretch_reach((Chunked(9), Chunked(5), Chunked(8), Chunked(9))) == 27
