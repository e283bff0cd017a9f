"""A time counts only after its result did, and everyone takes turns on a quiet machine."""

import pytest
import torch

from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing import forecast
from swa_viz.timing.contender import Shape
from swa_viz.timing.contenders import BAND_NUMBA, SDPA_MASK
from swa_viz.timing.findings import is_disturbed
from swa_viz.timing.forecast import Effort, Entry, expected_s, leave_out
from swa_viz.timing.race import WRONG, race
from swa_viz.timing.turns import calls_at_once, in_turn, turn
from swa_viz.timing.yardstick import Reading
from tests.timed import QUIET, Track, made_up, right

TINY, WINDOW, TWICE = Shape(16), SlidingWindow(4), Effort(rounds=2)
SLOW, WAITING = Reading(14.0), Reading(10.0, share=0.5)


def run(track, *contenders, effort=TWICE, asked=WINDOW, **more):
    entries = [Entry(contender, asked) for contender in contenders]
    *_, last = race(TINY, entries, effort, instruments=track.instruments, **more)
    return last.timings


def test_everyone_is_checked_first_and_then_timed_in_turn():
    track = Track()
    first, second = run(track, track.contender("a", 1.0), track.contender("b", 2.0))
    assert track.called("a", "b") == ["a", "a", "b", "b"] + ["a", "b"] * 2
    assert (first.times_ms, second.times_ms) == ((1000.0,) * 2, (2000.0,) * 2)
    assert first.error < 1e-6 and first.pattern == WINDOW


def test_everyone_waits_before_a_turn_and_the_yardstick_stands_around_every_round():
    track = Track()
    (timing,) = run(track, track.contender("a"))
    assert track.done == ["a", "a", "pause", "yardstick"] + ["pause", "a", "pause", "yardstick"] * 2
    assert timing.readings == (QUIET,) * 4  # before and after each of two rounds


def test_a_wrong_result_is_never_timed():
    track = Track()
    wrong = track.contender("wrong", compute=lambda inputs, pattern: right(inputs, Causal()))
    good, bad = run(track, track.contender("good"), wrong)
    assert good.times_ms and not good.note
    assert (bad.note, bad.times_ms) == (WRONG, ()) and bad.error > 0.01
    assert track.called("wrong") == ["wrong"]


def test_who_raises_has_a_note_and_stops_nobody():
    def fail(inputs, pattern):
        raise RuntimeError("no such luck")

    track = Track()
    bad, good = run(track, made_up("bad", fail), track.contender("good"))
    assert bad.note == "failed: RuntimeError: no such luck" and good.times_ms


@pytest.mark.parametrize(("usual_s", "n_calls"), [(0.25, 4), (0.1, 6), (0.75, 1)])
def test_a_call_is_timed_when_it_is_awake(usual_s, n_calls):
    """Three slow calls, as fresh memory makes them; nobody waits for ever, nor for long calls."""
    track, seconds = Track(), [1.0, 0.5, 0.25, 0.25, 0.25, 0.25]

    def call():
        track.now += seconds[len(track.called("it"))]
        track.done.append("it")

    assert turn(call, usual_s, track.instruments) == seconds[n_calls - 1]
    assert len(track.called("it")) == n_calls


def test_a_short_call_is_repeated_and_timed_as_one():
    track = Track()
    (timing,) = run(track, track.contender("a", 0.002), effort=Effort(rounds=1))
    assert timing.times_ms == pytest.approx((2.0,))
    assert len(track.called("a")) == 2 + 1 + 5  # checked, awake, timed
    assert calls_at_once(0.002) == 5


def test_calls_without_a_check_take_turns_too():
    track = Track()

    def call(name, seconds):
        track.done.append(name)
        track.now += seconds

    calls = (lambda: call("a", 1.0), lambda: call("b", 2.0))
    assert in_turn(calls, 2, track.instruments) == [[1000.0] * 2, [2000.0] * 2]
    assert track.called("a", "b") == ["a", "b"] * 3


@pytest.mark.parametrize("busy", [SLOW, WAITING])
def test_a_round_beside_which_the_server_was_busy_is_done_again(busy):
    track = Track()
    a = track.contender("a", [1.0] * 3 + [5.0] * 3 + [2.0])
    track.readings = iter([QUIET, QUIET, busy, busy])
    entries = [Entry(a, WINDOW)]
    steps = list(race(TINY, entries, Effort(rounds=3), instruments=track.instruments))
    (timing,) = steps[-1].timings
    assert timing.times_ms == (1000.0, 2000.0, 2000.0)  # not the three of five seconds
    assert timing.readings == (QUIET,) * 6
    assert [step.round for step in steps] == [0, 1, 2, 3, 4, 5, 6, 0]


def test_a_server_that_stays_busy_is_left_in_peace_after_twice_the_rounds():
    track = Track()
    track.readings = iter([QUIET] + [SLOW] * 99)
    (timing,) = run(track, track.contender("a"))
    assert len(track.called("a")) == 2 + 4
    assert len(timing.times_ms) == 2 and is_disturbed(timing, [timing])


def test_the_yardsticks_best_may_lie_before_this_race():
    track = Track()
    track.readings = iter([SLOW] * 99)
    (quiet,) = run(track, track.contender("a"))
    (busy,) = run(track, track.contender("a"), past=(quiet,))
    assert not is_disturbed(quiet, [quiet])
    track.readings = iter([Reading(18.0)] * 99)
    (busy,) = run(track, track.contender("a"), past=(quiet,))
    assert is_disturbed(busy, [quiet, busy])


def test_who_takes_long_sits_out_the_rounds_after_the_third():
    track = Track()
    slow, fast = run(
        track,
        track.contender("slow", 5.0),
        track.contender("fast"),
        effort=Effort(rounds=5, longest_total_s=10.0),
    )
    assert (len(slow.times_ms), len(fast.times_ms)) == (3, 5)


def test_a_race_ends_at_its_deadline_after_a_round():
    track = Track()
    (timing,) = run(track, track.contender("a", 4.0), effort=Effort(9), deadline=50.0)
    assert "time limit" not in timing.note and len(timing.times_ms) == 9
    track = Track()
    (timing,) = run(track, track.contender("a", 4.0), effort=Effort(9), deadline=10.0)
    assert len(timing.times_ms) == 1


def test_what_would_never_end_is_left_out_with_the_reason():
    greedy = made_up("greedy", n_bytes=lambda pattern, shape: 2**50)
    slow = made_up("slow", work=lambda pattern, shape: 10**15)
    picky = made_up("picky", refuse=lambda request, shape: f"not on {request.device_type}")
    gone = made_up("gone", module="no_such_package")
    notes = [timing.note for timing in run(Track(), greedy, slow, picky, gone)]
    assert notes[0] == "left out: one call would need 1048576.0 GiB of memory"
    assert notes[1].startswith("left out: a single call would take about")
    assert notes[2] == "cannot do it: not on cpu"
    assert notes[3].startswith("absent: no_such_package does not import")


def test_who_cannot_run_on_the_device_is_left_out_with_the_reason():
    on_a_gpu = Effort(2, device=torch.device("cuda"))
    reason = leave_out(Entry(BAND_NUMBA, WINDOW), TINY, on_a_gpu)
    assert reason.startswith("cannot do it: it runs on the processor")


def test_full_attention_that_is_asked_for_is_never_left_out_for_its_length():
    slow = made_up("slow", work=lambda pattern, shape: 10**15)
    assert leave_out(Entry(slow, Causal()), TINY, TWICE) == ""
    assert "single call" in leave_out(Entry(slow, WINDOW), TINY, TWICE)


def test_only_so_much_memory_is_taken(monkeypatch):
    masked, long = Entry(SDPA_MASK, SlidingWindow(4096)), Shape(16_384)
    monkeypatch.setattr(forecast, "free_bytes", lambda device: 2**50)
    assert leave_out(masked, long, TWICE) == ""
    assert "2.8 GiB" in leave_out(masked, long, Effort(2, most_bytes=2.0**30))
    monkeypatch.setattr(forecast, "free_bytes", lambda device: 2**33)
    assert "2.8 GiB" in leave_out(masked, long, TWICE)


def test_the_expected_time_follows_the_latest_time():
    track = Track()
    a = track.contender("a", 0.5)
    guess = expected_s([Entry(a, SlidingWindow(64))], Shape(4096), Effort(3))
    assert 0 < guess < 1
    (known,) = run(track, a)
    measured = expected_s([Entry(a, WINDOW)], TINY, Effort(3), [known])
    assert measured == pytest.approx(5 * 0.5, rel=0.15)  # two checks, three rounds, and its pauses
    assert "single call" in leave_out(
        Entry(a, SlidingWindow(4096)), Shape(2**18), Effort(3), [known]
    )
