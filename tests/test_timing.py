"""A time counts only after its result did; nobody waits behind a visitor who has left."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.kernels import KERNELS
from swa_viz.kernels.kernel import Kernel
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.findings import is_disturbed
from swa_viz.timing.plan import (
    PAUSE_S,
    WRONG,
    SweepPlan,
    TimingPoint,
    expected_s,
    leave_out,
    sweep_over_tokens,
    sweep_over_windows,
)
from swa_viz.timing.queue import TimingQueue
from swa_viz.timing.race import (
    RACES,
    TRAINING,
    Contender,
    Size,
    drawn_mask,
    training_step,
)
from swa_viz.timing.sweep import Bench, agrees, run_sweep, unit_normal_inputs
from swa_viz.timing.yardstick import Reading

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
        self.now, self.calls, self.readings = 0.0, [], iter(())
        self.bench = Bench(lambda: self.now, self.pause, self.read)

    def pause(self, seconds):
        self.calls.append(seconds)

    def read(self, device_type):
        self.calls.append("yardstick")
        return next(self.readings, Reading(10.0))

    def called(self, *names):
        return [call for call in self.calls if call in names]

    def contender(self, name, seconds=1.0, compute=None, refusal=None, **asked):
        def timed_compute(query, key, value, pattern):
            self.calls.append(name)
            self.now += seconds
            if compute:
                return compute(query, key, value, pattern)
            return attention(query, key, value, pattern).output

        kernel = Kernel(name, "", lambda request: refusal, timed_compute)
        return Contender(name, name, kernel, **asked)

    def run(self, plan, *contenders):
        *_, last = run_sweep(plan, contenders, self.bench)
        return last.points


def point(name, seq_len, window_size, *times_ms, note=""):
    return TimingPoint(name, Size(seq_len, window_size), times_ms, note)


def test_every_contender_is_checked_first_and_then_timed_in_turn():
    track = Track()
    points = track.run(SMALL, track.contender("a", 1.0), track.contender("b", 2.0))
    waking, one_size = ["a", "b"], ["a", "b"] + ["a", "b"] * SMALL.repeats
    assert track.called("a", "b") == waking + one_size * 2
    assert [(p.contender, p.size, p.times_ms) for p in points] == [
        ("a", Size(16, 4), (1000.0, 1000.0)),
        ("b", Size(16, 4), (2000.0, 2000.0)),
        ("a", Size(32, 4), (1000.0, 1000.0)),
        ("b", Size(32, 4), (2000.0, 2000.0)),
    ]


def test_who_stops_asking_stops_the_sweep_within_one_call():
    track = Track()
    sweep = run_sweep(SMALL, (track.contender("a"),), track.bench)
    for n_steps in range(1, 6):
        step = next(sweep)
        assert len(track.called("a")) <= n_steps
    assert step.points and all(p.size == Size(16, 4) for p in step.points)
    sweep.close()
    assert len(track.called("a")) == 4


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
    inputs, size = unit_normal_inputs(64), Size(64, 8)
    full, _, _, window = RACES["forward pass"].contenders
    output = attention(*inputs, Causal()).output
    assert agrees(full, size, (output,), inputs)
    assert not agrees(window, size, (output,), inputs)
    assert not agrees(full, size, (output[..., 1:, :],), inputs)


def test_a_training_step_is_judged_by_its_gradient_too():
    inputs, size = unit_normal_inputs(64), Size(64, 8)
    window = RACES["training step"].contenders[-1]
    output, query_grad = window.call(inputs, size)
    assert agrees(window, size, (output, query_grad), inputs)
    assert not agrees(window, size, (output, 1.01 * query_grad), inputs)
    assert not any(tensor.requires_grad for tensor in inputs)


def test_the_training_step_has_the_gradient_that_autograd_has():
    inputs = [tensor.double().requires_grad_() for tensor in unit_normal_inputs(16)]
    output = attention(*inputs, SlidingWindow(4)).output
    (expected,) = torch.autograd.grad(output, inputs[:1], inputs[0])
    _, query_grad = training_step(
        lambda *asked: attention(*asked).output, *inputs, SlidingWindow(4)
    )
    torch.testing.assert_close(query_grad, expected)


def test_every_timing_begins_with_a_pause_and_the_yardstick_stands_around_every_round():
    track = Track()
    points = track.run(SweepPlan((Size(16, 4),), 2, 100.0), track.contender("a"))
    a_round = [PAUSE_S, "a", "yardstick"]
    assert track.calls == ["a", "a", "yardstick", *a_round, *a_round]
    assert points[0].readings == (Reading(10.0),) * 4  # before and after each of two rounds


QUIET, SLOW, WAITING = Reading(10.0), Reading(14.0), Reading(10.0, share=0.5)


@pytest.mark.parametrize("busy", [SLOW, WAITING])
def test_a_round_beside_which_the_server_was_busy_is_done_again(busy):
    track, seconds = Track(), iter([1.0] * 3 + [5.0] * 3)

    def compute(query, key, value, pattern):
        track.now += next(seconds, 2.0)
        return attention(query, key, value, pattern).output

    track.readings = iter([QUIET, QUIET, busy, busy])
    plan = SweepPlan((Size(16, 4),), 3, 100.0)
    steps = list(run_sweep(plan, (track.contender("a", 0.0, compute),), track.bench))
    (point,) = steps[-1].points
    assert point.times_ms == (1000.0, 2000.0, 2000.0)  # not the three of five seconds
    assert point.readings == (QUIET,) * 6
    assert "busy" in steps[-2].doing and "busy" not in steps[2].doing


def test_a_server_that_stays_busy_is_left_in_peace_after_twice_the_rounds():
    track = Track()
    track.readings = iter([QUIET] + [SLOW] * 99)
    plan = SweepPlan((Size(16, 4),), 2, 100.0)
    (point,) = track.run(plan, track.contender("a"))
    assert len(track.called("a")) == 2 + 4
    assert len(point.times_ms) == 2 and is_disturbed(point, [point])


def test_a_short_call_is_made_many_times_at_once_untimed_and_then_timed():
    track = Track()
    (point,) = track.run(SweepPlan((Size(16, 4),), 1, 100.0), track.contender("a", 0.002))
    assert point.times_ms == pytest.approx((2.0,))
    assert len(track.called("a")) == 1 + 1 + 5 + 5  # woken, checked, untimed, timed


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
    masked = track.contender("masked", whole_square=True, memory=drawn_mask)
    assert "no such luck" in track.run(SMALL, refusing)[0].note
    assert "GiB" in leave_out(masked, Size(16_384, 4096))
    assert leave_out(masked, Size(2048, 128)) == ""
    hour = [point("masked", 16, 4, 3_600_000.0)]
    assert "single call" in leave_out(masked, Size(32, 4), hour)
    assert track.called("refusing", "masked") == []


def test_expected_time_follows_the_latest_time_and_falls_while_it_runs():
    track = Track()
    contenders = (track.contender("a"),)
    guess = expected_s([Size(4096, 64)], 3, contenders)
    measured = expected_s([Size(4096, 64)], 3, contenders, [point("a", 4096, 64, 500.0)])
    assert measured == pytest.approx(4 * 0.5, rel=0.15)  # and its pauses
    assert 0 < guess < 1
    left_s = [
        step.remaining_s(SMALL, contenders) for step in run_sweep(SMALL, contenders, track.bench)
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


@pytest.mark.parametrize("name", RACES)
def test_the_real_kernels_agree_and_are_timed(name):
    plan = SweepPlan((Size(130, 16),), repeats=2, budget_s=60.0, race_name=name)
    *_, last = run_sweep(plan)
    assert [p.contender for p in last.points] == [c.name for c in RACES[name].contenders]
    assert {p.note for p in last.points} == {""}
    assert all(len(p.times_ms) == 2 and min(p.times_ms) > 0 for p in last.points)
    assert {len(p.readings) for p in last.points} == {4}


@pytest.mark.parametrize("name", RACES)
def test_a_race_knows_who_is_who(name):
    race = RACES[name]
    by_name = {contender.name: contender for contender in race.contenders}
    assert len(by_name) == len(race.contenders)
    assert by_name[race.rival].kernel is KERNELS["sdpa_full"]
    assert not by_name[race.twin].windowed and by_name[race.window].windowed
    assert by_name[race.mask].whole_square and by_name[race.mask].pairs(Size(8, 2)) == 64
    assert all((c.step is TRAINING) == (name == "training step") for c in race.contenders)


def test_like_for_like_is_the_same_kernel():
    race = RACES["forward pass"]
    kernels = {contender.name: contender.kernel for contender in race.contenders}
    assert kernels[race.twin] is kernels[race.window]


NEEDED = """
import re, sys
from pathlib import Path
from swa_viz.timing.sweep import WAKING_SIZE, unit_normal_inputs
from swa_viz.timing.race import RACES, Size

def held(field):
    return 1024 * int(re.search(field + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

race, name, size = sys.argv[1], sys.argv[2], Size(int(sys.argv[3]), int(sys.argv[4]))
contender = next(c for c in RACES[race].contenders if c.name == name)
contender.call(unit_normal_inputs(WAKING_SIZE.seq_len), WAKING_SIZE)
inputs = unit_normal_inputs(size.seq_len)
Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = held("VmRSS")
contender.call(inputs, size)
print((held("VmHWM") - before) / contender.memory(size))
"""
EVERYONE = [(race, c.name) for race in RACES for c in RACES[race].contenders]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells its peak")
@pytest.mark.parametrize(("race", "name"), EVERYONE)
def test_the_memory_that_is_told_is_what_a_process_of_its_own_takes(race, name):
    command = [sys.executable, "-c", NEEDED, race, name, "4096", "512"]
    told = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert 0.7 < told < 1.3
