"""Figures: their structure, not their pixels."""

import math

import pytest

from swa_viz.figures.speed import LOOKS, Line, pairs_figure, speed_up_figure, time_figure

PLACES = [256, 512, 1024]
TIMES = Line("band_numba", "window", PLACES, [1.0, 2.0, 4.0], [0.5, 1.5, 3.0], [2.0, 3.0, 9.0])
LIMIT = Line("limit", "what counting pairs allows", PLACES, [1.0, 2.0, 4.0])


def test_both_axes_are_doubled_and_hold_everything():
    figure = time_figure([TIMES], PLACES, "tokens n")
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    low, high = figure.layout.yaxis.range
    assert low < math.log10(0.5) and high > math.log10(9.0)
    assert list(figure.layout.xaxis.tickvals) == PLACES
    assert list(figure.layout.xaxis.ticktext) == ["256", "512", "1,024"]
    assert figure.layout.xaxis.title.text == "tokens n"
    assert figure.layout.yaxis.title.text == "milliseconds"


def test_the_x_axis_spans_the_sweep_before_all_points_are_there():
    first = Line("band_numba", "window", [256], [1.0], [1.0], [1.0])
    whole = time_figure([TIMES], PLACES, "tokens n").layout.xaxis
    assert time_figure([first], PLACES, "tokens n").layout.xaxis == whole


def test_error_bars_reach_from_the_fastest_to_the_slowest():
    bars = time_figure([TIMES], PLACES, "tokens n").data[0].error_y
    assert list(bars.array) == [1.0, 1.0, 5.0]
    assert list(bars.arrayminus) == [0.5, 0.5, 1.0]


def test_the_limit_is_a_line_without_markers_or_spread():
    figure = speed_up_figure([LIMIT, TIMES], PLACES, "tokens n")
    limit, measured = figure.data
    assert (limit.mode, measured.mode) == ("lines", "lines+markers")
    assert limit.error_y.array is None
    assert figure.layout.yaxis.ticktext[0].endswith("×")


def test_every_contender_has_a_colour_and_a_second_sign_of_its_own():
    assert len({look.colour for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.symbol for look in LOOKS.values()}) == len(LOOKS)


@pytest.mark.parametrize("draw", [time_figure, pairs_figure, speed_up_figure])
def test_the_theme_decides_background_and_text(draw):
    figure = draw([LIMIT], PLACES, "window W")
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.color is None
    assert figure.layout.xaxis.title.font.color is None


@pytest.mark.parametrize("draw", [time_figure, pairs_figure, speed_up_figure])
def test_no_lines_is_an_empty_figure_and_no_error(draw):
    assert len(draw([], PLACES, "tokens n").data) == 0
