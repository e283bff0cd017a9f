"""What a base of a genome costs at each window, and what a far copy saves, measured once.

`python -m training.dna` trains the models, measures them and writes what is kept here.
"""

from base64 import b64encode
from pathlib import Path

import torch

from swa_viz.experiments.dna import (
    BASES,
    WINDOWS,
    held_out_rows,
    letters,
    schedule_of,
    with_copy,
)
from swa_viz.experiments.keeping import kept
from swa_viz.models.transformer import Transformer
from swa_viz.shapes import Float, Int, Tensor

FILE = Path(__file__).with_suffix(".json")
SHOWN_ROW, FIRST_COPY, COPIED, DISTANCE = 150, 96, 32, 96
WHOLE = 255


def shown_stretches() -> dict[str, Int[Tensor, " length"]]:
    """What a page shows: held-out bases as they are, and with a second copy of some of them."""
    row = held_out_rows()[SHOWN_ROW]
    return {"plain": row, "copy": with_copy(row, FIRST_COPY, COPIED, DISTANCE)}


@torch.inference_mode()
def expected(
    model: Transformer, bases: Int[Tensor, " length"], window: int | None
) -> Float[Tensor, "length n_bases"]:
    """How probable each base is at each place, from the bases before it; of the first, nothing."""
    logits = model(bases[None, :-1], schedule_of(window, model.config.n_layers))
    nothing_known = torch.full((1, len(BASES)), 1 / len(BASES))
    return torch.cat([nothing_known, logits[0].softmax(-1)])


def in_page(model: Transformer, bases: Int[Tensor, " length"]) -> dict:
    """A stretch, and what is expected of it at every window: a byte a probability, as letters."""
    shares = torch.stack([expected(model, bases, window) for window in WINDOWS])
    whole = (WHOLE * shares).round().to(torch.uint8)
    return {
        "bases": letters(bases),
        "expected": b64encode(whole.numpy().tobytes()).decode("ascii"),
    }


def stored_dna() -> dict:
    """What was measured, by windows (None reads everything) and seeds.

    {"how", "windows", "bits": [seed][window], "copy_windows", "distances",
    "copies": [seed][copy window][distance], "shown": {stretch: {"bases", "expected"}}}
    """
    return kept(FILE)
