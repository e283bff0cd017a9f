"""What is concluded from times: by hand-made points, and nothing from those of a busy machine."""

import csv
import io

import pytest

from swa_viz.timing.findings import (
    Crossover,
    counted_limit,
    crossover,
    disturbed,
    efficiency,
    exponent,
    growth,
    predicted_ms,
    scatter,
    speed_ups,
    trusted,
)
from swa_viz.timing.plan import WRONG, SweepPlan, TimingPoint, sweep_over_windows
from swa_viz.timing.race import RACES, Size
from swa_viz.timing.table import as_csv, as_markdown, conditions, machine, rows
from swa_viz.timing.words import busy, doubts, found, mask_alone
from swa_viz.timing.yardstick import Reading, read_yardstick, seconds_of, seconds_on_gpu

QUIET = (Reading(10.0), Reading(10.4), Reading(10.1))
PLAN = SweepPlan(tuple(Size(n, 64) for n in (1024, 2048, 4096)), 1, 60.0)
RACE = PLAN.race


def point(name, seq_len, window_size, *times_ms, note="", readings=QUIET):
    return TimingPoint(name, Size(seq_len, window_size), times_ms, note, readings)


def race_points(mask_ms=40.0, twin_ms=10.0, window_ms=0.5):
    """Full attention grows as n^2, the window as n; at 4,096 tokens 20 ms against 0.5."""
    points = []
    for n in (1024, 2048, 4096):
        square, line = (n / 4096) ** 2, n / 4096
        points.append(point("sdpa_full", n, 64, 20.0 * square))
        points.append(point("sdpa_mask", n, 64, mask_ms * square))
        points.append(point("same_full", n, 64, twin_ms * square))
        points.append(point("band_numba", n, 64, window_ms * line))
    return points


def test_speed_up_e_and_growth():
    points, size = race_points(), Size(4096, 64)
    assert speed_ups(points, "band_numba", "sdpa_full")[size] == pytest.approx(40.0)
    assert efficiency(points, "band_numba", "sdpa_full")[size] == pytest.approx(1.24, abs=0.01)
    assert efficiency(points, "band_numba", "same_full")[size] == pytest.approx(0.62, abs=0.01)
    assert growth(points, "sdpa_full") == pytest.approx(2.0)
    assert growth(points, "band_numba") == pytest.approx(1.0)
    assert growth(points[:8], "band_numba") is None
    assert exponent([5, 5, 5], [1, 2, 3]) is None
    assert counted_limit(Size(16_384, 4096)) == pytest.approx(2.286, abs=1e-3)


def test_a_mask_is_judged_at_the_longest_text_if_the_window_covers_them_all():
    covered = [point(p.contender, p.size.seq_len, 4096, *p.times_ms) for p in race_points()]
    assert "at 4,096 tokens" in mask_alone(RACE, covered)[0]


def test_growth_leaves_out_texts_that_the_window_covers():
    short = [point("band_numba", n, 64, 1000.0) for n in (16, 32, 64)]
    assert growth(short + race_points(), "band_numba") == pytest.approx(1.0)


def test_counting_is_drawn_from_the_windows_own_kernel():
    best = predicted_ms(race_points(), RACE)
    assert best[Size(4096, 64)] == pytest.approx(10.0 / counted_limit(Size(4096, 64)))
    assert all(best[p.size] < p.median_ms for p in race_points() if p.contender == "band_numba")


def lines(*ups):
    """Full attention takes 1 ms; the window is so many times faster, doubling from 128 tokens."""
    for place, up in enumerate(ups):
        yield point("sdpa_full", 128 * 2**place, 64, 1.0)
        yield point("band_numba", 128 * 2**place, 64, 1.0 / up)


@pytest.mark.parametrize(
    ("ups", "where"),
    [
        ((2.0, 4.0, 8.0), Crossover(128, True)),
        ((0.5, 2.0, 4.0), Crossover(pytest.approx(128 * 2**0.5), False)),
        ((2.0, 0.5, 2.0), Crossover(pytest.approx(256 * 2**0.5), False)),
        ((0.5, 1.0, 4.0), Crossover(pytest.approx(256), False)),
        ((2.0, 4.0, 0.9), None),
        ((), None),
    ],
    ids=["always", "between two points", "the last crossing counts", "on a point", "lost", "none"],
)
def test_where_the_lines_cross(ups, where):
    assert crossover(list(lines(*ups)), "band_numba", "sdpa_full") == where


def test_a_text_that_the_window_covers_decides_nothing():
    covered = [point("sdpa_full", 64, 64, 1.0), point("band_numba", 64, 64, 9.0)]
    assert crossover([*covered, *lines(2.0, 4.0)], "band_numba", "sdpa_full").always


def test_found_says_it_in_numbers():
    assert found(PLAN, race_points()) == [
        "At 4,096 tokens a window of 64 is **40.0 times faster than the best full attention that "
        "torch has**: 0.50 ms instead of 20 ms.",
        "**Like for like**, the same kernel with and without the window, it is 20.0 times faster "
        "than without. Counting pairs allows 32.3: E = 0.62. That the headline's number is larger "
        "breaks no limit: even without a window our kernel is 2.0 times faster than torch's, and "
        "20.0 × 2.0 = 40.0.",
        "Here the window is faster than torch's full attention at every length measured beyond the "
        "window, from 1,024 tokens on, also like for like.",
        "A mask alone saves nothing: at 4,096 tokens torch's full attention with a band mask is "
        "2.0 times slower than the same without.",
        "If time goes on growing like the pairs, 100,000 tokens take 11.9 seconds in every layer "
        "with full attention and 0.0 with this window.",
    ]
    assert "saves nothing" not in found(PLAN, race_points(mask_ms=10.0))[3]
    assert found(PLAN, []) == []


def test_a_kernel_that_is_slower_without_a_window_is_told():
    said = found(PLAN, race_points(twin_ms=40.0, window_ms=2.0))[1]
    assert "breaks no limit" not in said
    assert "our kernel is 2.0 times slower than torch's, and 20.0 × 0.5 = 10.0" in said


def test_more_than_counting_allows_like_for_like_is_explained():
    assert "processor's cache" in found(PLAN, race_points(window_ms=0.2))[1]


def test_a_training_step_is_like_for_like_from_the_start():
    plan = SweepPlan(PLAN.sizes, 1, 60.0, "training step")
    points = [point("sdpa_full", n, 64, 20.0 * n * n / 4096**2) for n, _ in plan.sizes]
    points += [point("band_torch", n, 64, 2.0 * n / 4096) for n, _ in plan.sizes]
    headline, like, where, *_ = found(plan, points)
    assert "in a training step: 2.0 ms instead of 20 ms" in headline
    assert "our kernel" not in like and "like for like" not in where


def test_no_length_is_named_where_only_the_window_changed():
    plan = sweep_over_windows(4096, 1, 60.0)
    points = [point("sdpa_full", *size, 9.0) for size in plan.sizes]
    points += [point("band_numba", *size, 3.0) for size in plan.sizes]
    assert not any("length" in sentence for sentence in found(plan, points))


def test_a_window_that_covers_the_text_is_not_called_slow_or_fast():
    covered = [point("sdpa_full", 32, 64, 1.0), point("band_numba", 32, 64, 3.0)]
    assert "nothing to save" in found(PLAN, covered)[0] and len(found(PLAN, covered)) == 1


def at(ms, share=1.0):
    return (Reading(ms, share),) * 3


@pytest.mark.parametrize(
    "odd",
    [
        point("band_numba", 8192, 64, 1.0, readings=at(13.0)),
        point("band_numba", 8192, 64, 1.0, readings=at(10.0, share=0.5)),
        point("band_numba", 8192, 64, 1.0, 1.0, 2.0, 2.0),
    ],
    ids=["the yardstick has slowed down", "others used the processor", "its times lie far apart"],
)
def test_nothing_is_concluded_from_a_disturbed_point(odd):
    points = [*race_points(), point("sdpa_full", 8192, 64, 80.0), odd]
    assert disturbed(points) == [odd]
    assert odd not in trusted(points)
    assert "1 of 14" in busy(points)
    assert ("busy" in busy(points)) == (odd.readings != QUIET)
    assert found(PLAN, trusted(points)) == found(PLAN, race_points())
    table = rows(PLAN, points)
    assert "disturbed" in table[-1]["note"] and table[-1]["median ms"]
    assert (table[-1]["times faster"], table[-1]["E"]) == (None, None)


def test_one_odd_call_or_reading_among_several_does_no_harm():
    calm = point("band_numba", 8192, 64, 1.0, 1.0, 1.0, 1.0, 9.0, readings=(*QUIET, Reading(90.0)))
    assert disturbed([*race_points(), calm]) == []
    assert busy(race_points()) == ""
    assert scatter([]) == scatter([3.0]) == 1.0


def test_a_machine_that_is_busy_all_along_is_found_out():
    points = [point("sdpa_full", 64, 8, 1.0, readings=at(32.0, share=0.4))]
    assert disturbed(points) == points and "60%" in busy(points)
    assert found(PLAN, trusted(points)) == []


def test_doubts_are_said():
    assert doubts(RACE, race_points()) == []
    wrong = [*race_points(), point("band_numba", 8192, 64, note=WRONG)]
    assert doubts(RACE, wrong) == ["Wrong result, so no time is shown: our kernel, window."]
    left = [*race_points(), point("sdpa_mask", 8192, 64, note="left out: x")]
    assert "1 of 13" in doubts(RACE, left)[0]
    assert doubts(RACE, []) == []


def test_the_table_has_no_time_for_a_wrong_result():
    wrong = point("band_numba", 64, 8, note=WRONG)
    right = point("sdpa_full", 64, 8, 2.1, 1.9, 2.0)
    table = list(csv.DictReader(io.StringIO(as_csv(PLAN, [wrong, right]))))
    assert (table[0]["median ms"], table[0]["note"]) == ("", WRONG)
    assert (table[1]["median ms"], table[1]["fastest ms"]) == ("2.0", "1.9")
    assert rows(PLAN, [wrong])[0]["times faster"] is None


def test_the_table_has_e_for_windows_only():
    full, mask, twin, window = rows(PLAN, race_points())[-4:]
    assert full["E"] is twin["E"] is None
    assert (window["times faster"], window["E"], window["E, like for like"]) == (40.0, 1.24, 0.62)
    assert mask["E"] == 0.02 and mask["score pairs"] == 4096**2


def test_markdown_takes_findings_and_machine_along():
    text = as_markdown(PLAN, [*race_points(), point("sdpa_mask", 64, 8, note="a | b")], ["Found."])
    assert text.startswith("Found.\n\n| tokens n | window W |")
    assert r"a \| b" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 13
    assert len({line.replace(r"\|", "").count("|") for line in table}) == 1
    assert text.endswith(f"{conditions(PLAN)}. {machine()}.\n")
    assert as_markdown(PLAN, [], []) == ""


def test_the_machine_is_named():
    assert "threads on" in machine() and "torch 2" in machine() and "numba 0" in machine()
    assert "Forward and backward" in conditions(SweepPlan((), 1, 1.0, "training step"))


def test_the_yardstick_tells_which_part_of_the_threads_ran():
    clock, processor = iter([0.0, 0.010]), iter([0.0, 0.005])
    reading = read_yardstick("cpu", lambda: next(clock), lambda: next(processor))
    assert reading.ms == pytest.approx(10.0)
    assert 0 < reading.share <= 0.5
    assert read_yardstick().ms > 0


def test_on_a_gpu_the_time_is_that_between_two_marks_in_its_own_queue():
    queue = []

    class Event:
        def __init__(self, enable_timing):
            assert enable_timing

        def record(self):
            queue.append(self)

        def synchronize(self):
            queue.append("waited")

        def elapsed_time(self, other):
            assert queue == [self, "work", other, "waited"]
            return 250.0

    assert seconds_on_gpu(lambda: queue.append("work"), Event) == 0.25


def test_on_the_processor_it_is_the_clocks():
    clock = iter([1.0, 3.5])
    assert seconds_of(lambda: None, "cpu", lambda: next(clock)) == 2.5


def test_every_race_has_words():
    for name in RACES:
        assert conditions(SweepPlan((), 1, 1.0, name))
