"""Every stored measurement can be made again: `training.experiments` knows by what."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from training.experiments import EXPERIMENTS, STORED, TIMED, run_all

# The window family has a command of its own, `make family`, because it takes hours.
ELSEWHERE = {"window_family.json"}


def test_every_stored_result_has_one_experiment_that_makes_it():
    made = [experiment.file for experiment in EXPERIMENTS.values()]
    assert len(set(made)) == len(made)
    stored = {*STORED.glob("*.json"), *TIMED.glob("*.json")} - {STORED / each for each in ELSEWHERE}
    assert stored <= set(made), f"add {stored - set(made)} to EXPERIMENTS"


def test_every_experiment_is_a_program_that_is_there():
    for experiment in EXPERIMENTS.values():
        spec = find_spec(experiment.module)
        assert spec is not None and "__main__" in open(spec.origin).read()


def test_it_says_what_there_is_and_what_it_does_not_know():
    def ask(*arguments):
        command = [sys.executable, "-m", "training.experiments", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    listed = ask("--list").stdout
    assert all(name in listed for name in EXPERIMENTS)
    wrong = ask("nonsense")
    assert wrong.returncode == 2 and "there is no experiment nonsense" in wrong.stderr


def test_one_that_fails_is_told_and_does_not_stop_the_others(monkeypatch, capfd):
    class Failing:
        minutes = 1
        timed = False

        def command(self, jobs):
            return [sys.executable, "-c", f"raise SystemExit({jobs})"]

    monkeypatch.setitem(EXPERIMENTS, "failing", Failing())
    assert run_all(["failing", "failing"], jobs=3) == 2
    assert capfd.readouterr().out.count("failed with exit status 3") == 2


def test_what_was_timed_stays_unless_it_is_forgotten(capfd):
    timed = [name for name, experiment in EXPERIMENTS.items() if experiment.timed]
    before = {name: EXPERIMENTS[name].file.read_bytes() for name in timed}
    assert timed and run_all(timed, jobs=1) == 0
    assert capfd.readouterr().out.count("is there; --anew times it again") == len(timed)
    assert before == {name: EXPERIMENTS[name].file.read_bytes() for name in timed}


@pytest.mark.parametrize("name", [n for n, e in EXPERIMENTS.items() if e.runs])
def test_trainings_may_run_side_by_side(name):
    assert EXPERIMENTS[name].command(2)[-2:] == ["--jobs", "2"]
