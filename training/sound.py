"""Train the models that name the digit in each frame of a sound, and measure them.

    python -m training.sound      a minute a model on one core; goes on where it was stopped

Two kinds of windows, three seeds each: the recordings, the first parameters of a seed, the order of
what is read and the sizes of windows are the same for both.  Each batch is read in a window of a
size drawn at random, so that a model can be asked at every size.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from shutil import copy

import torch
import torch.nn.functional as F
from joblib import Parallel, delayed
from safetensors.torch import load_file

from swa_viz.experiments.sound import (
    FRAME_MS,
    KINDS,
    N_BANDS,
    RADII,
    WEIGHTS,
    FrameModel,
    frame_config,
    load_frame_model,
    model_file,
    schedule_of,
    shares_right,
    shown_clips,
    waits_ms,
)
from swa_viz.experiments.stored_sound import FILE, names_given
from swa_viz.shapes import Int, Tensor
from training.recipes import Recipe
from training.sound_data import BUILT, SETS, make_sets
from training.train import new_optimisers, rate_factor, save_halves, start_small, take_step

SEEDS = (0, 1, 2)
BATCH_SIZE, N_STEPS = 4, 600
REPORT_EVERY = 50
DIGITS = 4


@dataclass(frozen=True)
class Clips:
    """Recordings in frames, and what is said in each frame."""

    frames: Int[Tensor, "n_clips n_frames n_bands"]
    labels: Int[Tensor, "n_clips n_frames"]

    @classmethod
    def from_file(cls, path: Path) -> "Clips":
        """A set that `training.sound_data` has made."""
        stored = load_file(path)
        return cls(stored["frames"], stored["labels"].long())


def train(clips: Clips, kind: str, seed: int, n_steps: int = N_STEPS) -> FrameModel:
    """A model after all its steps, rounded to 16 bits."""
    recipe = Recipe(frame_config(), seed, BATCH_SIZE, n_steps)
    torch.manual_seed(seed)
    model = FrameModel(recipe.config)
    start_small(model)
    optimisers = new_optimisers(model)
    for step in range(n_steps):
        random = recipe.random(step)
        chosen = torch.randint(len(clips.frames), (BATCH_SIZE,), generator=random)
        radius = RADII[int(torch.randint(len(RADII), (), generator=random))]
        logits = model(clips.frames[chosen], schedule_of(kind, radius))
        loss = F.cross_entropy(logits.flatten(0, 1), clips.labels[chosen].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        take_step(optimisers, rate_factor(step, n_steps))
        if step % REPORT_EVERY == 0:
            print(f"{kind}, seed {seed}, step {step}/{n_steps}, radius {radius}: "
                  f"loss {loss.item():.2f}", file=sys.stderr)  # fmt: skip
    return model.half().float().eval()


def run_one(kind: str, seed: int) -> None:
    """Train and measure one model, unless that has been done."""
    torch.set_num_threads(1)
    result = BUILT / f"{kind}-seed-{seed}.json"
    if result.exists():
        return
    model = train(Clips.from_file(BUILT / "learned.safetensors"), kind, seed)
    held_out = Clips.from_file(BUILT / "held_out.safetensors")
    right = [
        round(shares_right(model, schedule_of(kind, r), held_out.frames, held_out.labels), DIGITS)
        for r in RADII
    ]
    save_halves(model, BUILT / f"{kind}-seed-{seed}.safetensors")
    result.write_text(json.dumps({"right": right}), "utf-8")
    print(f"{kind}, seed {seed}: {right}", file=sys.stderr)


def how_measured() -> dict:
    """The facts of the measurement."""
    sizes = {name: len(Clips.from_file(BUILT / f"{name}.safetensors").frames) for name in SETS}
    return {
        **sizes,
        "seeds": len(SEEDS),
        "steps": N_STEPS,
        "n_layers": frame_config().n_layers,
        "n_bands": N_BANDS,
        "frame_ms": FRAME_MS,
        "parameters": sum(each.numel() for each in FrameModel(frame_config()).parameters()),
        "torch": torch.__version__,
    }


def collect() -> None:
    """Put the results together, and keep the models of the first seed for the lab."""
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        copy(BUILT / f"{kind}-seed-{SEEDS[0]}.safetensors", model_file(kind))
        model_file(kind).chmod(0o644)  # safetensors writes it for its owner alone
    models = {kind: load_frame_model(kind) for kind in KINDS}
    results = {
        kind: [json.loads((BUILT / f"{kind}-seed-{seed}.json").read_text()) for seed in SEEDS]
        for kind in KINDS
    }
    kept = {
        "how": how_measured(),
        "radii": list(RADII),
        "right": {kind: [each["right"] for each in results[kind]] for kind in KINDS},
        "waits_ms": {kind: [waits_ms(schedule_of(kind, r)) for r in RADII] for kind in KINDS},
        "named": {
            clip: {kind: names_given(model, kind, clip) for kind, model in models.items()}
            for clip in shown_clips()
        },
    }
    FILE.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def main() -> None:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    jobs = parser.parse_args().jobs
    make_sets(jobs)
    runs = product(SEEDS, KINDS)
    Parallel(jobs)(delayed(run_one)(kind, seed) for seed, kind in runs)
    collect()


if __name__ == "__main__":
    main()
