"""The next base of a genome: a small transformer that reads DNA letter by letter.

The model learned most of the genome of a bacterium, on both strands, in windows of many sizes, so
that it can be asked at every W.  Half of what it read had a second copy of a stretch planted in it:
a base of the second copy is easy to name for a model that can still look at the first.
`training/dna.py` trains the models, `stored_dna.py` holds what was measured.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from swa_viz.experiments.perplexity import cost_bits
from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.shapes import Float, Int, Tensor

FOLDER = Path(__file__).parent
HELD_OUT = FOLDER / "data" / "dna" / "ecoli-536-held-out.2bit"
PARAMETERS = FOLDER / "weights" / "dna" / "dna.safetensors"
BASES = "ACGT"
LENGTH = 256
HELD_OUT_LENGTH = 192 * LENGTH
# The window that reads everything is None, as in a model's config.
WINDOWS = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128, None)
# Bits count from here on: each base before it has fewer bases to its left than a window of 64.
FIRST_COUNTED = 64
MOTIF, DISTANCES = 32, (32, 48, 64, 96, 128, 192)
COPY_WINDOWS = (16, 32, 64, 128, None)
# The first bases of a second copy cannot be known for one: nothing has been repeated yet.
RECOGNISED = 8
N_COPIES, SEED = 64, 1_000_000_007


def packed(bases: Int[Tensor, " n_bases"]) -> bytes:
    r"""Four bases a byte, the first in the highest bits.

    >>> packed(torch.tensor([0, 0, 0, 3, 2, 0, 0, 0]))
    b'\x03\x80'
    """
    fours = bases.reshape(-1, 4).to(torch.uint8) << torch.tensor([6, 4, 2, 0])
    return bytes(fours.sum(-1).tolist())


def unpacked(data: bytes) -> Int[Tensor, " n_bases"]:
    r"""The bases that were packed.

    >>> unpacked(b"\x03\x80")
    tensor([0, 0, 0, 3, 2, 0, 0, 0])
    """
    numbers = np.frombuffer(data, np.uint8)[:, None] >> np.array([6, 4, 2, 0]) & 3
    return torch.from_numpy(numbers.ravel().astype(np.int64))


def letters(bases: Int[Tensor, " n_bases"]) -> str:
    """The bases as people write them.

    >>> letters(torch.tensor([0, 3, 2]))
    'ATG'
    """
    return "".join(BASES[base] for base in bases.tolist())


def other_strand(bases: Int[Tensor, "*batch n_bases"]) -> Int[Tensor, "*batch n_bases"]:
    """What the other strand reads: A faces T and C faces G, and it is read backwards.

    >>> letters(other_strand(torch.tensor([0, 0, 1])))
    'GTT'
    """
    return (3 - bases).flip(-1)


def with_copy(
    bases: Int[Tensor, "*batch n_bases"], start: int, length: int, distance: int
) -> Int[Tensor, "*batch n_bases"]:
    """The bases, in which a stretch appears once more, so many bases after its first place.

    >>> letters(with_copy(torch.tensor([0, 1, 2, 3, 3, 3, 3]), start=0, length=2, distance=4))
    'ACGTACT'
    """
    copied, second = bases.clone(), start + distance
    copied[..., second : second + length] = bases[..., start : start + length]
    return copied


def schedule_of(window: int | None, n_layers: int) -> tuple[Pattern, ...]:
    """The window in every layer, full attention for None."""
    pattern = Causal() if window is None else SlidingWindow(window)
    return (pattern,) * n_layers


def dna_config() -> TransformerConfig:
    """The sizes of the model."""
    return TransformerConfig(
        vocab_size=len(BASES),
        d_model=64,
        n_layers=3,
        n_heads=4,
        n_kv_heads=4,
        d_ff=128,
        window_size=None,
        trained_len=LENGTH,
    )


def load_dna_model() -> Transformer:
    """The bundled model, of seed 0, computing in float32."""
    model = Transformer(dna_config())
    stored = load_file(PARAMETERS)
    model.load_state_dict({name: numbers.float() for name, numbers in stored.items()})
    return model.eval().requires_grad_(False)


@cache
def held_out_rows() -> Int[Tensor, "n_rows length"]:
    """The held-out stretch that comes with the lab, cut into rows: no model has learned it."""
    return unpacked(HELD_OUT.read_bytes()).reshape(-1, LENGTH)


@torch.inference_mode()
def row_bits(
    model: Transformer, rows: Int[Tensor, "n_rows length"], schedule: Sequence[Pattern]
) -> Float[Tensor, "n_rows predicted"]:
    """What each base but the first costs, in bits."""
    costs = [cost_bits(model(part[:, :-1], schedule), part[:, 1:]) for part in rows.split(32)]
    return torch.cat(costs)


def bits_per_base(model: Transformer, window: int | None, rows: Tensor | None = None) -> float:
    """Mean bits of a base of the held-out stretch, at one window."""
    rows = held_out_rows() if rows is None else rows
    bits = row_bits(model, rows, schedule_of(window, model.config.n_layers))
    return bits[:, FIRST_COUNTED - 1 :].double().mean().item()


def rows_with_copies(distance: int, n_rows: int = N_COPIES) -> Int[Tensor, "n_rows length"]:
    """Held-out rows whose last bases are a second copy of a motif: the same ones for all models."""
    return with_copy(held_out_rows()[:n_rows], LENGTH - MOTIF - distance, MOTIF, distance)


def copy_bits(model: Transformer, window: int | None, distance: int) -> float:
    """Mean bits of a base of the second copy, without its first bases."""
    rows = rows_with_copies(distance)
    bits = row_bits(model, rows, schedule_of(window, model.config.n_layers))
    return bits[:, -(MOTIF - RECOGNISED) :].double().mean().item()
