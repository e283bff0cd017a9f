"""The speed page: nothing is timed unasked, and whatever ends a timing frees the queue."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from swa_viz.lessons.speed.lesson import LESSON
from swa_viz.timing import findings, yardstick
from swa_viz.timing.queue import TIMINGS, Queue
from swa_viz.timing.race import Step
from swa_viz.timing.rivals import STEPS, race_for
from swa_viz.timing.stored import StoredRun
from swa_viz.timing.sweep import Progress, SweepPlan
from swa_viz.timing.timing import Size
from swa_viz.timing.yardstick import Reading
from swa_viz.ui import speed_panel, speed_results
from swa_viz.web.knobs import ChoiceKnob
from tests.timed import point, race_points

PAGE = str(Path(__file__).parent.parent / "pages" / "speed.py")
TINY = SweepPlan((Size(24, 8), Size(48, 8), Size(96, 8)), 1, 60.0, race_for("forward pass"))


def extreme(knob, end):
    if isinstance(knob, ChoiceKnob):
        return list(knob.choices)[end]
    return (knob.at_least, knob.at_most)[end]


def open_page(**values):
    page = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in values.items():
        page.query_params[name] = str(value)
    return page.run()


def button(page, label):
    return next(button for button in page.button if button.label == label)


def words(page):
    said = [*page.markdown, *page.info, *page.warning, *page.error]
    return " ".join(element.value for element in said)


@pytest.fixture
def tiny(monkeypatch):
    def tiny_plan(longest, window_size, repeats, budget_s, race):
        return replace(TINY, race=race)

    monkeypatch.setattr(speed_panel, "sweep_over_tokens", tiny_plan)
    monkeypatch.setattr(speed_panel, "SETTLE_S", 0.0)


@pytest.fixture
def believing(monkeypatch):
    """These tests may run beside others, and so tiny times are believed however busy it is."""
    monkeypatch.setattr(yardstick, "MOST_DRIFT", float("inf"))
    monkeypatch.setattr(findings, "MOST_SCATTER", float("inf"))
    monkeypatch.setattr(yardstick, "LEAST_SHARE", 0.0)


@pytest.mark.parametrize("end", [0, -1], ids=["first", "last"])
def test_every_knob_at_its_ends_comes_from_the_url(end):
    values = {name: extreme(knob, end) for name, knob in LESSON.knobs.items()}
    page = open_page(**values | {"preset": "own"})
    assert not page.exception
    assert page.session_state["tokens"] == values["tokens"]
    assert page.session_state["repeats"] == values["repeats"]
    longest = f"{int(values['tokens']):,}"
    assert longest in words(page) and f"each {values['repeats']} times" in words(page)


def test_nonsense_in_the_url_gives_the_defaults():
    page = open_page(preset="<b>", sweep="7", tokens="-1", window="1e9", repeats="many")
    assert not page.exception
    assert page.session_state["preset"] == LESSON.knobs["preset"].default
    assert page.session_state["sweep"] == LESSON.knobs["sweep"].default


def test_nothing_is_timed_at_page_load(monkeypatch):
    def unasked(plan):
        raise AssertionError("timed unasked")

    monkeypatch.setattr(speed_panel, "run_sweep", unasked)
    page = open_page()
    assert not page.exception and not page.dataframe
    assert "About" in words(page) and "at most 44 seconds" in words(page)
    assert button(page, "Stop").disabled and not button(page, "Time it here").disabled
    assert drawn(page)["title"]


def test_before_a_timing_a_stored_run_is_shown_and_says_where_it_ran(monkeypatch):
    run = StoredRun("<b>CPU</b>, 2 threads", tuple(race_points()))
    monkeypatch.setattr(speed_panel, "stored_run", lambda plan: run)
    page = open_page()
    said = page.info[0].value
    assert "Not timed on this server yet" in said and r"\<b\>CPU" in said
    assert "40.0 times faster than the best full attention" in said
    assert {"our kernel, window", "torch, full"} <= set(lines(page))
    assert not page.dataframe and button(page, "Time it here")


def test_without_a_stored_run_only_what_counting_allows_is_drawn(monkeypatch):
    monkeypatch.setattr(speed_panel, "stored_run", lambda plan: None)
    page = open_page()
    assert list(lines(page)) == ["what counting pairs allows the same kernel"]
    assert not page.info


@pytest.mark.parametrize("step", STEPS)
def test_a_click_times_the_real_kernels_and_says_what_was_found(tiny, believing, step):
    page = open_page(step=step)
    button(page, "Time it here").click().run()
    assert not page.exception
    assert "At 96 tokens a window of 8 is" in words(page)
    assert "Like for like" in words(page) and "Here the window is" in words(page)
    table = page.dataframe[0].value
    assert len(table) == 3 * len(race_for(step).contenders) and set(table["note"]) == {""}
    labels = [b.label for b in page.get("download_button")]
    assert labels == ["Download Markdown", "Download CSV", "Download HTML"]
    markdown, csv = (code.value for code in page.code[:2])
    assert "At 96 tokens" in markdown and "| tokens N |" in markdown and "torch 2" in markdown
    assert csv.startswith("tokens N,window W,contender,")
    assert len(page.metric) == 4
    assert not button(page, "Time it again").disabled


def fake_sweep(plan, reading):
    """A timing of the whole plan in no time: the window is 13 times as fast, full 1.5 times."""
    speeds = {"sdpa_full": 1.0, "sdpa_mask": 0.5, "same_full": 1.5, "band_numba": 13.0}
    points = tuple(
        point(name, *size, *(size.seq_len / speed,) * 3, readings=(reading,) * 3)
        for size in plan.sizes
        for name, speed in speeds.items()
    )
    yield Progress(Step("finished", share=1.0), len(plan.sizes) - 1, points)


def drawn(page):
    """What the picture is told to show: its title, its caption and its lines."""
    sent = [each.proto.json for each in page.get("bidi_component")]
    (lab,) = [json.loads(text) for text in sent if '"knobs"' in text]
    return lab["extra"]


def lines(page):
    """The lines of the picture, by their labels."""
    return {line["label"]: line for line in drawn(page)["lines"]["lines"]}


def timed_page(monkeypatch, reading=None, **values):
    reading = reading or Reading(10.0)
    monkeypatch.setattr(speed_panel, "run_sweep", lambda plan: fake_sweep(plan, reading))
    page = open_page(**values)
    button(page, "Time it here").click().run()
    assert not page.exception
    return page


def test_a_busy_server_is_told_instead_of_an_answer(monkeypatch):
    page = timed_page(monkeypatch, Reading(10.0, share=0.4))
    assert "The server is busy" in page.warning[0].value and "60%" in page.warning[0].value
    assert not page.info and not page.metric
    assert button(page, "Time it again")
    assert set(page.dataframe[0].value["note"]) == {"disturbed, not to be trusted"}
    assert all(lines(page)["our kernel, window"]["hollow"])


def test_a_quiet_server_gives_answer_numbers_and_a_line_for_each_rival(monkeypatch):
    page = timed_page(monkeypatch)
    assert "13.0 times faster than the best full attention" in page.info[0].value
    assert [metric.value for metric in page.metric] == ["13×", "8.7×", "0.50×", "256 tokens"]
    assert not page.warning
    drawn_lines = lines(page)
    assert not any(any(line["hollow"]) for line in drawn_lines.values())
    assert set(drawn_lines) == {
        "what counting pairs allows the same kernel",
        "our kernel, window",
        "our kernel, full",
        "torch, full",
        "torch, full + band mask",
    }


def test_the_headline_of_a_disturbed_timing_says_from_which_points_it_is(monkeypatch):
    points = [*race_points(), replace(race_points()[0], readings=(Reading(99.0),) * 3)]
    monkeypatch.setattr(
        speed_panel,
        "run_sweep",
        lambda plan: [Progress(Step("finished"), 0, tuple(points))],
    )
    page = open_page()
    button(page, "Time it here").click().run()
    assert "1 of 13 points were disturbed" in page.warning[0].value
    assert page.info[0].value.endswith("Only points that were not disturbed count here.")


@pytest.mark.parametrize("shown", LESSON.knobs["show"].choices)
def test_the_picture_shows_what_is_chosen(monkeypatch, shown):
    page = timed_page(monkeypatch, show=shown)
    titles = {"memory": "MiB of one layer", "score pairs": "score pairs of one head"}
    titles |= {"milliseconds": "milliseconds of one call"}
    assert drawn(page)["lines"]["y"]["title"] == titles.get(shown, shown)


def test_the_processors_name_is_no_markup(monkeypatch):
    name = "<b>CPU</b> ![x](https://example.org/x.png) *a*"
    monkeypatch.setattr(speed_results, "machine", lambda device: name)
    shown = next(m.value for m in open_page().markdown if m.value.startswith("Here"))
    assert r"\<b\>" in shown and r"\!\[x\]\(" in shown and r"\*a\*" in shown


def test_the_device_that_is_named_is_the_one_that_is_timed(monkeypatch):
    asked, gpu = [], torch.device("cuda", 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"a card, {device}")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (2**40, 2**40))
    monkeypatch.setattr(speed_panel, "chosen_device", lambda: gpu)
    monkeypatch.setattr(speed_panel, "run_sweep", lambda plan: asked.append(plan) or iter(()))
    page = open_page()
    button(page, "Time it here").click().run()
    assert not page.exception
    assert [plan.race.device for plan in asked] == [gpu]
    assert "a card, cuda:1" in words(page).replace("\\", "")


def test_what_was_finished_stays_when_a_timing_is_stopped(tiny, believing, monkeypatch):
    real_sweep = speed_panel.run_sweep

    def stopping_sweep(plan):
        for step in real_sweep(plan):
            yield step
            if step.place == 1:
                raise RuntimeError("the visitor has gone")

    monkeypatch.setattr(speed_panel, "run_sweep", stopping_sweep)
    page = open_page()
    button(page, "Time it here").click().run()
    assert page.exception
    with TIMINGS.ticket() as place:
        assert place() == 0
    page.run()
    assert not page.exception
    assert "At 24 tokens" in words(page)
    assert "Stopped before the last 2 of 3 sizes." in words(page)


def test_a_second_visitor_waits_until_the_first_is_done(tiny, monkeypatch):
    first, places = TIMINGS.ticket(), []
    first.__enter__()
    before = Queue._before

    def watched(self, ticket, wait_s=0.0):
        place = before(self, ticket, min(wait_s, 0.01))
        places.append(place)
        if len(places) == 2:
            first.__exit__(None, None, None)
        return place

    monkeypatch.setattr(Queue, "_before", watched)
    page = open_page()
    button(page, "Time it here").click().run()
    assert places == [1, 1, 0]
    assert not page.exception and len(page.dataframe[0].value) == 12
