"""The speed page: nothing is timed unasked, and whatever ends a timing frees the queue."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from swa_viz.experiments.timing import QUEUE
from swa_viz.experiments.timing_plan import Size, SweepPlan
from swa_viz.settings import KNOBS, ChoiceKnob
from swa_viz.ui import speed_panel

PAGE = str(Path(__file__).parent.parent / "pages" / "speed.py")
TINY = SweepPlan((Size(24, 8), Size(48, 8), Size(96, 8)), repeats=1, budget_s=60.0)


def extreme(knob, end):
    if isinstance(knob, ChoiceKnob):
        return list(knob.choices)[end]
    return (knob.at_least, knob.at_most)[end]


def open_page(**values):
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.session_state["menu_was_run"] = True
    for name, value in values.items():
        page.query_params[name] = str(value)
    return page.run()


def button(page, label):
    return next(button for button in page.button if button.label == label)


def words(page):
    return " ".join(element.value for element in [*page.markdown, *page.info, *page.warning])


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(speed_panel, "sweep_over_tokens", lambda *asked: TINY)
    monkeypatch.setattr(speed_panel, "SETTLE_S", 0.0)


@pytest.mark.parametrize("end", [0, -1], ids=["first", "last"])
def test_every_knob_at_its_ends_comes_from_the_url(end):
    values = {name: extreme(knob, end) for name, knob in KNOBS["speed"].items()}
    page = open_page(**values | {"preset": "own"})
    assert not page.exception
    assert page.session_state["tokens"] == values["tokens"]
    assert page.session_state["repeats"] == values["repeats"]
    longest = f"{int(values['tokens']):,}"
    assert longest in words(page) and f"each {values['repeats']} times" in words(page)


def test_nonsense_in_the_url_gives_the_defaults():
    page = open_page(preset="<b>", sweep="7", tokens="-1", window="1e9", repeats="many")
    assert not page.exception
    assert page.session_state["preset"] == KNOBS["speed"]["preset"].default
    assert page.session_state["sweep"] == KNOBS["speed"]["sweep"].default


def test_nothing_is_timed_at_page_load(monkeypatch):
    def unasked(plan):
        raise AssertionError("timed unasked")

    monkeypatch.setattr(speed_panel, "run_sweep", unasked)
    page = open_page()
    assert not page.exception and not page.dataframe
    assert "About" in words(page) and "at most 30 seconds" in words(page)
    assert button(page, "Stop").disabled and not button(page, "Time it here").disabled
    assert len(page.get("plotly_chart")) == 2


def test_a_click_times_the_real_kernels_and_says_what_was_found(tiny):
    page = open_page()
    button(page, "Time it here").click().run()
    assert not page.exception
    assert "At 96 tokens a window of 8 is" in words(page)
    table = page.dataframe[0].value
    assert len(table) == 12 and set(table["note"]) == {""}
    assert [b.label for b in page.get("download_button")] == ["Download CSV"]
    assert not button(page, "Time it here").disabled


def test_what_was_finished_stays_when_a_timing_is_stopped(tiny, monkeypatch):
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
    with QUEUE.ticket() as place:
        assert place() == 0
    page.run()
    assert not page.exception
    assert "At 24 tokens" in words(page)
    assert "Stopped before the last 2 of 3 sizes." in words(page)


def test_a_second_visitor_waits_until_the_first_is_done(tiny, monkeypatch):
    first, waited = QUEUE.ticket(), []
    first.__enter__()

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) == 2:
            first.__exit__(None, None, None)

    clock = SimpleNamespace(sleep=sleep, perf_counter=time.perf_counter)
    monkeypatch.setattr(speed_panel, "time", clock)
    page = open_page()
    button(page, "Time it here").click().run()
    assert waited[:2] == [speed_panel.LOOK_AGAIN_S] * 2
    assert not page.exception and len(page.dataframe[0].value) == 12
