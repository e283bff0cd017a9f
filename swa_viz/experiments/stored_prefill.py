"""Three ways to soften windows, alone and together: `python -m` this module computes them once.

The windows can be laid on the prompt only, the first tokens can stay visible, and every sixth layer
can stay full.  A passage is a prompt and what follows it; only what follows is measured.
"""

from argparse import ArgumentParser
from functools import partial
from itertools import product
from pathlib import Path

import torch

from swa_viz.experiments.held_out import HELD_OUT
from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.perplexity import Schedule, stretch_bits, written_bytes
from swa_viz.experiments.prefill import in_prompt_only
from swa_viz.experiments.stored_limits import FULL, Case, passages, rounded
from swa_viz.models import LanguageModel, load_model
from swa_viz.shapes import Int, Tensor

FILE = Path(__file__).with_suffix(".json")
MODELS_READ = ("tiny-swa", "smollm2-135m")
PASSAGES, PROMPT, LATER = 2, 192, 64
WINDOWS = (16, 32, 64)
SINKS = 4

# Each name is the switches that are on, as signs: prompt only, sinks, every sixth layer full.
SWITCHES = {"".join(signs): signs for signs in product("-p", "-s", "-f")}


def schedule_with(signs: tuple[str, ...], window: int, n_layers: int) -> Schedule:
    """A window in every layer, and what the switches change about it.

    >>> schedule_with(("p", "-", "-"), 4, 1)[0].prompt
    SlidingWindow(window_size=4)
    """
    in_prompt, sinks, full = (sign != "-" for sign in signs)
    case = Case("wwwwwf" if full else "w", SINKS if sinks else 0)
    schedule = case.schedule(window, n_layers)
    return in_prompt_only(schedule, PROMPT) if in_prompt else schedule


def later_bits(
    model: LanguageModel, rows: Int[Tensor, "n_passages length"], schedule: Schedule
) -> list[float]:
    """Bits per byte of what follows the prompt, text by text."""
    bits = stretch_bits(model, rows, schedule)[:, PROMPT:].double()
    n_bytes = written_bytes(model, rows)[:, PROMPT:]
    needed, written = (each.reshape(len(HELD_OUT), -1).sum(-1) for each in (bits, n_bytes))
    return [rounded(each) for each in (needed / written).tolist()]


def bits_by_window(
    model: LanguageModel, rows: Int[Tensor, "n_passages length"], signs: tuple[str, ...]
) -> list[list[float]]:
    """`later_bits` for each of `WINDOWS`."""
    return [
        later_bits(model, rows, schedule_with(signs, window, model.n_layers)) for window in WINDOWS
    ]


def measurements(name: str) -> Measurements:
    """What is measured on one model, by the names under which it is stored."""
    model = load_model(name)
    rows = passages(model, PASSAGES, PROMPT + LATER)
    full = FULL.schedule(1, model.n_layers)
    return {
        "trained_window": lambda: model.config.window_size,
        "full": partial(later_bits, model, rows, full),
        **{part: partial(bits_by_window, model, rows, signs) for part, signs in SWITCHES.items()},
    }


def how_computed() -> dict:
    """The facts of the measurement."""
    return {
        "texts": list(HELD_OUT.values()),
        "passages": PASSAGES * len(HELD_OUT),
        "prompt": PROMPT,
        "later": LATER,
        "sinks": SINKS,
        "torch": torch.__version__,
    }


def stored_prefill() -> dict:
    """What was computed: {"how", "windows", "models"}."""
    return kept(FILE)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    facts = {"how": how_computed(), "windows": list(WINDOWS)}
    measure_missing(FILE, facts, {name: partial(measurements, name) for name in MODELS_READ})
