"""Time the real kernels here and now.

The one idea: a time counts only after its result did.  At every size each contender first computes
once, which also warms it up, and a sample of its rows is compared with the float64 reference.  Only
those that agree are timed, in turn, round by round, so that a disturbance hits all of them alike.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from swa_viz.attention import attention
from swa_viz.experiments.timing_plan import (
    CONTENDERS,
    HEAD_DIM,
    N_HEADS,
    WRONG,
    Contender,
    Size,
    SweepPlan,
    TimingPoint,
    expected_s,
    leave_out,
)
from swa_viz.patterns import Pattern
from swa_viz.shapes import Float, Tensor

WAKING_SIZE = Size(64, 16)
CHECKED_ROWS = 8
TOLERANCE = 1e-4

Inputs = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class Progress:
    """Where a sweep stands: the next call, and the points of all sizes that are finished.

    `share` is the part of this size's calls that lies behind.
    """

    doing: str
    size: Size
    place: int
    share: float
    points: tuple[TimingPoint, ...]

    def remaining_s(self, plan: SweepPlan, contenders: Sequence[Contender] = CONTENDERS) -> float:
        """How long the rest of the plan should take, judged by the times so far."""
        this, later = (
            expected_s(sizes, plan.repeats, contenders, self.points)
            for sizes in (plan.sizes[self.place : self.place + 1], plan.sizes[self.place + 1 :])
        )
        return (1 - self.share) * this + later


def unit_normal_inputs(seq_len: int) -> Inputs:
    """Query, key and value [1, n_heads, seq_len, head_dim] of random numbers, always the same."""
    source = torch.Generator().manual_seed(seq_len)
    return tuple(torch.randn(1, N_HEADS, seq_len, HEAD_DIM, generator=source) for _ in range(3))


def agrees(
    output: Float[Tensor, "batch n_heads seq_len head_dim"], inputs: Inputs, pattern: Pattern
) -> bool:
    """Whether a sample of rows, first and last included, equals the float64 reference.

    In causal attention row i is what the newest token of a text of i + 1 tokens gets.  So the
    reference needs one query and i + 1 keys for it: affordable at any length.
    """
    query, key, value = inputs
    if output.shape != query.shape:
        return False
    for row in {int(row) for row in np.linspace(0, query.shape[-2] - 1, CHECKED_ROWS)}:
        newest, past = slice(row, row + 1), slice(0, row + 1)
        truth = attention(
            query[..., newest, :].double(),
            key[..., past, :].double(),
            value[..., past, :].double(),
            pattern,
        ).output
        error = (output[..., newest, :].double() - truth).abs().max()
        if not error <= TOLERANCE * truth.abs().max():  # also catches a NaN
            return False
    return True


def verdict(
    contender: Contender,
    size: Size,
    inputs: Inputs,
    points: Sequence[TimingPoint],
    repeats: int,
    left_s: float,
) -> str:
    """The reason why a contender is not timed at a size; empty if it may be.

    Calling it is the contender's warm-up, too.
    """
    reason = leave_out(contender, size, points)
    if not reason and expected_s([size], repeats, [contender], points) > left_s:
        reason = "left out: beyond the time limit"
    if reason:
        return reason
    pattern = contender.pattern(size)
    return "" if agrees(contender.kernel(*inputs, pattern), inputs, pattern) else WRONG


def run_size(
    plan: SweepPlan,
    points: tuple[TimingPoint, ...],
    place: int,
    contenders: Sequence[Contender],
    inputs: Inputs,
    clock: Callable[[], float],
    deadline: float,
) -> Generator[Progress, None, tuple[TimingPoint, ...]]:
    """Check, then time all contenders at one size; return `points` with the new ones added."""
    size, notes = plan.sizes[place], {}
    times_ms = {contender.name: [] for contender in contenders}
    for contender in contenders:
        share = len(notes) / len(contenders) / (plan.repeats + 1)
        yield Progress(f"checking {contender.label}", size, place, share, points)
        left_s = deadline - clock()
        notes[contender.name] = verdict(contender, size, inputs, points, plan.repeats, left_s)

    for number in range(plan.repeats):
        if number and clock() > deadline:
            break
        for contender in contenders:
            if notes[contender.name]:
                continue
            doing = f"round {number + 1} of {plan.repeats}, {contender.label}"
            yield Progress(doing, size, place, (number + 1) / (plan.repeats + 1), points)
            started = clock()
            contender.kernel(*inputs, contender.pattern(size))
            times_ms[contender.name].append(1000 * (clock() - started))
    return points + tuple(
        TimingPoint(name, size, tuple(times), notes[name]) for name, times in times_ms.items()
    )


def run_sweep(
    plan: SweepPlan,
    contenders: Sequence[Contender] = CONTENDERS,
    clock: Callable[[], float] = time.perf_counter,
    make_inputs: Callable[[int], Inputs] = unit_normal_inputs,
) -> Iterator[Progress]:
    """Check and time all contenders at all sizes of the plan; yield before every single call.

    Nothing happens between two steps, so whoever asks for no further step has cancelled, at most
    one call late, and keeps the points of the sizes that were finished.  A first small call lets a
    kernel load or compile its machine code, before the time limit begins to run.
    """
    points: tuple[TimingPoint, ...] = ()
    for contender in contenders:
        yield Progress(f"waking {contender.label}", plan.sizes[0], 0, 0.0, points)
        if not contender.kernel.supports(contender.pattern(WAKING_SIZE)):
            contender.kernel(*make_inputs(WAKING_SIZE.seq_len), contender.pattern(WAKING_SIZE))
    deadline = clock() + plan.budget_s
    for place, size in enumerate(plan.sizes):
        inputs = make_inputs(size.seq_len)
        points = yield from run_size(plan, points, place, contenders, inputs, clock, deadline)
        yield Progress("finished", size, place, 1.0, points)


class TimingQueue:
    """One timing at a time, first come, first served.

    A ticket is a place in a list, and leaves the list with its `with` block, whatever ends that:
    a visitor who closes the page holds nobody up.
    """

    def __init__(self):
        self._tickets: list[object] = []
        self._lock = threading.Lock()

    @contextmanager
    def ticket(self) -> Iterator[Callable[[], int]]:
        """Queue up; gives a function that tells how many are still before this ticket."""
        ticket = object()
        with self._lock:
            self._tickets.append(ticket)
        try:
            yield lambda: self._tickets.index(ticket)
        finally:
            with self._lock:
                self._tickets.remove(ticket)


QUEUE = TimingQueue()
