"""Handwritten digits, read by a small transformer whose windows are squares of pixels.

Each of the 64 pixels of a digit is a token, and its grey is the token's name.  After the last layer
the mean of all states names the digit.  No state knows its place but by what it attends to, for
positions are rotary: so what a reader can know of a shape, it has seen through its windows.

`training/image.py` trains the readers, `stored_image.json` holds how often each was right on digits
that none of them has learned from, and the parameters of seed 0 come with the lab.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from swa_viz import kernels
from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Chunked2D, Pattern, Window2D
from swa_viz.shapes import Float, Int, Tensor

HERE = Path(__file__).parent
FILE = HERE / "data" / "image" / "digits.npz"
WEIGHTS = HERE / "weights" / "image"
SIDE = 8
N_GREYS, N_DIGITS = 17, 10
N_HELD_OUT = 450  # the last ones of the file: most of them from people who wrote none of the others
PARTS = {"numbers": "", "scales": ".scales"}  # of a packed matrix
LARGEST_WHOLE = 127  # of eight bits
KERNEL = "sdpa_mask"  # of those that have gradients the fastest one for 64 tokens


def window(size: int, n_layers: int = 2, dilation: int = 1) -> tuple[Pattern, ...]:
    """The same square in every layer."""
    return (Window2D(SIDE, SIDE, size, dilation),) * n_layers


# What the layers of each reader read.  A square of 15 holds the whole digit, wherever one stands.
READERS: dict[str, tuple[Pattern, ...]] = {
    **{f"window-{size}": window(size) for size in (1, 3, 5, 15)},
    **{f"window-3-l{n_layers}": window(3, n_layers) for n_layers in (1, 4)},
    "dilated": (Window2D(SIDE, SIDE, 3), Window2D(SIDE, SIDE, 3, dilation=2)),
    "chunks": (Chunked2D(SIDE, SIDE, 4),) * 2,
    "swin": (Chunked2D(SIDE, SIDE, 4), Chunked2D(SIDE, SIDE, 4, shift=2)),
}
BUNDLED = ("window-1", "window-3", "window-5", "window-15")


@cache
def load_digits() -> tuple[Int[Tensor, "n_digits 64"], Int[Tensor, " n_digits"]]:
    """All digits, pixel by pixel and row by row, and which digit each of them is."""
    with np.load(FILE) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    return torch.from_numpy(images).flatten(1).long(), torch.from_numpy(labels).long()


def reader_config(n_layers: int) -> TransformerConfig:
    """The sizes of a reader.  With so small a theta all features turn within the digit."""
    return TransformerConfig(
        vocab_size=N_GREYS,
        d_model=32,
        n_layers=n_layers,
        n_heads=4,
        n_kv_heads=4,
        d_ff=64,
        window_size=None,
        trained_len=SIDE**2,
        rope_theta=100.0,
    )


class DigitReader(nn.Module):
    """A transformer over the pixels, and ten rows that compare with the mean of its last states."""

    def __init__(self, layer_schedule: Sequence[Pattern]):
        super().__init__()
        self.layer_schedule = tuple(layer_schedule)
        config = reader_config(len(self.layer_schedule))
        self.transformer = Transformer(config)
        self.digits = nn.Linear(config.d_model, N_DIGITS, bias=False)

    def forward(
        self, greys: Int[Tensor, "batch n_pixels"], kernel: str = KERNEL
    ) -> Float[Tensor, "batch n_classes"]:
        """The logits of the ten digits."""
        blocks = self.transformer.blocks
        attends = [
            partial(kernels.attend, pattern=pattern, kernel=kernel, **block.softmax_terms)
            for block, pattern in zip(blocks, self.layer_schedule, strict=True)
        ]
        states = self.transformer.residual_states(self.transformer.embed(greys), attends)
        return self.digits(self.transformer.norm(states[-1]).mean(dim=-2))


def reader_file(name: str) -> Path:
    """Where the parameters of the reader of seed 0 lie."""
    return WEIGHTS / f"{name}.safetensors"


def packed(reader: DigitReader) -> dict[str, Tensor]:
    """The parameters in eight bits: each row of a matrix is whole numbers times a scale of its own.

    The scales of "name" stand under "name.scales"; vectors stay as they are.
    """
    found = {}
    for name, numbers in reader.state_dict().items():
        if numbers.ndim == 1:
            found[name] = numbers.clone()
            continue
        scales = (numbers.abs().amax(dim=1, keepdim=True) / LARGEST_WHOLE).clamp(min=1e-12)
        found |= {name: (numbers / scales).round().to(torch.int8), f"{name}.scales": scales}
    return found


def unpacked(parameters: Mapping[str, Tensor], layer_schedule: Sequence[Pattern]) -> DigitReader:
    """The reader that has these parameters, computing in float32."""
    reader = DigitReader(layer_schedule)
    restored = {
        name: numbers * parameters[f"{name}.scales"] if numbers.ndim == 2 else numbers
        for name, numbers in parameters.items()
        if not name.endswith(".scales")
    }
    reader.load_state_dict(restored)
    return reader.eval().requires_grad_(False)


def load_reader(name: str) -> DigitReader:
    """The bundled reader of seed 0.

    Raises FileNotFoundError if it does not come with the lab.
    """
    return unpacked(load_file(reader_file(name)), READERS[name])


def letters(numbers: Tensor) -> str:
    """The bytes of some numbers, as a page holds them (base64)."""
    return b64encode(numbers.contiguous().numpy().tobytes()).decode()


def reader_payload(name: str) -> dict:
    """A bundled reader as plain data, for digits.js: its sizes and its parameters in letters."""
    parameters, config = load_file(reader_file(name)), reader_config(len(READERS[name]))
    matrices = [key for key, numbers in parameters.items() if numbers.dtype == torch.int8]
    return {
        "sizes": {key: getattr(config, key) for key in ("n_heads", "rope_theta", "norm_eps")},
        "matrices": {
            key: {
                "numbers": letters(parameters[key]),
                "scales": letters(parameters[f"{key}.scales"]),
            }
            for key in matrices
        },
        "vectors": {
            key: letters(numbers)
            for key, numbers in parameters.items()
            if key not in matrices and not key.endswith(".scales")
        },
    }


@torch.inference_mode()
def chances(reader: DigitReader, greys: Int[Tensor, "n 64"]) -> Float[Tensor, "n 10"]:
    """How probable each digit is to a reader."""
    return reader(greys).softmax(dim=-1)


def accuracy(reader: DigitReader, held_out: bool = True) -> float:
    """How often a reader names the digit: of those held out, or of those that it learned from."""
    greys, labels = load_digits()
    part = slice(-N_HELD_OUT, None) if held_out else slice(None, -N_HELD_OUT)
    named = chances(reader, greys[part]).argmax(dim=-1)
    return (named == labels[part]).double().mean().item()
