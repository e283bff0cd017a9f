"""The probe's cliff: right as far as any path leads, and a guess from the next token on."""

from dataclasses import replace

import pytest
import torch

from swa_viz.experiments.first_token import (
    N_ASKED,
    N_NAMES,
    accuracy_by_distance,
    first_token_results,
    load_probe,
    probe_config,
    sample_texts,
)
from training.first_token import PAIRS, SEEDS, train_probe
from training.recipes import Recipe

CHANCE = 1 / N_NAMES
# Four times the spread of a guess over so many texts.
MARGIN = 4 * (CHANCE * (1 - CHANCE) / N_ASKED) ** 0.5


def named(result):
    """How a test names a probe."""
    return f"L={result.n_layers} W={result.window_size} seed={result.seed}"


@pytest.mark.parametrize("result", first_token_results(), ids=named)
def test_a_probe_knows_the_name_up_to_its_reach_and_guesses_beyond_it(result):
    known, guessed = result.accuracy[: result.ceiling + 1], result.accuracy[result.ceiling + 1 :]
    assert min(known) > 0.99
    assert guessed and max(guessed) < CHANCE + MARGIN


def test_all_pairs_and_seeds_are_stored():
    found = [((r.n_layers, r.window_size), r.seed) for r in first_token_results()]
    assert found == [(pair, seed) for pair in PAIRS for seed in SEEDS]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_stored_result_is_that_of_the_bundled_probe(pair):
    (stored,) = (
        result
        for result in first_token_results()
        if (result.n_layers, result.window_size) == pair and result.seed == 0
    )
    assert accuracy_by_distance(load_probe(*pair)) == pytest.approx(stored.accuracy, abs=0.005)


def test_beyond_the_reach_the_name_changes_no_bit():
    probe = load_probe(4, 8)
    texts = sample_texts(1, probe.config.trained_len, torch.Generator().manual_seed(3))
    renamed = texts.clone()
    renamed[0, 0] = (texts[0, 0] + 1) % N_NAMES
    with torch.inference_mode():
        moved = (probe(texts) != probe(renamed)).any(dim=-1)[0]
    assert moved.tolist() == [True] * 29 + [False] * (len(moved) - 29)


def test_a_text_is_a_name_and_filler():
    texts = sample_texts(500, 9, torch.Generator().manual_seed(0))
    assert texts.shape == (500, 9)
    assert set(texts[:, 0].tolist()) == set(range(N_NAMES))
    assert set(texts[:, 1:].flatten().tolist()) == set(range(N_NAMES, 2 * N_NAMES))


def test_an_untrained_probe_guesses():
    recipe = Recipe(probe_config(1, 2), seed=5, batch_size=4, n_steps=0)
    assert max(accuracy_by_distance(train_probe(recipe))[1:]) < CHANCE + MARGIN


def test_training_is_the_same_for_the_same_seed_and_learns():
    recipe = Recipe(probe_config(1, 3), seed=5, batch_size=64, n_steps=40)
    short = replace(recipe, n_steps=3)
    first, again = train_probe(short), train_probe(short)
    for name, weight in first.state_dict().items():
        assert torch.equal(weight, again.state_dict()[name])
    accuracy = accuracy_by_distance(train_probe(recipe))
    assert min(accuracy[:3]) > 0.5 and max(accuracy[3:]) < CHANCE + MARGIN
