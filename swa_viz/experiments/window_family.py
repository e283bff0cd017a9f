"""Trained in one window, read in another: what the window family says.

Its members have the same sizes, texts and steps, and those of one seed began with the same numbers.
They differ in the window that they were trained in.  `window_family.json` holds what was measured,
for every seed; `training/family.py` measures it anew.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

from swa_viz.experiments.held_out import held_out_text
from swa_viz.experiments.perplexity import (
    bits_per_byte,
    overlapping_stretches,
    stretch_bits,
    stretches,
    written_bytes,
)
from swa_viz.models import LanguageModel
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.shapes import Float, Int, Tensor

FILE = Path(__file__).with_name("window_family.json")

# The windows in which every member is read.  A text has no more than 256 tokens, as in training,
# so a window of 256 would be full attention.
READ_IN: dict[str, Pattern] = {
    **{str(2**power): SlidingWindow(2**power) for power in range(8)},
    "full": Causal(),
}
# Longer than trained: up to four times the length of the training texts, 128 positions at a time.
LONG, STEP = 1024, 128
READ_FAR_IN: dict[str, tuple[str, ...]] = {
    "w8": ("8", "full"),
    "w32": ("32", "full"),
    "w128": ("128", "full"),
    "full": ("128", "full"),
    "random": ("128", "full"),
}


def in_all_layers(model: LanguageModel, read_in: str) -> tuple[Pattern, ...]:
    """The schedule in which every layer has this pattern of `READ_IN`.

    Raises KeyError for any other name.
    """
    return (READ_IN[read_in],) * model.n_layers


def measured_bits(model: LanguageModel, read_in: str, text: str) -> float:
    """Bits per byte of a held-out text, read in stretches that are as long as in training."""
    rows = stretches(model, [held_out_text(text)], model.config.trained_len)
    return bits_per_byte(model, rows, in_all_layers(model, read_in))


def measured_by_position(model: LanguageModel, read_in: str, text: str) -> list[float]:
    """Bits per byte at positions 1 to 128, 129 to 256, and so on to 1,024.

    The stretches overlap: one begins every 128 tokens, so that the same text is measured at every
    distance from the beginning, and only what stands before it differs.
    """
    rows = overlapping_stretches(model, held_out_text(text), LONG, STEP)
    bits = stretch_bits(model, rows, in_all_layers(model, read_in)).double()
    return (by_step(bits) / by_step(written_bytes(model, rows))).tolist()


def by_step(
    values: Float[Tensor, "n_stretches n_predicted"] | Int[Tensor, "n_stretches n_predicted"],
) -> Float[Tensor, " n_steps"] | Int[Tensor, " n_steps"]:
    """Add up what belongs to the same `STEP` positions, over all stretches."""
    return values.unflatten(-1, (-1, STEP)).sum(dim=(0, -1))


@dataclass(frozen=True)
class Spread:
    """What several seeds say: their mean, the lowest and the highest."""

    mean: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """The spread of one value per seed.

        >>> Spread.of([1.0, 2.0, 6.0])
        Spread(mean=3.0, lowest=1.0, highest=6.0)
        """
        return cls(fmean(values), min(values), max(values))


Bits = dict[str, dict[str, dict[str, dict[str, float]]]]
Curves = dict[str, dict[str, dict[str, dict[str, list[float]]]]]


@dataclass(frozen=True)
class WindowFamily:
    """What was measured, in bits per byte: `bits[trained_in][read_in][seed][text]`.

    `by_position` has the same four keys, and a list for the positions of `positions()`.
    `conditions` says how the family was trained and measured.
    """

    conditions: dict
    bits: Bits
    by_position: Curves

    def matrix(self) -> dict[str, dict[str, Spread]]:
        """Trained in (rows), read in (columns): the mean of the texts, over all seeds."""
        return {
            trained_in: {
                read_in: Spread.of([fmean(texts.values()) for texts in seeds.values()])
                for read_in, seeds in row.items()
            }
            for trained_in, row in self.bits.items()
        }

    def positions(self) -> list[int]:
        """The last position of each step: 128, 256, ... 1024."""
        return [*range(STEP, LONG + 1, STEP)]

    def curve(self, trained_in: str, read_in: str) -> list[Spread]:
        """The mean of the texts at each of `positions`, over all seeds.

        Raises KeyError for a pair that was not measured.
        """
        seeds = self.by_position[trained_in][read_in].values()
        curves = [map(fmean, zip(*texts.values(), strict=True)) for texts in seeds]
        return [Spread.of([*values]) for values in zip(*curves, strict=True)]


def family_payload() -> dict:
    """What a page shows of the family, as plain data: means over the texts, and their `Spread`."""
    family = window_family()
    return {
        "seeds": len(family.conditions["seeds"]),
        "texts": family.conditions["texts"],
        "trained_len": family.conditions["trained_len"],
        "positions": family.positions(),
        "matrix": {
            trained_in: {read_in: asdict(spread) for read_in, spread in row.items()}
            for trained_in, row in family.matrix().items()
        },
        "curves": {
            trained_in: {
                read_in: [asdict(spread) for spread in family.curve(trained_in, read_in)]
                for read_in in readings
            }
            for trained_in, readings in READ_FAR_IN.items()
        },
    }


@cache
def window_family() -> WindowFamily:
    """What was measured on the family, as it comes with the lab."""
    return WindowFamily(**json.loads(FILE.read_text(encoding="utf-8")))
