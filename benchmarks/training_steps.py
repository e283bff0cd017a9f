"""What does a training step cost, forward and backward, windowed and full?"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from benchmarks.check import sample_rows
from benchmarks.contender import Contender, Inputs, Prepared, Shape, unit_normal_inputs
from benchmarks.contenders import BAND_TORCH, FULL
from benchmarks.linear import EXPONENT, judged
from benchmarks.races import Run
from benchmarks.section import Curve, Section, curve_section, median_ms
from benchmarks.turns import in_turn
from swa_viz.attention import attention
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.timing.findings import exponent

# A gradient adds up what many queries give back; torch's own, of 16,384 tokens, is 1.4e-5 off.
GRADIENT_TOLERANCE = 5e-5
LENGTHS = (1024, 2048, 4096, 8192, 16384)
QUICK_LENGTHS = LENGTHS[:3]


class Case(NamedTuple):
    """A kernel that has gradients, on one pattern."""

    name: str
    contender: Contender
    pattern: Pattern


CASES = (
    Case("band_torch, W 256", BAND_TORCH, SlidingWindow(256)),
    Case("sdpa_full", FULL, Causal()),
)


def gradients(
    attend: Callable[..., torch.Tensor], inputs: Inputs, upstream: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    """Forward, and backward from the gradient `upstream` of the output."""
    leaves = [t.detach().requires_grad_() for t in inputs]
    return torch.autograd.grad(attend(*leaves), leaves, upstream)


def gradient_error(contender: Contender, inputs: Inputs, pattern: Pattern) -> float:
    """The largest error of all gradients, when only a sample of output rows sends any back.

    Then the reference needs those rows alone, one at a time, so it can be afforded at any length.
    """
    n, (query, key, value) = inputs.shape.seq_len, inputs
    upstream = torch.zeros_like(query)
    truth = [torch.zeros_like(t, dtype=torch.float64) for t in inputs]
    for row in sample_rows(n):
        one = slice(row, row + 1)
        upstream[:, :, one] = query[:, :, one].flip(-1)  # any numbers will do
        past = Inputs(query[:, :, one], key[:, :, : row + 1], value[:, :, : row + 1])
        found = gradients(
            lambda *qkv: attention(*qkv, pattern).output,
            Inputs(*(t.double() for t in past)),
            upstream[:, :, one].double(),
        )
        for total, part, begin in zip(truth, found, (row, 0, 0), strict=True):
            total[:, :, begin : row + 1] += part
    ours = gradients(lambda *qkv: contender.prepare(Inputs(*qkv), pattern).call(), inputs, upstream)
    errors = ((a - b).abs().max() / b.abs().max() for a, b in zip(ours, truth, strict=True))
    return max(float(error.nan_to_num(float("inf"))) for error in errors)


def training_step(contender: Contender, inputs: Inputs, pattern: Pattern) -> Prepared:
    """A forward and a backward pass."""
    upstream = torch.ones_like(inputs.query)

    def attend(*qkv: torch.Tensor) -> torch.Tensor:
        return contender.prepare(Inputs(*qkv), pattern).call()

    return Prepared(lambda: gradients(attend, inputs, upstream))


def training(run: Run) -> Section:
    """Forward and backward of what has gradients, windowed and full, against n."""
    points: dict[str, dict[int, tuple[float, ...]]] = {case.name: {} for case in CASES}
    problems = []
    for n in QUICK_LENGTHS if run.quick else LENGTHS:
        run.say(f"n = {n:,}: training steps")
        inputs, right = unit_normal_inputs(Shape(n)), []
        for case in CASES:
            error = gradient_error(case.contender, inputs, case.pattern)
            if error <= GRADIENT_TOLERANCE:
                right.append(case)
            else:
                problems.append(f"{case.name}, n = {n:,}: WRONG gradients, error {error:.1e}.")
        steps = [training_step(case.contender, inputs, case.pattern) for case in right]
        for case, times in zip(right, in_turn(steps, run.effort.rounds), strict=True):
            points[case.name][n] = times
    curves = [
        Curve(name, tuple(line), tuple(map(median_ms, line.values())))
        for name, line in points.items()
    ]
    raw = [
        {"case": name, "times_s": {str(n): t for n, t in p.items()}} for name, p in points.items()
    ]
    window = curves[0]
    grows = judged(window.name, exponent(window.lengths, window.times_ms), EXPONENT)
    sentences = [grows, *problems]
    title = "A training step, forward and backward"
    return curve_section("training", title, sentences, curves, raw)
