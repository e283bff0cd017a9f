"""The choose page: a measurement in the background, and stored numbers that are measured again."""

import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from swa_viz.experiments import own_plan as plans
from swa_viz.experiments.choice import as_plain, choose, options_of
from swa_viz.experiments.choice_words import sentences
from swa_viz.experiments.own_plan import own_plan
from swa_viz.experiments.points import FULL, QUALITIES, SCHEDULES
from swa_viz.experiments.stored_choice import MODELS_READ, stored, stored_points
from swa_viz.experiments.sweep import loaded, measure
from swa_viz.lessons import LESSONS
from swa_viz.models import load_model, offered_models
from swa_viz.timing.queue import Queue
from swa_viz.ui import sweep_job
from swa_viz.ui.choose_panel import own_data, said_of
from swa_viz.ui.sweep_job import Means, SweepJob
from swa_viz.web.bundle import as_function, in_order
from swa_viz.web.knobs import knob_payload

MODEL = load_model("tiny-swa")
TEXT = "The cat sat on the mat and looked at the moon. " * 12
PLAN = own_plan(MODEL, TEXT, "4 8", ["windows"])
STORED = stored()
SOON_S = 60


def means(folder, *, runs: Queue | None = None, is_here=lambda: True) -> Means:
    return Means(MODEL, folder, runs or Queue(), is_here)


def finished(job: SweepJob) -> SweepJob:
    assert job.wait(SOON_S), "the job did not end"
    return job


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sweep_job, "LOOK_AGAIN_S", 0.01)


@contextmanager
def slow(monkeypatch):
    """While this is open, each point waits to be let go; gives what lets one go."""
    gate, is_over, real = threading.Semaphore(0), threading.Event(), sweep_job.measure_and_keep

    def measured(*given):
        assert is_over.is_set() or gate.acquire(timeout=SOON_S)
        return real(*given)

    monkeypatch.setattr(sweep_job, "measure_and_keep", measured)
    yield gate.release
    is_over.set()
    gate.release()


def until(condition) -> None:
    end = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


# What is asked for.


def test_a_plan_begins_with_the_way_that_all_are_compared_with():
    first, *others = PLAN.points
    assert PLAN.reference == ("windows", 32) == (first.schedule, first.window_size)
    assert [(each.schedule, each.window_size) for each in others] == [
        (FULL, None),
        ("windows", 4),
        ("windows", 8),
    ]
    assert {(each.n_tokens, each.n_stretches) for each in PLAN.points} == {
        plans.stretch_sizes(MODEL, TEXT)
    }


def test_a_schedule_of_one_s_own_is_one_more_point():
    own = ("w4wf", 8)
    plan = own_plan(MODEL, TEXT, "4", [], own)
    assert [(each.schedule, each.window_size) for each in plan.points] == [
        ("windows", 32),
        (FULL, None),
        own,
    ]
    with pytest.raises(ValueError, match="There are 7 layers in this, and the model has 6."):
        own_plan(MODEL, TEXT, "4", [], ("wwwwwwf", 8))


def edited(**values) -> dict:
    return {"schedule": "", "window": 32, **values}


ROWS = {"windows": "w", "1:1": "wf", "3:1": "wwwf", "5:1": "wwwwwf"}


@pytest.mark.parametrize("name", MODELS_READ)
def test_one_s_own_schedule_costs_in_the_browser_what_was_counted_when_it_was_measured(
    chromium_browser, name
):
    comparison = as_plain(STORED["text"][name])
    page = chromium_browser.new_page()
    modules = "".join(map(as_function, in_order("lessons/choose/yours.js")))
    ask = f"""([all, comparison, knob]) => {{ {modules}
      return all.map((values) => $lessons_choose_yours.yoursIn(values, comparison, knob)); }}"""
    knob = knob_payload(LESSONS["choose"].knobs_for({})["schedule"])
    stored_ones = [each for each in comparison["options"] if each["schedule"] in ROWS]
    values = [edited(schedule=ROWS[o["schedule"]], window=o["window"]) for o in stored_ones]
    found = page.evaluate(ask, [values, comparison, knob])
    for option, counted in zip(stored_ones, found, strict=True):
        costs = {"pairs": option["pairs"], "bytes": option["bytes"]}
        assert counted["yours"]["costs"] == costs and counted["yours"]["measured"] is None
    fixed, none, long = page.evaluate(
        ask, [[edited(schedule="w8f"), edited(), edited(schedule="w" * 31)], comparison, knob]
    )
    assert fixed["yours"]["way"] == ["w8f", None] and none == {"yours": None, "problem": ""}
    assert long["yours"] is None and "There are 31 layers in this" in long["problem"]
    page.close()


def test_windows_that_hide_nothing_are_left_out_in_a_sentence():
    plan = own_plan(MODEL, TEXT, "4 200 300", ["windows"])
    n_tokens = plan.points[0].n_tokens
    assert plan.left_out == f"W = 200, 300 hides nothing in stretches of {n_tokens} tokens."
    assert {each.window_size for each in plan.points} == {32, None, 4}


@pytest.mark.parametrize(
    ("text", "windows", "schedules", "sentence"),
    [
        (TEXT, "", ["windows"], "Name 1 to 8 windows"),
        (TEXT, "1 2 3 4 5 6 7 8 9", ["windows"], "Name 1 to 8 windows"),
        (TEXT, "8 eight", ["windows"], "whole numbers from 1 to 4,096"),
        (TEXT, "0", ["windows"], "whole numbers from 1 to 4,096"),
        (TEXT, "-4", ["windows"], "whole numbers from 1 to 4,096"),
        (TEXT, "4.5", ["windows"], "whole numbers from 1 to 4,096"),
        (TEXT, "٤", ["windows"], "whole numbers from 1 to 4,096"),
        (TEXT, "99999", ["windows"], "whole numbers from 1 to 4,096"),
        (TEXT, "1000", ["windows"], "these windows hide nothing"),
        (TEXT, "8", [], "Choose at least one schedule."),
        ("", "8", ["windows"], "it takes at least 68"),
        ("Too short.", "8", ["windows"], "Paste a longer one."),
    ],
)
def test_what_cannot_be_measured_gets_a_sentence(text, windows, schedules, sentence):
    with pytest.raises(ValueError, match=sentence):
        own_plan(MODEL, text, windows, schedules)


# The job in the background.


def test_a_job_measures_what_a_sweep_measures_and_keeps_it(tmp_path, monkeypatch):
    job = SweepJob("one", PLAN, means(tmp_path))
    job.start()
    results = finished(job).results
    assert list(results) == list(PLAN.points) and not job.problem
    point = PLAN.points[-1]
    assert results[point].bits == measure(point, MODEL).bits
    monkeypatch.setattr(sweep_job, "measure_and_keep", None)
    again = SweepJob("two", PLAN, means(tmp_path))
    again.start()
    assert finished(again).results == results and not again.problem


def test_the_lab_sees_the_points_as_they_come(tmp_path, monkeypatch):
    with slow(monkeypatch) as let_one_go:
        job = SweepJob("one", PLAN, means(tmp_path))
        job.start()
        assert own_data(job)["options"] == [] and own_data(job)["done"] == 0
        let_one_go()
        until(lambda: len(job.results) == 1)
        assert own_data(job)["options"] == [] and own_data(job)["done"] == 1
        let_one_go()
        until(lambda: len(job.results) == 2)
        assert [each["window"] for each in own_data(job)["options"]] == [32, None]
        assert said_of(job).startswith(f"2 of {len(PLAN.points)} ways to read are measured")
    assert len(own_data(finished(job))["options"]) == len(PLAN.points)


def test_stop_ends_a_job_and_keeps_what_it_has(tmp_path, monkeypatch):
    with slow(monkeypatch) as let_one_go:
        job = SweepJob("one", PLAN, means(tmp_path))
        job.start()
        let_one_go()
        until(lambda: len(job.results) == 1)
        job.stop()
        let_one_go()
        assert 1 <= len(finished(job).results) < len(PLAN.points) and not job.problem


def test_one_sweep_at_a_time_and_each_waits_for_its_turn(tmp_path, monkeypatch):
    with slow(monkeypatch):
        jobs = [SweepJob(f"{i}", PLAN, means(tmp_path / f"{i}")) for i in range(3)]
        jobs[0].start()
        until(lambda: jobs[0].is_over or (tmp_path / "0").exists())
        for place, job in enumerate(jobs[1:], start=1):
            job.start()
            until(lambda job=job, place=place: job.place == place)
        assert "1 other is before yours" in said_of(jobs[1])
        assert "2 others are before yours" in said_of(jobs[2])
        jobs[1].stop()
        assert not finished(jobs[1]).results
        until(lambda: jobs[2].place == 1)
    for job in (jobs[0], jobs[2]):
        assert len(finished(job).results) == len(PLAN.points) and job.place == 0


def test_a_run_of_another_visitor_goes_before_the_next_point(tmp_path):
    runs = Queue()
    with ExitStack() as other:
        other.enter_context(runs.ticket())
        job = SweepJob("one", PLAN, means(tmp_path, runs=runs))
        job.start()
        assert not job.wait(0.2) and not job.results
    assert len(finished(job).results) == len(PLAN.points)


def test_a_job_ends_with_the_page_that_asked_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep_job, "ABSENT_S", 0.0)
    job = SweepJob("one", PLAN, means(tmp_path, is_here=lambda: False))
    job.start()
    assert not finished(job).results and not job.problem


def test_what_stops_a_job_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    job = SweepJob("one", PLAN, means(tmp_path / "file"))
    job.start()
    assert finished(job).problem.startswith("The measurement has stopped: ")
    monkeypatch.setattr(sweep_job, "BUDGET_S", -1.0)
    late = SweepJob("two", PLAN, means(tmp_path))
    late.start()
    assert finished(late).problem.endswith("what is missing was left out.")
    monkeypatch.setattr(sweep_job, "JOBS", Queue(0))
    full = SweepJob("three", PLAN, means(tmp_path))
    full.start()
    assert "0 others are waiting" in finished(full).problem


# What is stored.


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("name", MODELS_READ)
def test_every_way_to_read_is_stored_for_every_text(name, quality):
    measured, points = STORED[quality][name], stored_points(quality, name)
    assert list(measured.results) == points
    ways = len(SCHEDULES) * len(MODELS_READ[name]["windows"]) + 1
    options = options_of(measured.results, measured.reference)
    assert len(options) == ways == len(as_plain(measured)["options"])
    assert all(option.margin is not None for option in options)


# A stretch of "needle" is three prompts.  Half-way is a window, and another text or question.
MEASURED_AGAIN = {"text": 3, "needle": 2}


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("name", MODELS_READ)
def test_a_stored_stretch_is_measured_again(name, quality):
    if name not in offered_models():
        pytest.skip(f"{name} is not on this machine")
    model, measured = loaded(name), STORED[quality][name]
    points, n_again = stored_points(quality, name), MEASURED_AGAIN[quality]
    for point in points[:: len(points) // n_again][:n_again]:
        again = measure(replace(point, n_stretches=1), model)
        kept = measured.results[point]
        assert again.bits[0] == pytest.approx(kept.bits[0], rel=1e-4)
        assert again.n_bytes[0] == kept.n_bytes[0]
        assert (again.n_pairs, again.kv_bytes) == (kept.n_pairs, kept.kv_bytes)


# The page.


def advised(name: str, cost: str, tolerance: float, quality: str = "text") -> list[str]:
    """What Python recommends from the stored results."""
    measured = STORED[quality][name]
    options = options_of(measured.results, measured.reference)
    choice = choose(options, measured.reference, cost, tolerance)
    how = measured.reference, cost, tolerance, QUALITIES[quality]
    return sentences(choice, options, *how)


def test_the_page_says_what_python_says(open_page):
    page: Page = open_page("choose")
    advice = page.locator('[data-view="advice"]')
    for sentence in advised("smollm2-135m", "pairs", 0.02):
        expect(advice).to_contain_text(sentence)
    page.get_by_role("radio", name="a hidden sentence").check(force=True)
    for sentence in advised("smollm2-135m", "pairs", 0.02, "needle"):
        expect(advice).to_contain_text(sentence)
    expect(advice).to_contain_text("asked for 3 hidden sentences at 3 distances")
    expect(advice).not_to_contain_text("knows no hidden sentence")
    page.get_by_role("radio", name="tiny-swa").check(force=True)
    expect(advice).to_contain_text("knows no hidden sentence, however it reads: a guess costs 1.58")
    page.get_by_role("radio", name="predicting text").check(force=True)
    page.get_by_role("radio", name="KV cache").check(force=True)
    for sentence in advised("tiny-swa", "bytes", 0.02):
        expect(advice).to_contain_text(sentence)
    rows = page.locator(".sorted tbody tr")
    expect(rows).to_have_count(len(SCHEDULES) * len(MODELS_READ["tiny-swa"]["windows"]) + 1)
    expect(page.locator(".sorted tr.taken")).to_contain_text("reference")


def test_a_visitor_measures_a_text_of_their_own(open_page):
    page: Page = open_page("choose?schedule=w4wf&window=8&measured=tiny-swa")
    own = page.locator(".own-schedule")
    expect(own).to_contain_text("W = 8 in your schedule L4LG reads")
    expect(own).to_contain_text("is not known yet: “Measure your own text”")
    page.get_by_test_id("stExpander").get_by_text("Measure your own text").click()
    text, windows = (page.get_by_role("textbox", name=each) for each in ("Your text", "Windows W"))
    text.fill("Too short <b>for</b> this.")
    page.get_by_role("button", name="Measure", exact=True).click()
    refused = page.locator('[data-testid="stAlert"]')
    expect(refused).to_contain_text("Paste a longer one.")
    expect(text).to_have_value("Too short <b>for</b> this.")
    text.fill(f"It is {time.time_ns()} now. " + TEXT)
    windows.fill("4 8")
    page.get_by_role("button", name="Measure", exact=True).click()
    advice = page.locator('[data-view="advice"]')
    expect(advice).to_contain_text("Measured on tiny-swa", timeout=SOON_S * 1000)
    expect(page.get_by_role("radio", name="your text")).to_be_checked()
    rows = page.locator(".sorted tbody tr")
    expect(rows).to_have_count(1 + 1 + 2 * 4 + 1, timeout=SOON_S * 1000)
    expect(rows.filter(has_text="W = 8 in your schedule L4LG")).to_have_count(1)
    expect(own).to_contain_text("It needs")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=SOON_S * 1000)
    page.get_by_role("radio", name="tiny-swa").check(force=True)
    expect(advice).to_contain_text("held-out texts")
