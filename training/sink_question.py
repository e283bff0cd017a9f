"""Train windows of two sizes beside a full layer, with and without a sink logit.

    python -m training.sink_question --jobs 2      about a minute per model and seed

Each run leaves a file in build/sink_question and is skipped when that is there.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from joblib import Parallel, delayed

from swa_viz.experiments.far_tasks import TASKS
from swa_viz.experiments.fixes import DISTANCES, N_ASKED, accuracies
from swa_viz.experiments.sink_question import COMBINATIONS, FILE, WINDOWS, mean_nats
from training.fixes import N_PER_TASK, N_STEPS, SEEDS, learn

FOLDER = Path("build/sink_question")


def run(name: str, seed: int, folder: Path = FOLDER, n_steps: int = N_STEPS) -> None:
    """Train and measure one model, if that has not been done."""
    file = folder / f"{name}-{seed}.json"
    if file.exists():
        return
    torch.set_num_threads(1)
    fix = COMBINATIONS[name]
    *_, (_, model) = learn(fix, seed, n_steps, N_PER_TASK)
    model = model.half().float().eval().requires_grad_(False)
    nats = {name: mean_nats(model, fix, task) for name, task in TASKS.items()}
    result = {"accuracy": accuracies(model, fix), "nats": nats}
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result) + "\n")
    sys.stderr.write(f"{name}, seed {seed}: {result['nats']}\n")


def collect(folder: Path = FOLDER) -> dict:
    """What all runs found."""
    how = {
        "windows": list(WINDOWS),
        "distances": list(DISTANCES),
        "n_asked": N_ASKED,
        "n_steps": N_STEPS,
        "seeds": list(SEEDS),
        "torch": torch.__version__,
    }
    runs = {}
    for name in COMBINATIONS:
        found = [json.loads((folder / f"{name}-{seed}.json").read_text()) for seed in SEEDS]
        runs[name] = {
            part: {task: [each[part][task] for each in found] for task in TASKS}
            for part in ("accuracy", "nats")
        }
    return {"how": how, "runs": runs}


def main() -> None:
    """Train all that are missing, and collect them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    runs = [(name, seed) for seed in SEEDS for name in COMBINATIONS]
    Parallel(n_jobs=arguments.jobs)(delayed(run)(*each) for each in runs)
    FILE.write_text(json.dumps(collect(), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
