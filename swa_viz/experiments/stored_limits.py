"""What a window costs two models, computed once and kept as data: `python -m` this module does it.

One model was trained with full attention, the other in windows.  Both read the same passages, which
none of them was trained on, while a window is laid on all of their layers or on some of them.
"""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.influence import first_token_change
from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.perplexity import bits_per_byte, stretches
from swa_viz.models import LanguageModel, load_model
from swa_viz.patterns import Pattern
from swa_viz.patterns.schedule import schedule_of
from swa_viz.shapes import Int, Tensor

FILE = Path(__file__).with_suffix(".json")
MODELS_READ = ("tiny-swa", "smollm2-135m")
# A passage is no longer than the shortest text of a training: so nothing but the window is unusual.
PASSAGES, PREDICTED = 1, 256
WINDOWS = (8, 16, 32, 64, 128)
# How far a changed first token is seen: windows so small that the ceiling lies within the text.
REACH_WINDOWS, REACH_TOKENS = (2, 3, 4), 128
DIGITS = 5


@dataclass(frozen=True)
class Case:
    """A way to lay windows on a model: letters that repeat over its layers, and sink tokens."""

    letters: str
    sinks: int = 0

    def schedule(self, window: int, n_layers: int) -> tuple[Pattern, ...]:
        """The pattern of each layer.

        >>> [str(pattern) for pattern in Case("wf").schedule(4, 3)]
        ['SlidingWindow(window_size=4)', 'Causal()', 'SlidingWindow(window_size=4)']
        """
        return schedule_of((self.letters * n_layers)[:n_layers], window, self.sinks)


CASES: Mapping[str, Case] = {
    "plain": Case("w"),
    "one sink": Case("w", 1),
    "four sinks": Case("w", 4),
    "every second full": Case("wf"),
    "every sixth full": Case("wwwwwf"),
    "every sixth full, four sinks": Case("wwwwwf", 4),
}
FULL = Case("f")


def passages(model: LanguageModel, each: int, predicted: int) -> Int[Tensor, "n length"]:
    """So many passages from the start of each held-out text, all equally long in tokens."""
    return torch.cat([stretches(model, [held_out_text(n)], predicted)[:each] for n in HELD_OUT])


def case_bits(
    model: LanguageModel, rows: Int[Tensor, "n length"], case: Case, windows: Sequence[int]
) -> list[float]:
    """Bits per byte of the passages, for a window of each size."""
    schedules = [case.schedule(window, model.n_layers) for window in windows]
    return [rounded(bits_per_byte(model, rows, schedule)) for schedule in schedules]


def moved_by_the_first_token(model: LanguageModel, token_ids: list[int], window: int) -> dict:
    """How far each prediction moves when the first token gives its place to the last one.

    `bits` are KL divergences, and `changed` counts the positions up to the last one whose logits
    are not bit for bit the same.
    """
    schedule = Case("w").schedule(window, model.n_layers)
    change = first_token_change(model, token_ids, schedule)
    last = int(change.changed.nonzero().max())
    return {"bits": [rounded(bits) for bits in change.kl_bits.tolist()], "changed": last + 1}


def rounded(number: float) -> float:
    """The number with as many digits as a page could ever show."""
    return float(f"{number:.{DIGITS}g}")


def measurements(model: LanguageModel, rows: Int[Tensor, "n length"]) -> Measurements:
    """What is measured on one model, by the names under which it is stored."""
    first = rows[0].tolist()

    def reach() -> dict:
        return {
            str(w): moved_by_the_first_token(model, first[:REACH_TOKENS], w) for w in REACH_WINDOWS
        }

    return {
        "n_layers": lambda: model.n_layers,
        "trained_window": lambda: model.config.window_size,
        "reach": reach,
        "full": lambda: case_bits(model, rows, FULL, [1])[0],
        **{name: partial(case_bits, model, rows, case, WINDOWS) for name, case in CASES.items()},
    }


def how_computed() -> dict:
    """The facts of the measurement."""
    return {
        "texts": list(HELD_OUT.values()),
        "passages": PASSAGES * len(HELD_OUT),
        "predicted": PREDICTED,
        "torch": torch.__version__,
    }


def stored() -> dict:
    """What was computed: {"how", "windows", "models"}."""
    return kept(FILE)


def measured(name: str) -> Measurements:
    """What is measured on the model of this name."""
    model = load_model(name)
    return measurements(model, passages(model, PASSAGES, PREDICTED))


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    facts = {"how": how_computed(), "windows": list(WINDOWS)}
    measure_missing(FILE, facts, {name: partial(measured, name) for name in MODELS_READ})
