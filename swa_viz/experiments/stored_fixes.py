"""What brings back what a window loses?  Collected once from the runs of `training/fixes.py`.

    python -m swa_viz.experiments.stored_fixes --runs build/fixes      about a minute

Accuracies were measured where the models were trained.  What a way costs is counted and timed here,
for the schedule that the runs used.  Seeds that are not finished yet are left out, so an early file
is a smaller one and not a wrong one.
"""

import argparse
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

from swa_viz.cost import kv_cache_bytes, score_pairs
from swa_viz.experiments.far_tasks import N_COPIED, TASKS, TEXT_LEN
from swa_viz.experiments.fix_words import WORDS
from swa_viz.experiments.fixes import (
    DISTANCES,
    FIXES,
    N_ASKED,
    N_HEADS,
    N_LAYERS,
    WINDOW,
    Fix,
    Schedule,
    config_of,
)
from swa_viz.experiments.keeping import kept
from swa_viz.experiments.stored_fixes_schedules import learned_windows, plain_layer
from swa_viz.kernels import attend, choose_kernel
from swa_viz.kernels.behind_sink import BehindSink
from swa_viz.kernels.kernel import Request
from swa_viz.models.window_state import WindowStateBlock
from swa_viz.patterns import Pattern, PerHead, build_mask

FILE = Path(__file__).with_suffix(".json")
FLOAT32 = 4
# As many times larger as the text that was timed: a window of 256 in 2,560 tokens is 8 in 80.
TIMES = 32
TIMED = {"window": WINDOW * TIMES, "seq_len": TEXT_LEN * TIMES, "n_heads": 4, "head_dim": 64}
ROUNDS = 7


def stored_fixes() -> dict:
    """What was collected, and the words of each way."""
    stored = kept(FILE)
    fixes = {name: asdict(WORDS[name]) | fix for name, fix in stored["fixes"].items()}
    return stored | {"fixes": fixes}


def chances() -> dict[str, float]:
    """How often a guess is right: among all answers, and in a copy among those not yet named.

    The six colours of a copy differ, and a causal model reads those that it has already given.
    """
    copied = sum(Fraction(1, TASKS["copy"].n_choices - i) for i in range(N_COPIED)) / N_COPIED
    return {name: 1 / task.n_choices for name, task in TASKS.items()} | {"copy": float(copied)}


def heads_of(layer: Pattern | PerHead) -> tuple[Pattern, ...]:
    """The pattern of each head of a layer."""
    return layer.patterns if isinstance(layer, PerHead) else (layer,) * N_HEADS


def heard(schedule: Schedule) -> int:
    """How many of the 80 tokens can arrive at the last one.

    >>> from swa_viz.patterns import SlidingWindow
    >>> heard((SlidingWindow(8),) * 6)
    43
    """
    row = np.arange(TEXT_LEN) == TEXT_LEN - 1
    for layer in reversed(schedule):
        masks = {pattern: build_mask(pattern, TEXT_LEN, TEXT_LEN) for pattern in heads_of(layer)}
        row = np.any([mask.numpy()[row].any(axis=0) for mask in masks.values()], axis=0)
    return int(row.sum())


def costs(fix: Fix, schedule: Schedule) -> dict:
    """Score pairs, and bytes of keys, values and states, for one text of 80 tokens."""
    config = config_of(fix)
    pairs = sum(score_pairs(p, TEXT_LEN) for layer in schedule for p in heads_of(layer))
    heads = {"n_kv_heads": N_HEADS, "head_dim": config.head_dim}
    state = config.head_dim * (config.head_dim + 1) * N_HEADS * FLOAT32 * len(schedule)
    return {
        "pairs": pairs,
        "kv_bytes": kv_cache_bytes(schedule, TEXT_LEN, FLOAT32, **heads) if fix.causal else None,
        "state_bytes": state if fix.block is WindowStateBlock else 0,
    }


def kernels_for(fix: Fix, layer: Pattern | PerHead) -> set[str]:
    """The kernels that compute a layer of the size that is timed."""
    patterns = [BehindSink(p) if fix.sink_logits else p for p in set(heads_of(layer))]
    request = [Request(pattern, head_dim=TIMED["head_dim"]) for pattern in patterns]
    return {choose_kernel(each, TIMED["seq_len"]).name for each in request}


def once(fix: Fix, layer: Pattern | PerHead) -> float:
    """Seconds of one layer's attention."""
    shape = (TIMED["n_heads"], TIMED["seq_len"], TIMED["head_dim"])
    query, key, value = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0))
    sink = {"sink_logit": torch.zeros(TIMED["n_heads"])} if fix.sink_logits else {}
    since = time.perf_counter()
    attend(query, key, value, layer, **sink)
    return time.perf_counter() - since


def times(schedules: Mapping[str, Schedule]) -> dict[str, dict]:
    """Seconds of attention in all layers by the fastest kernel, on one thread.

    All ways take turns, round after round, so that whatever disturbs the machine disturbs all.
    """
    torch.set_num_threads(1)
    asked = [(name, layer) for name, layers in schedules.items() for layer in set(layers)]
    for name, layer in asked:  # machine code is loaded before the clock starts
        once(FIXES[name], layer)
    rounds = [{each: once(FIXES[each[0]], each[1]) for each in asked} for _ in range(ROUNDS)]
    medians = {each: statistics.median(one[each] for one in rounds) for each in asked}
    found = {}
    for name, layers in schedules.items():
        fix = FIXES[name]
        kernels = {kernel for layer in set(layers) for kernel in kernels_for(fix, layer)}
        found[name] = {
            "seconds": sum(medians[name, layer] for layer in layers),
            "kernel": " and ".join(sorted(kernels)),
            "refusal": "",
        }
    return found


def result_of(runs: Path, name: str, seed: int) -> dict | None:
    """What a run found; None while it is not finished, or its spans are not rounded yet."""
    file = runs / f"{name}-{seed}" / "result.json"
    if not file.exists():
        return None
    result = json.loads(file.read_text("utf-8"))
    return result if "asked" in result or not result["spans"] else None


def schedule_of(name: str, results: Sequence[dict], times_wider: int = 1) -> Schedule:
    """What the layers read; where spans were learned, the rounded windows of the first seed.

    Where every token asks for its own, they are those of one text.
    """
    if results[0]["spans"]:
        return learned_windows(results[0]["asked"], times_wider)
    return FIXES[name].layers(WINDOW * times_wider)


def by_seed(results: Sequence[dict], part: str) -> dict:
    """One accuracy of all seeds: {task: [[per distance] per seed]}."""
    return {task: [result[part][task] for result in results] for task in TASKS}


def collected(name: str, results: Sequence[dict], watched: Sequence[int]) -> dict:
    """What the file says of one way, but for its time."""
    fix, drawn = FIXES[name], schedule_of(name, results)
    found = {"label": fix.label, "schedule": [plain_layer(layer) for layer in drawn]}
    found |= costs(fix, drawn) | {"causal": fix.causal, "by_content": name == "content"}
    found["reach"] = TEXT_LEN if found["state_bytes"] else heard(drawn)  # a state sums up all
    found["accuracy"] = by_seed(results, "accuracy")
    if results[0]["spans"]:
        found["hard_accuracy"] = by_seed(results, "hard_accuracy")
        found["spans"] = {"steps": watched, "seeds": [result["spans"] for result in results]}
    return found


def how(n_steps: int, seeds: Sequence[int]) -> dict:
    """The facts of the measurement."""
    sizes = {"text_len": TEXT_LEN, "window": WINDOW, "n_layers": N_LAYERS, "n_heads": N_HEADS}
    return sizes | {
        "head_dim": config_of(FIXES["window"]).head_dim,
        "n_steps": n_steps,
        "seeds": list(seeds),
        "distances": list(DISTANCES),
        "n_asked": N_ASKED,
        "chance": chances(),
        "torch": torch.__version__,
        "timed": TIMED | {"threads": 1, "rounds": ROUNDS},
    }


UNTIMED = {"seconds": None, "kernel": "", "refusal": "it has not been timed yet"}


def collect(runs: Path, timed: bool, n_steps: int = 600, watch_every: int = 20) -> dict:
    """The file's content, from those ways that have at least one finished seed."""
    found = {
        name: [each for seed in range(3) if (each := result_of(runs, name, seed))] for name in FIXES
    }
    found = {name: results for name, results in found.items() if results}
    watched = list(range(watch_every, n_steps + 1, watch_every))
    schedules = {name: schedule_of(name, results, TIMES) for name, results in found.items()}
    took = times(schedules) if timed else dict.fromkeys(found, UNTIMED)
    n_seeds = max(len(results) for results in found.values())
    fixes = {name: collected(name, some, watched) | took[name] for name, some in found.items()}
    return {"how": how(n_steps, range(n_seeds)), "fixes": fixes}


def write(runs: Path, timed: bool = True) -> None:
    """Collect what is finished, and store it."""
    FILE.write_text(json.dumps(collect(runs, timed), separators=(",", ":")) + "\n", "utf-8")


def main() -> None:
    """Collect what is finished."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=Path("build/fixes"))
    parser.add_argument("--untimed", action="store_true", help="for a machine that is busy")
    arguments = parser.parse_args()
    write(arguments.runs, timed=not arguments.untimed)


if __name__ == "__main__":
    main()
