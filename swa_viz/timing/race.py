"""Who is timed against whom, as data: the contenders of a forward pass and of a training step.

The one idea: a window is compared twice.  With the `rival`, the best full attention that torch has,
because that is what one would use without it; and with its `twin`, the window's own kernel on full
attention, because only like for like says what the window itself saves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch

from swa_viz.cost import output_bytes, score_pairs
from swa_viz.kernels import KERNELS
from swa_viz.kernels.band_torch import block_size, block_width, blocks_at_once
from swa_viz.kernels.kernel import Kernel
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.shapes import Tensor

N_HEADS, HEAD_DIM = 8, 64
MASK_BYTES_PER_PAIR = 11  # measured: the comparison of positions, the mask, torch's copy of it
STEP_OUTPUTS = 6  # measured: a training step holds about six tensors as large as the output
BLOCKS_OUTPUTS, KEPT_MASK_BYTES = 7, 9  # measured: the same in blocks, and per pair of its masks

Compute = Callable[[Tensor, Tensor, Tensor, Pattern], Tensor]


class Size(NamedTuple):
    """One place of a sweep: so many tokens, so wide a window."""

    seq_len: int
    window_size: int


@dataclass(frozen=True)
class Step:
    """What is computed once: `run` gives tensors with a row per query; `effort` in forward passes.

    The backward pass computes the scores again and has four more products of the same size as the
    forward pass's two (FlashAttention-2, arXiv 2307.08691), so a whole step costs 3.5 of them.
    """

    run: Callable[[Compute, Tensor, Tensor, Tensor, Pattern], tuple[Tensor, ...]]
    effort: float = 1.0


def forward(
    compute: Compute, query: Tensor, key: Tensor, value: Tensor, pattern: Pattern
) -> tuple[Tensor, ...]:
    """The output alone."""
    return (compute(query, key, value, pattern),)


def training_step(
    compute: Compute, query: Tensor, key: Tensor, value: Tensor, pattern: Pattern
) -> tuple[Tensor, ...]:
    """Forward and backward: the output, and what the loss's gradient is at the queries.

    The gradient that comes from above is the query itself; its numbers do not matter.
    """
    inputs = [tensor.detach().requires_grad_() for tensor in (query, key, value)]
    output = compute(*inputs, pattern)
    query_grad, _, _ = torch.autograd.grad(output, inputs, query)
    return output.detach(), query_grad


FORWARD, TRAINING = Step(forward), Step(training_step, effort=3.5)


def one_output(size: Size) -> int:
    """A fused kernel needs its output and next to nothing else: it never writes scores down."""
    return output_bytes(size.seq_len, N_HEADS, HEAD_DIM)


def drawn_mask(size: Size) -> int:
    """Drawing a mask takes some bytes for every pair of tokens."""
    return one_output(size) + MASK_BYTES_PER_PAIR * size.seq_len**2


def full_step(size: Size) -> int:
    """Output, gradients, and torch's copies of them."""
    return STEP_OUTPUTS * one_output(size)


def masked_step(size: Size) -> int:
    """The same, and the mask."""
    return full_step(size) + drawn_mask(size)


def blocks_step(size: Size) -> int:
    """Outputs and gradients, every block's mask, and the gradients of the keys near one stretch."""
    n = size.seq_len
    pattern = SlidingWindow(min(size.window_size, n))
    block, width = block_size(pattern, n), block_width(pattern, n)
    stretch = min(n, block * blocks_at_once(pattern, n, group=1))
    near = 2 * stretch / n * width / block
    return int((BLOCKS_OUTPUTS + near) * one_output(size)) + KEPT_MASK_BYTES * n * width


@dataclass(frozen=True)
class Contender:
    """A kernel in the race and what it is asked for.

    A contender that is not `windowed` computes full causal attention.  One that scores the
    `whole_square` pays for every pair of tokens, whatever its pattern hides.  `memory` is what one
    call needs beside its inputs, in bytes; a test holds it against a process of its own.
    """

    name: str
    label: str
    kernel: Kernel
    step: Step = FORWARD
    memory: Callable[[Size], int] = one_output
    windowed: bool = True
    whole_square: bool = False

    def pattern(self, size: Size) -> Pattern:
        """Which keys its queries read."""
        return SlidingWindow(size.window_size) if self.windowed else Causal()

    def refuses(self, size: Size) -> str | None:
        """The reason why its kernel cannot do this, or None."""
        return self.kernel.supports(self.pattern(size), needs_grad=self.step is TRAINING)

    def pairs(self, size: Size) -> int:
        """Score pairs that it computes, those that it throws away included."""
        if self.whole_square:
            return size.seq_len**2
        return score_pairs(self.pattern(size), size.seq_len)

    def call(self, inputs: tuple[Tensor, Tensor, Tensor], size: Size) -> tuple[Tensor, ...]:
        """Compute once; tensors [1, n_heads, seq_len, head_dim]."""
        return self.step.run(self.kernel, *inputs, self.pattern(size))


@dataclass(frozen=True)
class Race:
    """Contenders, and who of them is what: `rival`, `twin`, `window` and `mask` are their names."""

    contenders: tuple[Contender, ...]
    rival: str
    twin: str
    window: str
    mask: str

    def label(self, name: str) -> str:
        """A contender's name for people."""
        return next(c.label for c in self.contenders if c.name == name)


RIVAL, MASKED, BLOCKS = "torch, full", "torch, full + band mask", "torch in blocks, window"
RACES = {
    "forward pass": Race(
        (
            Contender("sdpa_full", RIVAL, KERNELS["sdpa_full"], windowed=False),
            Contender("sdpa_mask", MASKED, KERNELS["sdpa_mask"], FORWARD, drawn_mask, True, True),
            Contender("same_full", "our kernel, full", KERNELS["band_numba"], windowed=False),
            Contender("band_numba", "our kernel, window", KERNELS["band_numba"]),
        ),
        rival="sdpa_full",
        twin="same_full",
        window="band_numba",
        mask="sdpa_mask",
    ),
    # Torch's own attention, cut into blocks: its full attention is rival and twin at once.
    "training step": Race(
        (
            Contender(
                "sdpa_full", RIVAL, KERNELS["sdpa_full"], TRAINING, full_step, windowed=False
            ),
            Contender("sdpa_mask", MASKED, KERNELS["sdpa_mask"], TRAINING, masked_step, True, True),
            Contender("band_torch", BLOCKS, KERNELS["band_torch"], TRAINING, blocks_step),
        ),
        rival="sdpa_full",
        twin="sdpa_full",
        window="band_torch",
        mask="sdpa_mask",
    ),
}
