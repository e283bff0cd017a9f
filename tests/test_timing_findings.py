"""What is concluded from times: by hand-made points, and nothing from those of a busy machine."""

import pytest

from swa_viz.patterns import Causal
from swa_viz.timing.findings import (
    Crossover,
    counted_limit,
    crossover,
    disturbed,
    efficiency,
    exponent,
    growth,
    predicted_ms,
    projected_s,
    scatter,
    speed_ups,
    trusted,
)
from swa_viz.timing.rivals import race_for
from swa_viz.timing.timing import Size
from swa_viz.timing.yardstick import Reading
from tests.timed import QUIET, point, race_points

RACE = race_for("forward pass")


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
    assert projected_s(point("sdpa_full", 3, 2, 600.0), Causal(), 8) == pytest.approx(0.6 * 36 / 6)


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
def test_a_disturbed_point_is_found_and_not_trusted(odd):
    points = [*race_points(), odd]
    assert disturbed(points) == [odd]
    assert trusted(points) == race_points()


def test_one_odd_call_or_reading_among_several_does_no_harm():
    readings = (QUIET, QUIET, QUIET, Reading(90.0))
    calm = point("band_numba", 8192, 64, 1.0, 1.0, 1.0, 1.0, 9.0, readings=readings)
    assert disturbed([*race_points(), calm]) == []
    assert scatter([]) == scatter([3.0]) == 1.0


def test_a_machine_that_is_busy_all_along_is_found_out():
    points = [point("sdpa_full", 64, 8, 1.0, readings=at(32.0, share=0.4))]
    assert disturbed(points) == points
