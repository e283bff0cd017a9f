"""What the speed page shows before a timing was made by the timing engine, and says where."""

import json
from dataclasses import replace

import pytest

from swa_viz.timing import stored
from swa_viz.timing.race import Step
from swa_viz.timing.rivals import race_for
from swa_viz.timing.stored import StoredRun, name_of, read_point, record, stored_run, write_runs
from swa_viz.timing.sweep import PRESETS, Progress, SweepPlan, sweep_over_tokens
from swa_viz.timing.timing import Size
from swa_viz.timing.yardstick import Reading
from tests.timed import point, race_points

RACE = race_for("forward pass")
PLAN = SweepPlan(tuple(Size(n, 64) for n in (1024, 2048, 4096)), 1, 60.0, RACE)
BUSY = [replace(each, readings=(Reading(10.0, share=0.3),) * 3) for each in race_points()]


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A file of its own for each test."""
    monkeypatch.setattr(stored, "FILE", tmp_path / "stored.json")
    return tmp_path / "stored.json"


def test_a_run_is_the_same_after_its_journey(file):
    points = (*race_points(), point("sdpa_mask", 8192, 64, note="left out: x"))
    write_runs({name_of(PLAN): StoredRun("a machine", points)})
    assert stored_run(PLAN) == StoredRun("a machine", points)
    (run,) = json.loads(file.read_text()).values()
    assert [read_point(plain) for plain in run["points"]] == list(points)


def test_a_run_of_other_sizes_or_contenders_or_without_an_answer_is_none():
    assert stored_run(PLAN) is None
    write_runs({name_of(PLAN): StoredRun("a machine", tuple(race_points()))})
    assert stored_run(replace(PLAN, sizes=PLAN.sizes[1:])) is None
    assert stored_run(replace(PLAN, race=race_for("training step"))) is None
    write_runs({name_of(PLAN): StoredRun("a machine", tuple(BUSY))})
    assert stored_run(PLAN) is None


def test_of_two_runs_the_less_disturbed_one_stays(monkeypatch):
    monkeypatch.setattr(stored, "plans", lambda names: [PLAN])
    for points, kept in ((BUSY, BUSY), (race_points(), race_points()), (BUSY, race_points())):
        steps = [Progress(Step("finished"), 0, tuple(points))]
        monkeypatch.setattr(stored, "run_sweep", lambda plan, steps=steps: steps)
        assert len(list(record(["phone-sized"]))) == 1
        assert stored.stored_runs()[name_of(PLAN)].points == tuple(kept)


def test_the_file_of_the_package_holds_the_sweeps_that_the_page_offers(monkeypatch):
    monkeypatch.undo()
    longest, window_size, repeats = PRESETS["phone-sized"]
    plan = sweep_over_tokens(longest, window_size, repeats, 45.0, RACE)
    run = stored.stored_runs()[name_of(plan)]
    assert {point.size for point in run.points} == set(plan.sizes)
    assert "threads on" in run.machine and "torch" in run.machine
