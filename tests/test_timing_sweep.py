"""A sweep runs the same race at several sizes; whoever stops asking has stopped it."""

import pytest
import torch

from swa_viz.kernels import KERNELS
from swa_viz.patterns import Causal
from swa_viz.timing.contender import Shape
from swa_viz.timing.queue import Queue
from swa_viz.timing.rivals import STEPS, race_for
from swa_viz.timing.sweep import SweepPlan, run_sweep, sweep_over_tokens, sweep_over_windows
from swa_viz.timing.timing import Size
from tests.timed import Track, race_of

SIZES = (Size(16, 4), Size(32, 4))
RACES = [race_for(step) for step in STEPS]


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny tensors gain nothing from threads that wait for each other."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


def small(*contenders, sizes=SIZES, repeats=2, budget_s=100.0):
    return SweepPlan(sizes, repeats, budget_s, race_of(*contenders))


def run(track, plan):
    *_, last = run_sweep(plan, track.instruments)
    return last.points


def test_all_are_woken_and_then_race_at_every_size():
    track = Track()
    points = run(track, small(track.contender("a", 1.0), track.contender("b", 2.0)))
    waking, one_size = ["a", "b"], ["a", "a", "b", "b"] + ["a", "b"] * 2
    assert track.called("a", "b") == waking + one_size * 2
    assert [(p.contender, p.size, p.times_ms) for p in points] == [
        ("a", Size(16, 4), (1000.0, 1000.0)),
        ("b", Size(16, 4), (2000.0, 2000.0)),
        ("a", Size(32, 4), (1000.0, 1000.0)),
        ("b", Size(32, 4), (2000.0, 2000.0)),
    ]


def test_who_stops_asking_stops_the_sweep_within_one_call():
    track = Track()
    sweep = run_sweep(small(track.contender("a")), track.instruments)
    n_before = 0
    for _ in range(6):
        progress = next(sweep)
        assert len(track.called("a")) <= n_before + 2  # a check is followed by one more call
        n_before = len(track.called("a"))
    assert progress.points and all(p.size == Size(16, 4) for p in progress.points)
    sweep.close()
    assert len(track.called("a")) == n_before


def test_what_would_pass_the_time_limit_is_left_out():
    track = Track()
    sizes = (*SIZES, Size(64, 4))
    points = run(track, small(track.contender("slow", 3.0), sizes=sizes, budget_s=13.0))
    assert [len(p.times_ms) for p in points] == [2, 0, 0]
    assert "time limit" in points[1].note


def test_a_slow_first_call_does_not_use_up_the_time_limit():
    track = Track()
    compiling = track.contender("a", [60.0, 1.0])
    points = run(track, small(compiling, sizes=SIZES[:1], budget_s=10.0))
    assert points[0].times_ms == (1000.0, 1000.0)


def test_who_fails_while_it_is_woken_is_told_by_the_race():
    def fail(inputs, pattern):
        raise RuntimeError("no compiler")

    track = Track()
    points = run(track, small(track.contender("a", compute=fail)))
    assert {p.note for p in points} == {"failed: RuntimeError: no compiler"}


def test_what_refuses_is_not_called():
    track = Track()
    refusing = track.contender("a", refuse=lambda request, shape: "no such luck")
    assert "no such luck" in run(track, small(refusing))[0].note
    assert track.called("a") == []


def test_the_time_that_remains_falls_to_nothing():
    track = Track()
    plan = small(track.contender("a"))
    left_s = [progress.remaining_s(plan) for progress in run_sweep(plan, track.instruments)]
    assert left_s[-1] == 0
    assert left_s[5] == pytest.approx(4.0, rel=0.1)  # at the second size: two checks, two rounds
    assert left_s[5:] == sorted(left_s[5:], reverse=True)


def test_sweeps_double_five_times():
    race = race_for("forward pass")
    assert sweep_over_tokens(2048, 128, 5, 30.0, race).sizes == tuple(
        Size(n, 128) for n in (128, 256, 512, 1024, 2048)
    )
    by_window = sweep_over_windows(16_384, 3, 240.0, race)
    assert [size.window_size for size in by_window.sizes] == [256, 512, 1024, 2048, 4096]
    assert by_window.over_windows


@pytest.mark.timing
@pytest.mark.parametrize("race", RACES, ids=STEPS)
def test_the_real_kernels_agree_and_are_timed(race):
    plan = SweepPlan((Size(130, 16),), 2, 60.0, race)
    *_, last = run_sweep(plan)
    assert [p.contender for p in last.points] == [c.name for c in race.contenders]
    assert {p.note for p in last.points} == {""}
    assert all(len(p.times_ms) == 2 and min(p.times_ms) > 0 for p in last.points)
    assert {len(p.readings) for p in last.points} == {4}


@pytest.mark.parametrize("race", RACES, ids=STEPS)
def test_a_race_knows_who_is_who(race):
    window, full = Size(8, 2), Causal()
    computed = {entry.contender.name: entry.pattern for entry in plan_of(race).entries(window)}
    assert len(computed) == len(race.contenders)
    assert computed[race.rival] == computed[race.own_full] == full
    assert computed[race.window] == computed[race.mask] != full
    mask = race.contender(race.mask)
    assert mask.work(computed[race.mask], Shape(8)) == 64
    assert {c.trains for c in race.contenders} == {race.trains}


def plan_of(race):
    return SweepPlan(SIZES, 1, 60.0, race)


def test_on_the_processor_our_kernel_is_compared_with_itself():
    race = race_for("forward pass")
    own_full, window = race.contender(race.own_full), race.contender(race.window)
    assert window.name == "band_numba" and own_full.prepare is window.prepare
    assert race.label(race.own_full) == "our kernel, full"
    step = race_for("training step")
    assert step.label(step.window) == "torch in blocks, window" and step.own_full == step.rival


@pytest.mark.parametrize("step", STEPS)
def test_on_a_gpu_the_window_is_a_kernel_that_runs_there(step):
    race = race_for(step, torch.device("cuda", 1))
    assert race.device == torch.device("cuda:1")
    assert race.kernel == "FlexAttention" and race.own_full != race.rival
    assert KERNELS["band_numba"].supports(Causal(), device_type="cuda")


def test_first_come_first_served():
    queue = Queue()
    with queue.ticket() as first:
        with queue.ticket() as second, queue.ticket() as third:
            assert (first(), second(), third()) == (0, 1, 2)
    with queue.ticket() as fourth:
        assert fourth() == 0


def test_whoever_leaves_the_queue_holds_nobody_up():
    queue = Queue()
    leaving, staying = queue.ticket(), queue.ticket()
    leaving.__enter__()
    with staying as place:
        assert place() == 1
        with pytest.raises(KeyboardInterrupt):
            leaving.gen.throw(KeyboardInterrupt())
        assert place() == 0
