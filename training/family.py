"""Export and measure the window family, and write down what was measured.

    python -m training.family --runs build/family

It takes the members whose training is finished, seed by seed, and measures each on the very file
that it writes.  What is measured already is not measured again.  The members of seed 0 come with
the lab; of the others only their numbers do.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch

from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.window_family import (
    FILE,
    READ_FAR_IN,
    READ_IN,
    measured_bits,
    measured_by_position,
)
from swa_viz.models import LanguageModel, load_folder
from swa_viz.models.table import WEIGHTS
from training.export import write_model
from training.family_card import family_card
from training.recipes import FAMILY_SEEDS, KINDS, MEMBER, RECIPES, Recipe, member_name

VOCABULARY = WEIGHTS / "tiny-swa"
DIGITS = 4


def finished(run: Path, recipe: Recipe) -> bool:
    """Whether the training came to its last step."""
    path = run / "checkpoint.pt"
    return path.exists() and torch.load(path, map_location="cpu")["step"] == recipe.n_steps


def finished_seeds(runs: Path) -> list[int]:
    """The seeds of which all five members are finished, so that every row has the same seeds."""
    names = {seed: [member_name(kind, seed) for kind in KINDS] for seed in FAMILY_SEEDS}
    return [
        seed
        for seed, members in names.items()
        if all(finished(runs / name, RECIPES[name]) for name in members)
    ]


def export(run: Path, recipe: Recipe) -> Path:
    """The folder of the member: with the lab for seed 0, else beside its run."""
    folder = run / "model" if recipe.seed else WEIGHTS / run.name
    weights = torch.load(run / "checkpoint.pt", map_location="cpu")["model"]
    write_model(recipe.config, weights, folder)
    shutil.copyfile(run / "loss.csv", folder / "loss.csv")
    return folder


def measure(model: LanguageModel, kind: str) -> dict:
    """All that is measured on one member, in plain data: of each pattern, every text."""
    bits, by_position = {}, {}
    for read_in in READ_IN:
        bits[read_in] = {
            text: round(measured_bits(model, read_in, text), DIGITS) for text in HELD_OUT
        }
    for read_in in READ_FAR_IN[kind]:
        by_position[read_in] = {
            text: [round(bits, DIGITS) for bits in measured_by_position(model, read_in, text)]
            for text in HELD_OUT
        }
    return {"bits": bits, "by_position": by_position}


def measured_once(kind: str, seed: int, runs: Path) -> dict:
    """What was measured on a member, now or before."""
    run = runs / member_name(kind, seed)
    file = run / "measured.json"
    if not file.exists():
        folder = export(run, RECIPES[run.name])
        file.write_text(
            json.dumps(measure(load_folder(folder, run.name, vocabulary=VOCABULARY), kind))
        )
        print(f"{run.name}: measured", flush=True)
    return json.loads(file.read_text())


def by_seed(members: dict[str, dict[int, dict]], part: str) -> dict:
    """One part of what was measured: part[trained_in][read_in][seed].

    >>> by_seed({"w8": {0: {"bits": {"full": 2.5}}, 1: {"bits": {"full": 2.6}}}}, "bits")
    {'w8': {'full': {0: 2.5, 1: 2.6}}}
    """
    return {
        kind: {
            read_in: {seed: measured[part][read_in] for seed, measured in seeds.items()}
            for read_in in next(iter(seeds.values()))[part]
        }
        for kind, seeds in members.items()
    }


def conditions(seeds: list[int]) -> dict:
    """How the family was trained and measured."""
    config, n_texts = MEMBER.config, MEMBER.n_steps * MEMBER.batch_size
    return {
        "seeds": seeds,
        "texts": list(HELD_OUT),
        "n_layers": config.n_layers,
        "d_model": config.d_model,
        "n_steps": MEMBER.n_steps,
        "texts_per_step": MEMBER.batch_size,
        "trained_len": config.trained_len,
        "tokens_read_in_training": n_texts * config.trained_len,
        "held_out_bytes": sum(len(held_out_text(name).encode()) for name in HELD_OUT),
    }


def main() -> None:
    """Export and measure what is finished, and write the stored file and the cards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True)
    runs = parser.parse_args().runs
    seeds = finished_seeds(runs)
    members = {kind: {seed: measured_once(kind, seed, runs) for seed in seeds} for kind in KINDS}
    stored = {"conditions": conditions(seeds)}
    stored |= {part: by_seed(members, part) for part in ("bits", "by_position")}
    FILE.write_text(json.dumps(stored, indent=1) + "\n")
    for kind in KINDS:
        name = member_name(kind, seed=0)
        (WEIGHTS / name / "README.md").write_text(family_card(name, members[kind][0]))
    print(f"seeds {', '.join(map(str, seeds))}: measured in {FILE}")


if __name__ == "__main__":
    main()
