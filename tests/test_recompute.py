"""What is computed again: the formulas equal a search through what a real rolling cache holds."""

import pytest
import torch

from swa_viz.cost import kept_tokens
from swa_viz.models.cache import LayerCache
from swa_viz.patterns import Causal, Chunked, DilatedWindow, Kept, SinkWindow, SlidingWindow
from swa_viz.recompute import (
    Keeping,
    Talk,
    after_edit,
    after_going_back,
    can_go_on,
    held_tokens,
    resume_at,
    reuse,
)
from swa_viz.slots import held_after

N = 23
WINDOW, FULL = Kept(0, 4), Kept(0, None)
PATTERNS = [
    Causal(),
    SlidingWindow(1),
    SlidingWindow(2),
    SlidingWindow(5),
    SlidingWindow(40),
    SinkWindow(4, 2),
    SinkWindow(1, 3),
    DilatedWindow(3, 2),
]
SCHEDULES = [
    (SlidingWindow(4), Causal()),
    (SlidingWindow(3), SlidingWindow(6)),
    (SinkWindow(3, 5), SinkWindow(6, 1), SlidingWindow(1)),
    (SinkWindow(3, 2), Causal(), SinkWindow(3, 2)),
]


def written(pattern, seq_len):
    """The positions in a real layer's slots after so many tokens, slot by slot."""
    layer = LayerCache(pattern, torch.zeros(1, 0, 1))
    for position in range(seq_len):
        layer.write(torch.zeros(1, 1, 1), torch.zeros(1, 1, 1), torch.tensor([position]))
    return layer.positions.tolist()


def read_before(pattern, position):
    """The keys before `position` that it and later queries read."""
    return {
        key
        for key in range(position)
        for query in range(position, N + 40)
        if pattern.visible(query, key)
    }


@pytest.mark.parametrize("pattern", [*PATTERNS, Chunked(4)], ids=str)
@pytest.mark.parametrize("seq_len", [0, 1, 5, N])
def test_the_slots_hold_what_was_written(pattern, seq_len):
    assert held_after(kept_tokens(pattern), seq_len) == written(pattern, seq_len)


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
@pytest.mark.parametrize("seq_len", [1, 4, 5, 6, 9, N])
def test_a_layer_goes_on_where_it_holds_all_that_is_read_there(pattern, seq_len):
    held = set(written(pattern, seq_len))
    for position in range(seq_len + 1):
        expected = read_before(pattern, position) <= held
        assert can_go_on(kept_tokens(pattern), seq_len, position) is expected, position


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("seq_len", [1, 5, 12, N])
def test_a_model_resumes_at_the_last_place_where_all_layers_can(schedule, seq_len):
    layers = [kept_tokens(pattern) for pattern in schedule]
    held = [set(written(pattern, seq_len)) for pattern in schedule]
    for position in range(seq_len + 1):
        places = [
            place
            for place in range(position + 1)
            if all(read_before(p, place) <= h for p, h in zip(schedule, held, strict=True))
        ]
        assert resume_at(layers, seq_len, position) == max(places), position


def test_an_edit_by_hand():
    assert after_edit([FULL], seq_len=100, position=40) == 60
    assert after_edit([WINDOW], seq_len=4, position=1) == 3  # not wrapped yet: as with full
    assert after_edit([WINDOW], seq_len=5, position=1) == 5  # wrapped: from the start
    assert after_edit([WINDOW], seq_len=100, position=99) == 1
    assert after_edit([WINDOW, FULL], seq_len=100, position=40) == 100
    assert after_edit([Kept(2, 4)], seq_len=100, position=40) == 98  # two sinks are still there
    assert after_edit([WINDOW], 100, 47, Keeping(checkpoint_every=10)) == 60


def test_rejecting_by_hand():
    assert [after_going_back([FULL], 100, k) for k in (1, 5, 100)] == [0, 0, 0]
    assert [after_going_back([WINDOW], 100, k) for k in (1, 2, 5)] == [0, 98, 95]
    assert after_going_back([WINDOW], 100, 13, Keeping(checkpoint_every=10)) == 7


@pytest.mark.parametrize("n_tokens", [1, 2, 7])
def test_one_slot_less_than_what_is_rejected_is_enough(n_tokens):
    enough = Keeping(spare=n_tokens - 1)
    assert after_going_back([WINDOW], 100, n_tokens, enough) == 0
    assert after_going_back([WINDOW], 100, n_tokens + 1, enough) == 100 - n_tokens - 1


def test_what_a_conversation_holds():
    assert held_tokens([WINDOW, FULL], 100) == 104
    assert held_tokens([WINDOW], 3) == 3
    assert held_tokens([WINDOW], 100, Keeping(spare=3)) == 7
    assert held_tokens([WINDOW], 100, Keeping(checkpoint_every=50)) == 12
    assert held_tokens([WINDOW], 6, Keeping(checkpoint_every=2)) == 4 + 2 + 4 + 4


def test_a_conversation_that_only_grows_is_reused_by_both():
    talk = Talk(conversations=1, turns=4, tokens=100, taken_back=0)
    assert reuse([FULL], talk, pool=1000) == reuse([WINDOW], talk, pool=1000) == [0, 0, 0, 0]


def test_one_that_takes_back_is_reused_by_full_layers_alone():
    talk = Talk(conversations=1, turns=4, tokens=100, taken_back=20)
    assert reuse([FULL], talk, pool=1000) == [0, 0, 0, 0]
    assert reuse([WINDOW], talk, pool=1000) == [0, 80, 180, 280]
    assert reuse([WINDOW, FULL], talk, pool=1000) == [0, 80, 180, 280]
    assert reuse([WINDOW], talk, 1000, Keeping(checkpoint_every=50)) == [0, 30, 30, 30]
    assert reuse([WINDOW], talk, 1000, Keeping(spare=19)) == [0, 0, 0, 0]


def test_a_full_pool_forgets_who_waits_longest():
    talk = Talk(conversations=3, turns=3, tokens=100, taken_back=0)
    assert reuse([FULL], talk, pool=900) == [0, 0, 0]
    for layers in ([FULL], [FULL, FULL]):
        assert reuse(layers, talk, pool=300) == [0, 200, 600]
    assert reuse([WINDOW], talk, pool=12) == [0, 0, 0]
    assert reuse([WINDOW], talk, pool=3) == [0, 300, 600]
