"""Train the readers of handwritten digits, and measure what a square window costs them.

    python -m training.image      about 25 minutes

Every reader and seed leaves a file of its own in `build/image`, and is not trained again while that
is there.  The readers differ in what their layers read; those of one seed start from the same
numbers, where they are of the same depth, and learn from the same digits in the same order.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from joblib import Parallel, delayed
from safetensors.torch import save_file

from swa_viz.cost import score_pairs
from swa_viz.experiments.digits import (
    BUNDLED,
    N_HELD_OUT,
    READERS,
    SIDE,
    DigitReader,
    accuracy,
    chances,
    load_digits,
    load_reader,
    packed,
    reader_file,
    unpacked,
)
from swa_viz.experiments.stored_image import FILE
from swa_viz.reach import reachable
from swa_viz.shapes import Int, Tensor
from training.recipes import Recipe
from training.train import MATRIX_DECAY, MATRIX_RATE, OTHER_RATE, rate_factor, take_step

SEEDS = (0, 1, 2)
BATCH_SIZE, N_STEPS = 32, 1500
BUILD = Path("build/image")
DIGITS = 4  # of a share
N_EXAMPLES = 12


def new_optimisers(reader: DigitReader) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside blocks, AdamW for all else."""
    matrices = [w for w in reader.transformer.blocks.parameters() if w.ndim == 2]
    inside = {id(w) for w in matrices}
    others = [w for w in reader.parameters() if id(w) not in inside]
    return [
        torch.optim.Muon(matrices, lr=MATRIX_RATE, weight_decay=MATRIX_DECAY),
        torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def moved(greys: Int[Tensor, "batch 64"], random: torch.Generator) -> Int[Tensor, "batch 64"]:
    """The digits of a batch, all moved by at most one pixel: few digits are there to learn from."""
    down, right = torch.randint(0, 3, (2,), generator=random).tolist()
    framed = F.pad(greys.unflatten(1, (SIDE, SIDE)), (1, 1, 1, 1))
    return framed[:, down : down + SIDE, right : right + SIDE].flatten(1)


def train_reader(name: str, seed: int, n_steps: int = N_STEPS) -> DigitReader:
    """A reader after all its steps, rounded to eight bits, as it comes with the lab."""
    torch.manual_seed(seed)
    reader = DigitReader(READERS[name])
    recipe = Recipe(reader.transformer.config, seed, BATCH_SIZE, n_steps)
    greys, labels = (part[:-N_HELD_OUT] for part in load_digits())
    optimisers = new_optimisers(reader)
    for step in range(n_steps):
        random = recipe.random(step)
        chosen = torch.randint(len(greys), (BATCH_SIZE,), generator=random)
        F.cross_entropy(reader(moved(greys[chosen], random)), labels[chosen]).backward()
        take_step(optimisers, rate_factor(step, n_steps))
    return unpacked(packed(reader), READERS[name])


def run_file(name: str, seed: int) -> Path:
    """What a run leaves; one of other length is another run."""
    return BUILD / f"{name}-{N_STEPS}-steps-seed{seed}.json"


def measure(name: str, seed: int) -> None:
    """Train a reader and measure it, unless that was done; the parameters of seed 0 are kept."""
    path = run_file(name, seed)
    if path.exists():
        return
    torch.set_num_threads(1)
    reader = train_reader(name, seed)
    if seed == 0 and name in BUNDLED:
        reader_file(name).parent.mkdir(parents=True, exist_ok=True)
        save_file(packed(reader), reader_file(name))
        reader_file(name).chmod(0o644)  # safetensors writes it for its owner alone
    found = {"held_out": accuracy(reader), "learned": accuracy(reader, held_out=False)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({each: round(share, DIGITS) for each, share in found.items()}))
    print(f"{name}, seed {seed}: {found['held_out']:.1%} right", file=sys.stderr, flush=True)


def result_of(name: str) -> dict:
    """What was measured of a reader: its schedule, what that costs, and each seed's accuracy."""
    schedule, middle = READERS[name], SIDE // 2 * SIDE + SIDE // 2
    found = [json.loads(run_file(name, seed).read_text()) for seed in SEEDS]
    return {
        "name": name,
        "schedule": [pattern.to_plain() for pattern in schedule],
        "pairs": score_pairs(schedule, SIDE**2),
        "field": int(reachable(schedule, middle, SIDE**2)[0].sum()),
        "held_out": [each["held_out"] for each in found],
        "learned": [each["learned"] for each in found],
    }


def examples() -> list[dict]:
    """Some digits that were held out: of each one, and those on which readers of seed 0 differ."""
    greys, labels = (part[-N_HELD_OUT:] for part in load_digits())
    of_readers = torch.stack([chances(load_reader(name), greys) for name in BUNDLED])
    truth = of_readers[:, torch.arange(len(labels)), labels]
    differs = (truth[1:].max(dim=0).values - truth[1:].min(dim=0).values).numpy()
    first = [int(np.flatnonzero(labels.numpy() == digit)[0]) for digit in range(10)]
    chosen = [*first, *(i for i in np.argsort(-differs).tolist() if i not in first)][:N_EXAMPLES]
    return [{"greys": greys[i].tolist(), "label": int(labels[i])} for i in chosen]


def main() -> None:
    """Train and measure all of them, and write down what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    jobs = parser.parse_args().jobs
    runs = [(name, seed) for seed in SEEDS for name in READERS]
    Parallel(n_jobs=jobs)(delayed(measure)(*run) for run in runs)
    stored = {
        "facts": {
            "n_learned": len(load_digits()[0]) - N_HELD_OUT,
            "n_held_out": N_HELD_OUT,
            "seeds": list(SEEDS),
            "n_steps": N_STEPS,
            "batch_size": BATCH_SIZE,
            "parameters": sum(w.numel() for w in DigitReader(READERS["window-3"]).parameters()),
            "torch": torch.__version__,
        },
        "readers": [result_of(name) for name in READERS],
        "shown": list(BUNDLED),
        "examples": examples(),
    }
    FILE.write_text(json.dumps(stored, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
