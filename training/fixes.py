"""Train a small model for each entry of `swa_viz/experiments/fixes.py`, and see how far it reads.

    python -m training.fixes --jobs 2        about a minute and a half per model and seed

Each run leaves a folder in build/fixes and is skipped when that is there, so an interrupted command
goes on where it was.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from joblib import Parallel, delayed
from safetensors.torch import load_file

from swa_viz.experiments import stored_fixes
from swa_viz.experiments.far_tasks import TASKS, Puzzles, texts_at, texts_to_learn_from
from swa_viz.experiments.fix_models import FOLDER as BUNDLED
from swa_viz.experiments.fixes import (
    FIXES,
    Asked,
    Fix,
    accuracies,
    asked_in,
    new_fix_model,
)
from swa_viz.experiments.learned_spans import (
    price_of,
    rounded_accuracies,
    schedule_asked,
    span_blocks,
    spans_of,
)
from swa_viz.models.transformer import Transformer
from training.train import new_optimisers, rate_factor, save_halves, start_small, take_step

FOLDER = Path("build/fixes")
SEEDS = (0, 1, 2)
N_STEPS, N_PER_TASK = 600, 8
# Short texts first: looking up is learned sooner there, and then works at any distance.
SHORT_LEN, SHORT_PART, SHORT_TIMES = 32, 0.4, 2
MATRIX_RATE, OTHER_RATE, WARM_UP = 0.03, 6e-3, 30
WATCH_EVERY = 20
FAR = 64  # where the windows of one text are looked at


def warmed_factor(step: int, n_steps: int) -> float:
    """What both learning rates are multiplied by: up over the first steps, flat, and down to 0."""
    return min(1.0, (step + 1) / WARM_UP) * rate_factor(step, n_steps)


def move_model(
    model: Transformer, optimisers: Sequence[torch.optim.Optimizer], step: int, n_steps: int
) -> None:
    """Let both optimisers move the model down the gradients that it has."""
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    take_step(optimisers, warmed_factor(step, n_steps), (MATRIX_RATE, OTHER_RATE))
    for block in span_blocks(model):
        block.keep_spans_possible()


def loss_of(model: Transformer, fix: Fix, asked: Asked) -> torch.Tensor:
    """Mean nats per answer, and the price of the spans where heads have learned them.

    A text with many answers counts more than one with few, but only by the root of their number.
    """
    logits = model(asked.texts, fix.layers(), fix.kernel)
    nats = F.cross_entropy(logits[asked.asks], asked.answers, reduction="none")
    weights = asked.asks.sum(1, keepdim=True).rsqrt().expand(asked.asks.shape)[asked.asks]
    return (weights * nats).sum() / weights.sum() + fix.span_price * price_of(model)


def texts_of(seed: int, step: int, n_steps: int, n_per_task: int) -> Puzzles:
    """The texts of a step: short ones at first, then long ones."""
    drawn = seed * 1_000_003 + step
    if step < SHORT_PART * n_steps:
        return texts_to_learn_from(drawn, SHORT_TIMES * n_per_task, SHORT_LEN)
    return texts_to_learn_from(drawn, n_per_task)


def learn(fix: Fix, seed: int, n_steps: int, n_per_task: int) -> Iterator[tuple[int, Transformer]]:
    """Train a model step by step, and hand it out after each."""
    torch.manual_seed(seed)
    model = new_fix_model(fix)
    start_small(model)
    optimisers = new_optimisers(model)
    for step in range(n_steps):
        puzzles = texts_of(seed, step, n_steps, n_per_task)
        loss_of(model, fix, asked_in(fix, puzzles, seed=step)).backward()
        move_model(model, optimisers, step, n_steps)
        yield step + 1, model


def run(name: str, seed: int, folder: Path = FOLDER, n_steps: int = N_STEPS) -> None:
    """Train and measure one model, if that has not been done."""
    place = folder / f"{name}-{seed}"
    if (place / "result.json").exists():
        return
    torch.set_num_threads(1)
    fix, spans, since = FIXES[name], [], time.process_time()
    for step, model in learn(fix, seed, n_steps, N_PER_TASK):
        if spans_of(model) and step % WATCH_EVERY == 0:
            spans.append(spans_of(model))
    model = model.half().float().eval().requires_grad_(False)
    result = {
        "accuracy": accuracies(model, fix),
        "spans": spans,
        "seconds": round(time.process_time() - since, 1),
    }
    place.mkdir(parents=True, exist_ok=True)
    save_halves(model, place / "model.safetensors")
    (place / "result.json").write_text(json.dumps(result) + "\n")
    sys.stderr.write(f"{name}, seed {seed}: {result['accuracy']}, {result['seconds']} s\n")


def measure_rounded(name: str, seed: int, folder: Path = FOLDER) -> None:
    """Round the spans that a model has learned, and measure it through the kernels."""
    place = folder / f"{name}-{seed}"
    result = json.loads((place / "result.json").read_text())
    if not result["spans"] or "hard_accuracy" in result:
        return
    model = load_run(name, seed, folder)
    first = texts_at(TASKS["recall"], FAR, 1)
    rounded_too = {
        "hard_accuracy": rounded_accuracies(model, FIXES[name]),
        "asked": schedule_asked(model, first),
    }
    (place / "result.json").write_text(json.dumps(result | rounded_too) + "\n")
    sys.stderr.write(f"{name}, seed {seed}, rounded: {rounded_too['hard_accuracy']}\n")


def load_run(name: str, seed: int, folder: Path = FOLDER) -> Transformer:
    """The model that a run has left."""
    model = new_fix_model(FIXES[name])
    state = load_file(folder / f"{name}-{seed}" / "model.safetensors")
    model.load_state_dict({name: weight.float() for name, weight in state.items()})
    return model.eval().requires_grad_(False)


def bundle(names: Sequence[str], folder: Path = FOLDER) -> None:
    """Let the models of the first seed come with the lab."""
    BUNDLED.mkdir(parents=True, exist_ok=True)
    for name in names:
        place = BUNDLED / f"{name}.safetensors"
        shutil.copyfile(folder / f"{name}-{SEEDS[0]}" / "model.safetensors", place)


def main() -> None:
    """Train and measure all that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=list(FIXES))
    arguments = parser.parse_args()
    runs = [(name, seed) for seed in SEEDS for name in arguments.only]
    Parallel(n_jobs=arguments.jobs)(delayed(run)(*each) for each in runs)
    for each in runs:
        measure_rounded(*each)
    stored_fixes.write(FOLDER)
    bundle(arguments.only)


if __name__ == "__main__":
    main()
