"""The speed page says what was found in numbers, and nothing where there are none."""

import csv
import io

import pytest

from swa_viz.timing.findings import trusted
from swa_viz.timing.race import WRONG, Step
from swa_viz.timing.report import machine
from swa_viz.timing.rivals import STEPS, race_for
from swa_viz.timing.sweep import Progress, SweepPlan, sweep_over_windows
from swa_viz.timing.timing import Size
from swa_viz.timing.yardstick import Reading
from swa_viz.ui.speed_table import as_csv, as_markdown, conditions, rows
from swa_viz.ui.speed_words import busy, doing, doubts, found, mask_alone
from tests.timed import QUIET, point, race_points

RACE, STEP_RACE = (race_for(step) for step in STEPS)
PLAN = SweepPlan(tuple(Size(n, 64) for n in (1024, 2048, 4096)), 1, 60.0, RACE)


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
    said = found(PLAN, race_points(own_full_ms=40.0, window_ms=2.0))[1]
    assert "breaks no limit" not in said
    assert "our kernel is 2.0 times slower than torch's, and 20.0 × 0.5 = 10.0" in said


def test_more_than_counting_allows_like_for_like_is_explained():
    assert "processor's cache" in found(PLAN, race_points(window_ms=0.2))[1]


def test_a_training_step_is_like_for_like_from_the_start():
    plan = SweepPlan(PLAN.sizes, 1, 60.0, STEP_RACE)
    points = [point("sdpa_full_step", n, 64, 20.0 * n * n / 4096**2) for n, _ in plan.sizes]
    points += [point("band_torch_step", n, 64, 2.0 * n / 4096) for n, _ in plan.sizes]
    headline, like, where, *_ = found(plan, points)
    assert "in a training step: 2.0 ms instead of 20 ms" in headline
    assert "our kernel" not in like and "like for like" not in where


def test_no_length_is_named_where_only_the_window_changed():
    plan = sweep_over_windows(4096, 1, 60.0, RACE)
    points = [point("sdpa_full", *size, 9.0) for size in plan.sizes]
    points += [point("band_numba", *size, 3.0) for size in plan.sizes]
    assert not any("length" in sentence for sentence in found(plan, points))


def test_a_window_that_covers_the_text_is_not_called_slow_or_fast():
    covered = [point("sdpa_full", 32, 64, 1.0), point("band_numba", 32, 64, 3.0)]
    assert "nothing to save" in found(PLAN, covered)[0] and len(found(PLAN, covered)) == 1


def test_a_mask_is_judged_at_the_longest_text_if_the_window_covers_them_all():
    covered = [point(p.contender, p.size.seq_len, 4096, *p.times_ms) for p in race_points()]
    assert "at 4,096 tokens" in mask_alone(RACE, covered)[0]


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
    assert "1 of 14" in busy(points)
    assert ("busy" in busy(points)) == (odd.readings != (QUIET,) * 3)
    assert found(PLAN, trusted(points)) == found(PLAN, race_points())
    table = rows(PLAN, points)
    assert "disturbed" in table[-1]["note"] and table[-1]["median ms"]
    assert (table[-1]["times faster"], table[-1]["E"]) == (None, None)


def test_one_odd_call_or_reading_among_several_does_no_harm():
    calm = point(
        "band_numba",
        8192,
        64,
        1.0,
        1.0,
        1.0,
        1.0,
        9.0,
        readings=(QUIET, QUIET, QUIET, Reading(90.0)),
    )
    assert busy([*race_points(), calm]) == ""


def test_a_machine_that_is_busy_all_along_is_found_out():
    points = [point("sdpa_full", 64, 8, 1.0, readings=at(32.0, share=0.4))]
    assert "60%" in busy(points)
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
    full, mask, own_full, window = rows(PLAN, race_points())[-4:]
    assert full["E"] is own_full["E"] is None
    assert (window["times faster"], window["E"], window["E, like for like"]) == (40.0, 1.24, 0.62)
    assert mask["E"] == 0.02 and mask["score pairs"] == 4096**2


def test_markdown_takes_findings_and_machine_along():
    text = as_markdown(PLAN, [*race_points(), point("sdpa_mask", 64, 8, note="a | b")], ["Found."])
    assert text.startswith("Found.\n\n| tokens N | window W |")
    assert r"a \| b" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 13
    assert len({line.replace(r"\|", "").count("|") for line in table}) == 1
    assert text.endswith(f"{conditions(PLAN)}. {machine()}.\n")
    assert as_markdown(PLAN, [], []) == ""


def test_the_machine_is_named():
    assert "threads on" in machine() and "torch 2" in machine() and "numba 0" in machine()
    assert "Forward and backward" in conditions(SweepPlan((), 1, 1.0, STEP_RACE))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("waking", "same_full"), "waking our kernel, full, which may compile"),
        (Step("checking", "sdpa_mask"), "checking torch, full + band mask"),
        (Step("timing", "band_numba", round=1), "round 1 of 1, our kernel, window"),
        (Step("timing", "sdpa_full", round=2), "round 2, since the server was busy"),
        (Step("finished", share=1.0), "finished"),
    ],
)
def test_every_step_is_told(step, said):
    assert doing(Progress(step, 0, ()), PLAN).startswith(said)
