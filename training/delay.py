"""Watch small models of windowed layers and a full one while they learn to look back.

    python -m training.delay --jobs 2      about a minute per model and seed

Each run leaves a file in build/delay and is skipped when that is there.  What is asked, and why,
says `swa_viz/experiments/delay.py`.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from joblib import Parallel, delayed

from swa_viz.experiments.delay import CONDITIONS, FAR, FILE, N_WATCHED, TEXT_LEN, retrieval
from swa_viz.experiments.far_tasks import TASKS, texts_to_learn_from
from training.fixes import SEEDS, move_model
from training.recipes import Recipe
from training.train import new_model, new_optimisers

FOLDER = Path("build/delay")
N_STEPS, N_PER_TASK, WATCH_EVERY = 400, 6, 10
LEARNED = ("recall", "copy")


def watched(name: str, seed: int, n_steps: int = N_STEPS) -> Iterator[tuple[float, float]]:
    """Train one model, and say at every tenth step what it can recall; first before any step."""
    tasks = {task: TASKS[task] for task in LEARNED}
    model = new_model(Recipe(CONDITIONS[name].config, seed, len(tasks) * N_PER_TASK, n_steps))
    optimisers = new_optimisers(model)
    for step in range(n_steps):
        if step % WATCH_EVERY == 0:
            yield retrieval(model)
        puzzles = texts_to_learn_from(seed * 1_000_003 + step, N_PER_TASK, TEXT_LEN, tasks)
        logits = model(puzzles.texts, kernel="sdpa_mask")[puzzles.is_answer.roll(-1, dims=1)]
        F.cross_entropy(logits, puzzles.texts[puzzles.is_answer]).backward()
        move_model(model, optimisers, step, n_steps)
    yield retrieval(model)


def run(name: str, seed: int, folder: Path = FOLDER, n_steps: int = N_STEPS) -> None:
    """Train and watch one model, if that has not been done."""
    file = folder / f"{name}-{seed}.json"
    if file.exists():
        return
    torch.set_num_threads(1)
    found = list(watched(name, seed, n_steps))
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found) + "\n")
    sys.stderr.write(f"{name}, seed {seed}: {found[::5]}\n")


def collect(folder: Path = FOLDER) -> dict:
    """What all runs found."""
    how = {
        "text_len": TEXT_LEN,
        "far": FAR,
        "n_watched": N_WATCHED,
        "steps": list(range(0, N_STEPS + 1, WATCH_EVERY)),
        "seeds": list(SEEDS),
        "chance": 1 / TASKS["recall"].n_choices,
        "torch": torch.__version__,
    }
    runs = {}
    for name in CONDITIONS:
        found = [json.loads((folder / f"{name}-{seed}.json").read_text()) for seed in SEEDS]
        right, on_source = zip(*[list(zip(*each, strict=True)) for each in found], strict=True)
        runs[name] = {"right": right, "on_source": on_source}
    return {"how": how, "runs": runs}


def main() -> None:
    """Train all that are missing, and collect them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    runs = [(name, seed) for seed in SEEDS for name in CONDITIONS]
    Parallel(n_jobs=arguments.jobs)(delayed(run)(*each) for each in runs)
    FILE.write_text(json.dumps(collect(), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
