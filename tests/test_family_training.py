"""Exporting and measuring the family: only whole rows count, and nothing is measured twice."""

import json
from dataclasses import replace

import pytest
import torch

from swa_viz.experiments.held_out import HELD_OUT
from swa_viz.experiments.window_family import READ_FAR_IN, READ_IN, WindowFamily
from training import family, family_card
from training.recipes import KINDS, MEMBER, RECIPES, member_name
from training.train import new_model


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Runs of a very small family: seed 0 finished, of seed 1 one member is not."""
    small = replace(MEMBER.config, vocab_size=512, d_model=16, d_ff=16, n_layers=1)
    tiny = {
        name: replace(recipe, config=replace(small, window_size=recipe.config.window_size))
        for name, recipe in RECIPES.items()
    }
    for module in (family, family_card):
        monkeypatch.setattr(module, "RECIPES", tiny)
        monkeypatch.setattr(module, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setattr(family, "FILE", tmp_path / "stored.json")
    text = "a b c d " * 260  # of tokens among the first 512: scores of all 4,096 take their time
    monkeypatch.setattr("swa_viz.experiments.window_family.held_out_text", lambda name: text)
    for seed in (0, 1):
        for kind in KINDS:
            recipe, run = tiny[member_name(kind, seed)], tmp_path / member_name(kind, seed)
            run.mkdir()
            step = recipe.n_steps - (seed == 1 and kind == "random")
            model = new_model(recipe).state_dict()
            torch.save({"model": model, "step": step}, run / "checkpoint.pt")
            (run / "loss.csv").write_text("20,train nats per token,6.0\n")
    return tmp_path


def test_a_seed_counts_when_its_five_members_are_finished(runs):
    assert family.finished_seeds(runs) == [0]
    last = runs / "family-random-seed1/checkpoint.pt"
    state = torch.load(last)
    torch.save({**state, "step": state["step"] + 1}, last)
    assert family.finished_seeds(runs) == [0, 1]


def test_what_is_finished_is_exported_measured_and_written_down(runs, monkeypatch):
    monkeypatch.setattr("sys.argv", ["family", "--runs", str(runs)])
    family.main()
    stored = WindowFamily(**json.loads((runs / "stored.json").read_text()))
    assert stored.conditions["seeds"] == [0]
    for kind in KINDS:
        assert set(stored.bits[kind]) == set(READ_IN)
        assert set(stored.by_position[kind]) == set(READ_FAR_IN[kind])
        folder = runs / "weights" / member_name(kind, 0)
        assert {path.name for path in folder.iterdir()} == {
            "README.md", "config.json", "loss.csv", "model.safetensors",
        }  # fmt: skip
        mean = stored.matrix()[kind]["8"].mean
        assert f"| 8 | {mean:.3f} |" in (folder / "README.md").read_text()
    measured = runs / "family-w8/measured.json"
    measured.write_text(measured.read_text().replace("0.", "1."))
    monkeypatch.setattr(family, "measure", lambda *_: pytest.fail("measured twice"))
    family.main()
    assert set(stored.bits["w8"]["full"]["0"]) == set(HELD_OUT)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("w8", "every layer reads only the last 8 tokens"),
        ("full", "| window in training | none: full attention in every layer |"),
        ("random", "drawn anew for every step: 1, 2, 4, 8, 16, 32, 64, 128 or full"),
    ],
)
def test_a_card_names_the_window_of_the_training(runs, kind, words, monkeypatch):
    name = member_name(kind, 0)
    family.export(runs / name, family.RECIPES[name])
    measured = {
        "bits": {"8": dict.fromkeys(HELD_OUT, 2.5)},
        "by_position": {"8": {text: [2.0] * 8 for text in HELD_OUT}},
    }
    card = family_card.family_card(name, measured)
    assert card.startswith(f"# {name}\n") and words in card
    assert "| 8 | 2.500 |" in card and "| 897 to 1024 | 2.000 |" in card
