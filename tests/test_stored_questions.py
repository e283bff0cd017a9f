"""What is stored of the two questions of today, and of trained models, can be measured again."""

from itertools import islice

import pytest

from swa_viz.experiments.delay import stored_delay
from swa_viz.experiments.far_tasks import TASKS
from swa_viz.experiments.fix_models import load_fix
from swa_viz.experiments.sink_question import COMBINATIONS, mean_nats, stored_sink_question
from swa_viz.experiments.stored_needle import QUESTIONS
from swa_viz.experiments.stored_pretrained import (
    APPLIED,
    FAR,
    layers_of,
    right_share,
    stored_pretrained,
)
from swa_viz.models import load_model
from training.delay import watched


def test_every_run_of_the_delay_was_watched_at_every_step():
    stored = stored_delay()
    n_steps, n_seeds = len(stored["how"]["steps"]), len(stored["how"]["seeds"])
    assert {"w8", "w32", "w128"} <= set(stored["runs"]) and n_seeds >= 3
    for found in stored["runs"].values():
        for part in ("right", "on_source"):
            assert [len(seed) for seed in found[part]] == [n_steps] * n_seeds
            assert all(0 <= number <= 1 for seed in found[part] for number in seed)


def test_the_delay_begins_as_it_is_stored():
    found = stored_delay()["runs"]["w32"]
    right, on_source = zip(*islice(watched("w32", 0), 2), strict=True)
    assert right == pytest.approx(found["right"][0][:2], abs=0.07)
    assert on_source == pytest.approx(found["on_source"][0][:2], abs=2e-3)


def test_the_losses_of_the_sink_question_are_those_of_the_bundled_models():
    """Each task is asked of one of the two models that came with the lab."""
    stored = stored_sink_question()["runs"]
    assert set(stored) == set(COMBINATIONS)
    asked = {"recall": "full", "copy": "w8", "brackets": "w8"}
    assert set(asked) == set(TASKS)
    for task, name in asked.items():
        model = load_fix({"full": "full", "w8": "five_to_one"}[name]).transformer
        found = mean_nats(model, COMBINATIONS[name], TASKS[task])
        assert found == pytest.approx(stored[name]["nats"][task][0], abs=2e-3)


def test_a_trained_model_answers_as_it_is_stored():
    stored, model = stored_pretrained()["models"], load_model("tiny-swa")
    assert set(stored) == {"tiny-swa", "smollm2-135m"}
    assert all(set(APPLIED) <= set(read) for read in stored.values())
    for way in ("window", "full"):
        found = right_share(model, QUESTIONS["name"], FAR[0], layers_of(way, model.n_layers))
        assert found == pytest.approx(stored["tiny-swa"][way]["shares"]["name"][0], abs=1e-3)


def test_beyond_the_reach_of_all_layers_a_share_is_that_of_a_guess():
    shares = stored_pretrained()["models"]["tiny-swa"]["window"]["shares"]
    assert [share[1] for share in shares.values()] == pytest.approx([1 / 3] * 3, abs=1e-5)
