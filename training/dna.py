"""Train the models that read DNA, and measure them at every window.

    python -m training.dna      about five minutes a seed on one core; goes on where it was stopped

First the model reads stretches of the genome in full attention, most of them with a planted copy,
and short ones before long ones: that teaches it to look for what has been there before, which long
stretches alone did not.  A part stays as it is from the first step on, or the model expects copies
everywhere and unlearns them again.  Then each batch is read in a window drawn at random.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from shutil import copy

import torch
import torch.nn.functional as F
from joblib import Parallel, delayed

from swa_viz.experiments.dna import (
    COPY_WINDOWS,
    DISTANCES,
    FIRST_COUNTED,
    HELD_OUT_LENGTH,
    LENGTH,
    MOTIF,
    N_COPIES,
    PARAMETERS,
    RECOGNISED,
    WINDOWS,
    bits_per_base,
    copy_bits,
    dna_config,
    held_out_rows,
    load_dna_model,
    other_strand,
    schedule_of,
    with_copy,
)
from swa_viz.experiments.stored_dna import (
    COPIED,
    DISTANCE,
    FILE,
    FIRST_COPY,
    in_page,
    shown_stretches,
)
from swa_viz.models.transformer import Transformer
from swa_viz.shapes import Int, Tensor
from training.genome import FOLDER as BUILT
from training.genome import genome
from training.recipes import Recipe
from training.train import new_model, new_optimisers, rate_factor, save_halves, take_step

SEEDS = (0, 1, 2)
REPORT_EVERY = 50
SMALL_WINDOWS, LARGE_WINDOWS = (1, 2, 3, 4, 6, 8, 12, 16), (32, 64, 128)
DIGITS = 4


@dataclass(frozen=True)
class Stage:
    """So many steps of training on stretches of one length.

    With `copies` that share of the stretches has planted copies, and with `all_windows` each step
    has a window drawn at random; a small one, in which no copy can be seen, gets no copies.
    """

    steps: int
    length: int
    copies: float
    all_windows: bool = False


COURSE = (
    Stage(250, 64, 0.75),
    Stage(150, 128, 0.75),
    Stage(300, LENGTH, 0.75),
    Stage(1000, LENGTH, 0.75, all_windows=True),
)
Course = Sequence[Stage]
BASES_PER_STEP = 4096


def steps_of(course: Course) -> Iterator[Stage]:
    """The stage of every step."""
    return chain.from_iterable(repeat(stage, stage.steps) for stage in course)


def whole_number(low: int, high: int, random: torch.Generator) -> int:
    """Any of low .. high - 1."""
    return int(torch.randint(low, high, (), generator=random))


def stretches(
    bases: Int[Tensor, " n_bases"], n_rows: int, length: int, random: torch.Generator
) -> Int[Tensor, "n_rows length"]:
    """Stretches of the genome from random places, half of them from its other strand."""
    starts = torch.randint(len(bases) - length, (n_rows, 1), generator=random)
    rows = bases[starts + torch.arange(length)]
    return torch.where(torch.rand(n_rows, 1, generator=random) < 0.5, other_strand(rows), rows)


def repeating(row: Int[Tensor, " length"], random: torch.Generator) -> Int[Tensor, " length"]:
    """The first 8 or more bases of a row, over and over."""
    period = whole_number(8, len(row) // 2, random)
    return row[:period].repeat(len(row) // period + 1)[: len(row)]


def repeated_once(row: Int[Tensor, " length"], random: torch.Generator) -> Int[Tensor, " length"]:
    """A row in which 16 bases or more come once more, at a distance that leaves room for them."""
    length = whole_number(16, len(row) // 2 - 8, random)
    distance = whole_number(length, len(row) - length, random)
    return with_copy(
        row, whole_number(0, len(row) - length - distance + 1, random), length, distance
    )


def window_of(stage: Stage, random: torch.Generator) -> int | None:
    """The window of a step: small, large and full (None) about a third of the time each."""
    if not stage.all_windows:
        return None
    sizes = (SMALL_WINDOWS, LARGE_WINDOWS, (None,))[whole_number(0, 3, random)]
    return sizes[whole_number(0, len(sizes), random)]


def batch_of(
    bases: Int[Tensor, " n_bases"],
    stage: Stage,
    window: int | None,
    random: torch.Generator,
    n_bases: int = BASES_PER_STEP,
) -> Int[Tensor, "n_rows length"]:
    """What is read in a step: a base more than is predicted."""
    rows = stretches(bases, n_bases // stage.length, stage.length + 1, random)
    n_copies = 0 if window in SMALL_WINDOWS else int(stage.copies * len(rows))
    for i in range(n_copies):
        again = repeating if i % 2 else repeated_once
        rows[i] = again(rows[i], random)
    return rows


def train(
    bases: Int[Tensor, " n_bases"], seed: int, course: Course, n_bases: int = BASES_PER_STEP
) -> Transformer:
    """A model after all its steps of so many bases each, rounded to 16 bits."""
    stages = list(steps_of(course))
    recipe = Recipe(dna_config(), seed, 0, len(stages))
    model = new_model(recipe)
    optimisers = new_optimisers(model)
    for step, stage in enumerate(stages):
        window = window_of(stage, recipe.random(step, stream=1))
        rows = batch_of(bases, stage, window, recipe.random(step), n_bases)
        logits = model(rows[:, :-1], schedule_of(window, recipe.config.n_layers))
        loss = F.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        take_step(optimisers, rate_factor(step, len(stages)))
        if step % REPORT_EVERY == 0:
            print(f"seed {seed}, step {step}/{len(stages)}, W = {window}: "
                  f"{loss.item() / 0.6931:.3f} bits a base", file=sys.stderr)  # fmt: skip
    return model.half().float().eval()


def measured(model: Transformer) -> dict:
    """Bits per base at every window; bits of a second copy at some windows, by distance."""
    return {
        "bits": [round(bits_per_base(model, window), DIGITS) for window in WINDOWS],
        "copies": [
            [round(copy_bits(model, window, distance), DIGITS) for distance in DISTANCES]
            for window in COPY_WINDOWS
        ],
    }


def run_seed(seed: int, course: Course) -> None:
    """Train and measure one model, unless that has been done."""
    torch.set_num_threads(1)
    result = BUILT / f"seed-{seed}.json"
    if result.exists():
        return
    model = train(genome()[0], seed, course)
    save_halves(model, BUILT / f"seed-{seed}.safetensors")
    result.write_text(json.dumps(measured(model)), "utf-8")


def how_measured() -> dict:
    """The facts of the measurement."""
    n_steps, learned = sum(stage.steps for stage in COURSE), genome()[0]
    return {
        "genome": "Escherichia coli 536 (NC_008253.1)",
        "learned": len(learned),
        "held_out": HELD_OUT_LENGTH,
        "counted": held_out_rows()[:, FIRST_COUNTED:].numel(),
        "seeds": len(SEEDS),
        "steps": n_steps,
        "bases_read": n_steps * BASES_PER_STEP,
        "n_layers": dna_config().n_layers,
        "parameters": sum(each.numel() for each in Transformer(dna_config()).parameters()),
        "copies": N_COPIES,
        "motif": MOTIF,
        "recognised": RECOGNISED,
        "first_copy": FIRST_COPY,
        "copied": COPIED,
        "distance": DISTANCE,
        "torch": torch.__version__,
    }


def collect() -> None:
    """Put the results together, and keep the model of the first seed for the lab."""
    PARAMETERS.parent.mkdir(parents=True, exist_ok=True)
    copy(BUILT / f"seed-{SEEDS[0]}.safetensors", PARAMETERS)
    PARAMETERS.chmod(0o644)  # safetensors writes it for its owner alone
    model = load_dna_model()
    results = [json.loads((BUILT / f"seed-{seed}.json").read_text("utf-8")) for seed in SEEDS]
    kept = {
        "how": how_measured(),
        "windows": list(WINDOWS),
        "bits": [each["bits"] for each in results],
        "copy_windows": list(COPY_WINDOWS),
        "distances": list(DISTANCES),
        "copies": [each["copies"] for each in results],
        "shown": {name: in_page(model, bases) for name, bases in shown_stretches().items()},
    }
    FILE.write_text(json.dumps(kept) + "\n", "utf-8")


def main() -> None:
    """Train what is missing, and put the results together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    genome()
    Parallel(arguments.jobs)(delayed(run_seed)(seed, COURSE) for seed in SEEDS)
    collect()


if __name__ == "__main__":
    main()
