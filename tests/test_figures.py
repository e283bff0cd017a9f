"""Figures: their structure, not their pixels."""

import math
import re
from pathlib import Path

import pytest

from swa_viz.figures.chart import SCALES, Line
from swa_viz.figures.colours import colours
from swa_viz.figures.speed import LOOKS, speed_figure
from swa_viz.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
PLACES = [256, 512, 1024]
TIMES = Line("window", "window", PLACES, [1.0, 2.0, 4.0], [0.5, 1.5, 3.0], [2.0, 3.0, 9.0])
LIMIT = Line("counted", "what counting pairs allows", PLACES, [1.0, 2.0, 4.0])


LINE = "lines+markers+text"


def test_both_axes_are_doubled_and_hold_everything():
    figure = speed_figure("milliseconds", [TIMES], PLACES, "tokens N")
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    low, high = figure.layout.yaxis.range
    assert low < math.log10(0.5) and high > math.log10(9.0)
    assert list(figure.layout.xaxis.tickvals) == PLACES
    assert list(figure.layout.xaxis.ticktext) == ["256", "512", "1,024"]
    assert figure.layout.xaxis.title.text == "tokens N"
    assert figure.layout.yaxis.title.text == "milliseconds of one call"


def test_the_x_axis_spans_the_sweep_before_all_points_are_there():
    first = Line("window", "window", [256], [1.0], [1.0], [1.0])
    whole = speed_figure("milliseconds", [TIMES], PLACES, "tokens N").layout.xaxis
    assert speed_figure("milliseconds", [first], PLACES, "tokens N").layout.xaxis == whole


def test_error_bars_reach_from_the_fastest_to_the_slowest():
    bars = speed_figure("milliseconds", [TIMES], PLACES, "tokens N").data[0].error_y
    assert list(bars.array) == [1.0, 1.0, 5.0]
    assert list(bars.arrayminus) == [0.5, 0.5, 1.0]


def test_what_was_counted_is_a_line_without_markers_or_spread():
    figure = speed_figure("times faster", [LIMIT, TIMES], PLACES, "tokens N")
    limit, measured = figure.data
    assert (limit.mode, measured.mode) == ("lines+text", LINE)
    assert limit.error_y.array is None
    assert figure.layout.yaxis.ticktext[0].endswith("×")
    assert list(measured.text) == ["", "", "4.0×"]


def test_what_is_not_to_be_trusted_is_hollow_and_the_legend_says_so():
    odd = Line("window", "window", PLACES, [1.0, 9.0, 4.0], hollow=[False, True, False])
    sound, beside, key = speed_figure("times faster", [odd], PLACES, "tokens N").data
    assert (list(sound.y), sound.marker.symbol, sound.mode) == ([1.0, 4.0], "diamond", LINE)
    assert (list(beside.y), beside.marker.symbol, beside.mode) == ([9.0], "diamond-open", "markers")
    assert key.name == "hollow: disturbed, not to be trusted" and not beside.showlegend
    assert len(speed_figure("milliseconds", [TIMES], PLACES, "tokens N").data) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_those_of_the_picture_language(theme):
    drawn = speed_figure("times faster", [LIMIT, TIMES], PLACES, "tokens N", theme).data
    language = colours(theme)
    assert {"query", "key", "outside", "pinned", "reach", "evicted"} <= set(language)
    assert [line.line.color for line in drawn] == [language["reach"], language["key"]]
    assert {look.colour for look in LOOKS.values()} <= set(language)
    assert "light, dark" in str(pytest.raises(ValueError, colours, "blue").value)


def test_every_line_has_a_sign_and_a_dash_of_its_own_beside_its_colour():
    assert len({look.symbol for look in LOOKS.values()}) == len(LOOKS)
    of_one_colour = {(look.colour, look.dash) for look in LOOKS.values()}
    assert len(of_one_colour) == len(LOOKS)


def test_no_python_that_draws_names_a_colour():
    for path in [*ROOT.glob("swa_viz/figures/*.py"), *ROOT.glob("swa_viz/ui/*.py")]:
        code = re.sub(r'"""[\s\S]*?"""', "", path.read_text())
        assert not re.search(r"#[0-9a-fA-F]{6}\b", code), path.name


def test_every_choice_of_the_page_is_a_scale():
    assert list(LESSONS["speed"].knobs["show"].choices) == list(SCALES)


@pytest.mark.parametrize("show", SCALES)
def test_the_theme_decides_background_and_text(show):
    figure = speed_figure(show, [LIMIT], PLACES, "window W")
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.color is None
    assert figure.layout.xaxis.title.font.color is None


@pytest.mark.parametrize("show", SCALES)
def test_no_lines_is_an_empty_figure_and_no_error(show):
    assert len(speed_figure(show, [], PLACES, "tokens N").data) == 0
