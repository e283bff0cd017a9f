"""Is it right?  A sample of rows against the float64 reference, affordable at any length.

The one idea: attention from one query reads only the keys that its rule allows.  So the reference
needs one query and those keys, never a whole matrix; and if only the sampled rows send a gradient
back, they are also all that it needs to know every gradient.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch

from swa_viz.attention import attention
from swa_viz.patterns import Causal, Pattern
from swa_viz.shapes import Float, Tensor
from swa_viz.timing.contender import Contender, Inputs

CHECKED_ROWS = 16
SUMMED, ROUNDINGS, GRADIENT_FACTOR = 1e-5, 2, 5


def tolerance(dtype: torch.dtype, gradient: bool = False) -> float:
    """The largest error that is allowed, relative to the largest number of the truth.

    A row of float32 is a sum over many keys, whose roundings add up: good kernels stay below 2e-6
    at 131,072 keys.  Numbers of 16 bits are rounded twice, as weights and as output, which is far
    more.  A gradient adds up what many queries give back: torch's own, of 16,384 tokens, is 1.4e-5
    off.

    >>> tolerance(torch.float32), tolerance(torch.bfloat16), tolerance(torch.float32, gradient=True)
    (1e-05, 0.015625, 5e-05)
    """
    allowed = max(SUMMED, ROUNDINGS * torch.finfo(dtype).eps)
    return GRADIENT_FACTOR * allowed if gradient else allowed


class Check(NamedTuple):
    """The largest error found, and the largest that is allowed, both relative to the truth."""

    error: float
    allowed: float

    @property
    def right(self) -> bool:
        """Whether a time may count."""
        return self.error <= self.allowed


def sample_rows(n: int) -> list[int]:
    """Up to CHECKED_ROWS positions, evenly spread, the first and the last included.

    >>> sample_rows(3)
    [0, 1, 2]
    """
    return sorted({int(row) for row in np.linspace(0, n - 1, CHECKED_ROWS)})


def sampled(inputs: Inputs, pattern: Pattern) -> Iterator[tuple[int, Tensor, Inputs]]:
    """Row, the positions of the keys that it reads, and its query and those keys in float64."""
    query, key, value = (tensor.detach().cpu() for tensor in inputs)
    positions = torch.arange(inputs.shape.seq_len, device="cpu")
    for row in sample_rows(inputs.shape.seq_len):
        read = pattern.visible(positions[row], positions).nonzero()[:, 0]
        near = (key[:, :, read].double(), value[:, :, read].double())
        yield row, read, Inputs(query[:, :, row : row + 1].double(), *near)


def relative(found: Tensor, truth: Tensor) -> float:
    """The largest error; infinite where the result holds something that is no number."""
    error = (found.double() - truth).abs().max() / truth.abs().max()
    return float(error.nan_to_num(torch.inf))


def check_output(
    output: Float[Tensor, "1 n_heads seq_len head_dim"], inputs: Inputs, pattern: Pattern
) -> Check:
    """The largest error in a sample of rows, relative to the largest number in its row.

    Infinite for a wrong shape.
    """
    allowed = tolerance(inputs.query.dtype)
    if output.shape != inputs.query.shape:
        return Check(float("inf"), allowed)
    output = output.detach().cpu()
    errors = (
        relative(output[:, :, row : row + 1], attention(*near, Causal()).output)
        for row, _, near in sampled(inputs, pattern)
    )
    return Check(max(errors), allowed)


def check_gradients(
    gradients: Callable[[Tensor], tuple[Tensor, ...]], inputs: Inputs, pattern: Pattern
) -> Check:
    """The largest error of the three gradients, each relative to its largest number.

    `gradients` runs backward from a gradient of the output [1, n_heads, seq_len, head_dim].
    """
    upstream = torch.zeros_like(inputs.query, device="cpu")
    truth = [torch.zeros_like(t, dtype=torch.float64, device="cpu") for t in inputs]
    for row, read, near in sampled(inputs, pattern):
        sent_back = near.query.flip(-1)  # any numbers will do
        upstream[:, :, row : row + 1] = sent_back
        leaves = [tensor.requires_grad_() for tensor in near]
        parts = torch.autograd.grad(attention(*leaves, Causal()).output, leaves, sent_back.detach())
        for total, part, at in zip(truth, parts, (slice(row, row + 1), read, read), strict=True):
            total[:, :, at] += part
    found = gradients(upstream.to(inputs.query.device))
    errors = (relative(a.cpu(), b) for a, b in zip(found, truth, strict=True))
    return Check(max(errors), tolerance(inputs.query.dtype, gradient=True))


class Ready(NamedTuple):
    """What is timed, and what says whether it is right."""

    call: Callable[[], object]
    check: Callable[[], Check]


def get_ready(contender: Contender, inputs: Inputs, pattern: Pattern) -> Ready:
    """Let a contender prepare itself; whatever it raises is raised here or by its calls."""
    if contender.trains:
        return get_ready_to_train(contender, inputs, pattern)
    prepared = contender.prepare(inputs, pattern)
    call = torch.no_grad()(prepared.call)
    return Ready(call, lambda: check_output(prepared.read(call()), inputs, pattern))


def get_ready_to_train(contender: Contender, inputs: Inputs, pattern: Pattern) -> Ready:
    """The same forward and backward.  What comes from above is the query; any numbers will do."""
    leaves = Inputs(*(tensor.detach().requires_grad_() for tensor in inputs))
    prepared = contender.prepare(leaves, pattern)

    def output() -> Tensor:
        return prepared.read(prepared.call())

    def gradients(upstream: Tensor) -> tuple[Tensor, ...]:
        return torch.autograd.grad(output(), leaves, upstream)

    def check() -> Check:
        checks = (
            check_output(output(), inputs, pattern),
            check_gradients(gradients, inputs, pattern),
        )
        return max(checks, key=lambda check: check.error / check.allowed)

    return Ready(lambda: gradients(inputs.query), check)
