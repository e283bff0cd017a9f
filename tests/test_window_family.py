"""The window family: the stored numbers are those of the bundled members, and what is said holds.

Each statement below holds for every seed, or it is not made.
"""

import math
from statistics import fmean

import pytest
import torch

from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.perplexity import bits_per_byte, overlapping_stretches
from swa_viz.experiments.window_family import (
    LONG,
    READ_FAR_IN,
    READ_IN,
    STEP,
    Spread,
    WindowFamily,
    in_all_layers,
    measured_bits,
    measured_by_position,
    window_family,
)
from swa_viz.models import load_model
from swa_viz.models.table import WEIGHTS
from training.recipes import FAMILY_WINDOWS, KINDS, MEMBER, RECIPES, member_name

STORED = window_family()
SEEDS = [str(seed) for seed in STORED.conditions["seeds"]]
OWN = {"w8": "8", "w32": "32", "w128": "128", "full": "full"}
SHORTEST = min(HELD_OUT, key=lambda name: len(held_out_text(name)))
ROUNDED = 6e-5  # four digits after the point, and another processor's last bits


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_number_is_that_of_the_bundled_member(kind):
    model = load_model(member_name(kind, seed=0))
    read_in = {"full": "32"}.get(kind, "full")
    stored = STORED.bits[kind][read_in]["0"][SHORTEST]
    assert measured_bits(model, read_in, SHORTEST) == pytest.approx(stored, abs=ROUNDED)


def test_a_stored_curve_is_that_of_the_bundled_member():
    model, read_in = load_model("family-full"), "full"
    rows = overlapping_stretches(model, held_out_text(SHORTEST), LONG, STEP)
    schedule = in_all_layers(model, read_in)
    first = bits_per_byte(model, rows[:, : STEP + 1], schedule)
    assert first == pytest.approx(STORED.by_position["full"]["full"]["0"][SHORTEST][0], abs=ROUNDED)


def test_the_curve_is_the_mean_over_its_positions(monkeypatch):
    model = load_model("family-w8")
    text = held_out_text(SHORTEST)[:4900]
    monkeypatch.setattr("swa_viz.experiments.window_family.held_out_text", lambda name: text)
    curve = measured_by_position(model, "8", SHORTEST)
    rows = overlapping_stretches(model, text, LONG, STEP)
    assert len(rows) > 1 and torch.equal(rows[1, :-STEP], rows[0, STEP:])
    bits, n_bytes = 0, 0
    for row in rows[:, : 2 * STEP + 1]:
        logits = model.logits(row[:-1], in_all_layers(model, "8"), kernel="dense").double()
        nats = -logits.log_softmax(-1)[range(128, 256), row[129:257]].sum().item()
        bits += nats / math.log(2)
        n_bytes += sum(len(model.tokenizer.token_bytes(token)) for token in row[129:257].tolist())
    assert curve[1] == pytest.approx(bits / n_bytes, rel=1e-4)


def test_every_pair_of_every_seed_is_stored():
    seeds = {str(seed) for seed in STORED.conditions["seeds"]}
    assert "0" in seeds and set(STORED.bits) == set(STORED.by_position) == set(KINDS)
    for kind in KINDS:
        assert set(STORED.bits[kind]) == set(READ_IN)
        assert set(STORED.by_position[kind]) == set(READ_FAR_IN[kind])
        for row in (*STORED.bits[kind].values(), *STORED.by_position[kind].values()):
            assert set(row) == seeds
            assert all(set(texts) == set(HELD_OUT) for texts in row.values())


def test_the_conditions_are_those_of_the_recipe():
    conditions, config = STORED.conditions, MEMBER.config
    assert conditions["n_steps"] == MEMBER.n_steps
    assert conditions["tokens_read_in_training"] == (
        MEMBER.n_steps * MEMBER.batch_size * config.trained_len
    )
    assert conditions["held_out_bytes"] == sum(len(held_out_text(t).encode()) for t in HELD_OUT)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bundled_member_is_what_its_recipe_says(kind):
    name = member_name(kind, seed=0)
    model = load_model(name)
    assert model.config == RECIPES[name].config
    assert model.config.window_size == FAMILY_WINDOWS.get(kind)
    card = (WEIGHTS / name / "README.md").read_text()
    for read_in, row in STORED.bits[kind].items():
        assert f"| {read_in} | {fmean(row['0'].values()):.3f} |" in card


def test_a_matrix_of_two_seeds_is_worked_out_by_hand():
    row = {"8": {"0": {"a": 1.0, "b": 2.0}, "1": {"a": 3.0, "b": 4.0}}}
    curve = {
        "8": {"0": {"a": [1.0, 5.0], "b": [2.0, 6.0]}, "1": {"a": [3.0, 7.0], "b": [4.0, 8.0]}}
    }
    family = WindowFamily({}, {"w8": row}, {"w8": curve})
    assert family.matrix() == {"w8": {"8": Spread(mean=2.5, lowest=1.5, highest=3.5)}}
    assert family.curve("w8", "8") == [Spread(2.5, 1.5, 3.5), Spread(6.5, 5.5, 7.5)]
    assert family.positions() == [128, 256, 384, 512, 640, 768, 896, 1024]


# What the pages say of the family.


def bits(trained_in, read_in, seed):
    """The mean over the texts."""
    return fmean(STORED.bits[trained_in][read_in][seed].values())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", FAMILY_WINDOWS)
def test_a_member_reads_best_in_the_window_that_it_was_trained_in(kind, seed):
    own = bits(kind, OWN[kind], seed)
    assert own < min(bits(kind, read_in, seed) for read_in in READ_IN) + 0.002
    if kind != "full":
        assert bits(kind, "full", seed) > own + 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_short_window_the_one_trained_in_it_is_the_best_of_the_four(seed):
    ranked = sorted(FAMILY_WINDOWS, key=lambda kind: bits(kind, "8", seed))
    assert ranked[0] == "w8"
    assert sorted(FAMILY_WINDOWS, key=lambda kind: bits(kind, "32", seed))[0] == "w32"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_one_trained_in_windows_of_all_sizes_is_good_everywhere_and_best_in_the_shortest(seed):
    worst = {
        kind: max(bits(kind, read_in, seed) for read_in in READ_IN if read_in != "1")
        for kind in KINDS
    }
    assert min(worst, key=worst.get) == "random"
    assert all(bits("random", "1", seed) < bits(kind, "1", seed) - 0.05 for kind in FAMILY_WINDOWS)


def curve(trained_in, read_in, seed):
    """The mean over the texts, position by position."""
    texts = STORED.by_position[trained_in][read_in][seed].values()
    return [fmean(values) for values in zip(*texts, strict=True)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", FAMILY_WINDOWS)
def test_windows_read_on_for_ever_and_full_attention_does_not(kind, seed):
    windowed = curve(kind, "128" if kind == "full" else OWN[kind], seed)[1:]
    assert max(windowed) - min(windowed) < 0.02
    full = curve(kind, "full", seed)
    assert full[-1] > full[0] + 0.1
