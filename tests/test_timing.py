"""A time counts only after its result did; nobody waits behind a visitor who has left."""

import csv
import io

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.experiments.timing import TimingQueue, agrees, run_sweep, unit_normal_inputs
from swa_viz.experiments.timing_findings import (
    as_csv,
    counted_limit,
    doubts,
    exponent,
    found,
    growth,
    rows,
    speed_ups,
)
from swa_viz.experiments.timing_plan import (
    CONTENDERS,
    WRONG,
    Contender,
    Size,
    SweepPlan,
    TimingPoint,
    expected_s,
    leave_out,
    sweep_over_tokens,
    sweep_over_windows,
)
from swa_viz.kernels.kernel import Kernel
from swa_viz.patterns import Causal, SlidingWindow

SMALL = SweepPlan((Size(16, 4), Size(32, 4)), repeats=2, budget_s=100.0)


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny tensors gain nothing from threads that wait for each other."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


class Track:
    """A clock that only the kernels move, and a list of who was called."""

    def __init__(self):
        self.now, self.calls = 0.0, []

    def clock(self):
        return self.now

    def contender(self, name, seconds=1.0, compute=None, refusal=None, **asked):
        def timed_compute(query, key, value, pattern):
            self.calls.append(name)
            self.now += seconds
            if compute:
                return compute(query, key, value, pattern)
            return attention(query, key, value, pattern).output

        return Contender(name, Kernel(name, "", lambda request: refusal, timed_compute), **asked)

    def run(self, plan, *contenders):
        *_, last = run_sweep(plan, contenders, clock=self.clock)
        return last.points


def point(name, seq_len, window_size, *times_ms, note=""):
    return TimingPoint(name, Size(seq_len, window_size), times_ms, note)


def test_every_contender_is_checked_first_and_then_timed_in_turn():
    track = Track()
    points = track.run(SMALL, track.contender("a", 1.0), track.contender("b", 2.0))
    waking, one_size = ["a", "b"], ["a", "b"] + ["a", "b"] * SMALL.repeats
    assert track.calls == waking + one_size * 2
    assert [(p.contender, p.size, p.times_ms) for p in points] == [
        ("a", Size(16, 4), (1000.0, 1000.0)),
        ("b", Size(16, 4), (2000.0, 2000.0)),
        ("a", Size(32, 4), (1000.0, 1000.0)),
        ("b", Size(32, 4), (2000.0, 2000.0)),
    ]


def test_who_stops_asking_stops_the_sweep_within_one_call():
    track = Track()
    sweep = run_sweep(SMALL, (track.contender("a"),), clock=track.clock)
    for n_steps in range(1, 6):
        step = next(sweep)
        assert len(track.calls) <= n_steps
    assert step.points and all(p.size == Size(16, 4) for p in step.points)
    sweep.close()
    assert len(track.calls) == 4


def with_one_row_off(row, by):
    def compute(query, key, value, pattern):
        output = attention(query, key, value, pattern).output.clone()
        output[0, -1, row] += by
        return output

    return compute


@pytest.mark.parametrize(
    "compute",
    [
        with_one_row_off(-1, 0.01),
        with_one_row_off(0, float("nan")),
        lambda query, key, value, pattern: attention(query, key, value, Causal()).output,
    ],
    ids=["last row off", "not a number", "ignores the window"],
)
def test_a_wrong_result_is_never_timed(compute):
    track = Track()
    points = track.run(SMALL, track.contender("right"), track.contender("wrong", compute=compute))
    assert [(p.note, p.times_ms) for p in points if p.contender == "wrong"] == [(WRONG, ())] * 2
    assert track.calls.count("wrong") == 1 + 2  # once to wake it, once to check each size
    assert all(p.times_ms for p in points if p.contender == "right")


def test_full_attention_is_judged_by_its_own_pattern():
    inputs = unit_normal_inputs(64)
    output = attention(*inputs, Causal()).output
    assert agrees(output, inputs, Causal())
    assert not agrees(output, inputs, SlidingWindow(8))
    assert not agrees(output[..., 1:, :], inputs, Causal())


def test_what_would_pass_the_time_limit_is_left_out():
    track = Track()
    plan = SweepPlan((Size(16, 4), Size(32, 4), Size(64, 4)), repeats=2, budget_s=10.0)
    points = track.run(plan, track.contender("slow", 3.0))
    assert [len(p.times_ms) for p in points] == [2, 0, 0]
    assert "time limit" in points[1].note


def test_a_slow_first_call_does_not_use_up_the_time_limit():
    track, seconds = Track(), iter([60.0])

    def compiles_first(query, key, value, pattern):
        track.now += next(seconds, 1.0)
        return attention(query, key, value, pattern).output

    points = track.run(
        SweepPlan((Size(16, 4),), 2, 10.0), track.contender("a", 0.0, compiles_first)
    )
    assert points[0].times_ms == (1000.0, 1000.0)


def test_a_size_that_takes_longer_than_expected_ends_after_its_round():
    track = Track()
    plan = SweepPlan((Size(16, 4),), repeats=9, budget_s=10.0)
    assert len(track.run(plan, track.contender("slow", 4.0))[0].times_ms) == 2


def test_a_contender_that_cannot_or_should_not_run_is_not_called():
    track = Track()
    refusing = track.contender("refusing", refusal="no such luck")
    masked = track.contender("masked", whole_square=True)
    assert "no such luck" in track.run(SMALL, refusing)[0].note
    assert "GiB" in leave_out(masked, Size(16_384, 4096))
    assert leave_out(masked, Size(2048, 128)) == ""
    hour = [point("masked", 16, 4, 3_600_000.0)]
    assert "single call" in leave_out(masked, Size(32, 4), hour)
    assert track.calls == []


def test_expected_time_follows_the_latest_time_and_falls_while_it_runs():
    track = Track()
    contenders = (track.contender("a"),)
    guess = expected_s([Size(4096, 64)], 3, contenders)
    measured = expected_s([Size(4096, 64)], 3, contenders, [point("a", 4096, 64, 500.0)])
    assert measured == pytest.approx(4 * 0.5)
    assert 0 < guess < 1
    left_s = [
        step.remaining_s(SMALL, contenders) for step in run_sweep(SMALL, contenders, track.clock)
    ]
    assert left_s[-1] == 0
    assert left_s[5] == pytest.approx(3.0, rel=0.1)  # at the second size: one check, two calls


def test_first_come_first_served():
    queue = TimingQueue()
    with queue.ticket() as first:
        with queue.ticket() as second, queue.ticket() as third:
            assert (first(), second(), third()) == (0, 1, 2)
    with queue.ticket() as fourth:
        assert fourth() == 0


def test_whoever_leaves_the_queue_holds_nobody_up():
    queue = TimingQueue()
    leaving, staying = queue.ticket(), queue.ticket()
    leaving.__enter__()
    with staying as place:
        assert place() == 1
        with pytest.raises(KeyboardInterrupt):
            leaving.gen.throw(KeyboardInterrupt())
        assert place() == 0


def test_sweeps_double_five_times():
    assert sweep_over_tokens(2048, 128, 5, 30.0).sizes == tuple(
        Size(n, 128) for n in (128, 256, 512, 1024, 2048)
    )
    assert [size.window_size for size in sweep_over_windows(16_384, 3, 240.0).sizes] == [
        256, 512, 1024, 2048, 4096,
    ]  # fmt: skip


def test_the_real_kernels_agree_and_are_timed():
    plan = SweepPlan((Size(130, 16),), repeats=2, budget_s=60.0)
    *_, last = run_sweep(plan)
    assert [p.contender for p in last.points] == [contender.name for contender in CONTENDERS]
    assert [p.note for p in last.points] == [""] * len(CONTENDERS)
    assert all(len(p.times_ms) == 2 and min(p.times_ms) > 0 for p in last.points)


def race(mask_ms=40.0):
    """Full attention grows as n^2, the windows as n; at 4,096 tokens 20 ms against 5."""
    points = []
    for n in (1024, 2048, 4096):
        points.append(point("sdpa_full", n, 64, 20.0 * (n / 4096) ** 2))
        points.append(point("sdpa_mask", n, 64, mask_ms * (n / 4096) ** 2))
        points.append(point("band_numba", n, 64, 5.0 * n / 4096))
        points.append(point("band_torch", n, 64, 10.0 * n / 4096))
    return points


def test_speed_up_and_growth():
    points = race()
    assert speed_ups(points, "band_numba")[Size(4096, 64)] == pytest.approx(4.0)
    assert growth(points, "sdpa_full") == pytest.approx(2.0)
    assert growth(points, "band_numba") == pytest.approx(1.0)
    assert growth(points[:8], "band_numba") is None
    assert exponent([5, 5, 5], [1, 2, 3]) is None
    assert counted_limit(Size(16_384, 4096)) == pytest.approx(2.286, abs=1e-3)


def test_growth_leaves_out_texts_that_the_window_covers():
    short = [point("band_numba", n, 64, 1000.0) for n in (16, 32, 64)]
    assert growth(short + race(), "band_numba") == pytest.approx(1.0)


def test_found_says_it_in_numbers():
    assert found(race()) == [
        "At 4,096 tokens a window of 64 is 4.0 times faster than full attention; "
        "counting pairs allows 32.3.",
        "If time goes on growing like the pairs, 100,000 tokens take 11.9 seconds in every layer "
        "with full attention and 0.1 with this window.",
        "A mask alone saves nothing: at 4,096 tokens full attention with a band mask is "
        "2.0 times slower than the same without.",
    ]
    assert "saves nothing" not in found(race(mask_ms=10.0))[2]
    assert found([]) == []


def test_a_window_that_covers_the_text_is_not_called_slow_or_fast():
    covered = [point("sdpa_full", 32, 64, 1.0), point("band_numba", 32, 64, 3.0)]
    assert "nothing to save" in found(covered)[0] and len(found(covered)) == 1


def test_doubts_are_said():
    assert doubts(race()) == []
    wrong = [*race(), point("band_torch", 8192, 64, note=WRONG)]
    assert doubts(wrong) == ["Wrong result, so no time is shown: window, band_torch."]
    assert "1 of 13" in doubts([*race(), point("sdpa_mask", 8192, 64, note="left out: x")])[0]
    assert "busy" in doubts([point("sdpa_full", 64, 8, 1.0, 5.0)])[0]
    assert doubts([]) == []


def test_the_table_has_no_time_for_a_wrong_result():
    wrong = point("band_numba", 64, 8, note=WRONG)
    right = point("sdpa_full", 64, 8, 3.0, 1.0, 2.0)
    table = list(csv.DictReader(io.StringIO(as_csv([wrong, right]))))
    assert (table[0]["median ms"], table[0]["note"]) == ("", WRONG)
    assert (table[1]["median ms"], table[1]["fastest ms"]) == ("2.0", "1.0")
    assert rows([wrong])[0]["times faster"] is None
