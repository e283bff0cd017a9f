"""Time the real kernels here and now.

The one idea: a time counts only after its result did.  At every size each contender first computes
once, which also warms it up, and a sample of its rows is compared with the float64 reference.  Only
those that agree are timed, in turn, round by round, so that a disturbance hits all of them alike.
After every round a yardstick says whether there was one; if so, the round is done again.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from swa_viz.attention import attention
from swa_viz.shapes import Tensor
from swa_viz.timing.findings import best_ms, is_busy
from swa_viz.timing.plan import (
    PAUSE_S,
    SHORT_CALL_S,
    WRONG,
    SweepPlan,
    TimingPoint,
    calls_at_once,
    expected_s,
    leave_out,
)
from swa_viz.timing.race import HEAD_DIM, N_HEADS, Contender, Size
from swa_viz.timing.yardstick import Reading, read_yardstick, seconds_of

WAKING_SIZE = Size(64, 16)
CHECKED_ROWS = 8
MOST_ROUNDS = 2  # times as many as planned, if the server is busy
TOLERANCE = 1e-4

Inputs = tuple[Tensor, Tensor, Tensor]


def unit_normal_inputs(seq_len: int, device: str = "cpu") -> Inputs:
    """Query, key and value [1, n_heads, seq_len, head_dim] of random numbers, always the same."""
    source = torch.Generator().manual_seed(seq_len)
    shape = (1, N_HEADS, seq_len, HEAD_DIM)
    return tuple(torch.randn(shape, generator=source).to(device) for _ in range(3))


@dataclass(frozen=True)
class Bench:
    """What a sweep measures with; a test puts its own in."""

    clock: Callable[[], float] = time.perf_counter
    pause: Callable[[float], None] = time.sleep
    read: Callable[[str], Reading] = read_yardstick
    make_inputs: Callable[[int], Inputs] = unit_normal_inputs


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

    def remaining_s(self, plan: SweepPlan, contenders: Sequence[Contender] = ()) -> float:
        """How long the rest of the plan should take, judged by the times so far."""
        contenders = contenders or plan.race.contenders
        this, later = (
            expected_s(sizes, plan.repeats, contenders, self.points)
            for sizes in (plan.sizes[self.place : self.place + 1], plan.sizes[self.place + 1 :])
        )
        return (1 - self.share) * this + later


def agrees(contender: Contender, size: Size, outputs: tuple[Tensor, ...], inputs: Inputs) -> bool:
    """Whether a sample of rows, first and last included, equals the float64 reference.

    In causal attention row i, and its query's gradient, is what the newest token of a text of i + 1
    tokens gets.  So the reference needs one query and i + 1 keys: affordable at any length.
    """
    query, key, value = inputs
    if any(output.shape != query.shape for output in outputs):
        return False
    rows = sorted({int(row) for row in np.linspace(0, query.shape[-2] - 1, CHECKED_ROWS)})
    truths = [
        contender.step.run(
            lambda *asked: attention(*asked).output,
            query[..., row : row + 1, :].double(),
            key[..., : row + 1, :].double(),
            value[..., : row + 1, :].double(),
            contender.pattern(size),
        )
        for row in rows
    ]
    for output, truth in zip(outputs, zip(*truths, strict=True), strict=True):
        truth = torch.cat(truth, dim=-2)
        error = (output[..., rows, :].double() - truth).abs().max()
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
    return "" if agrees(contender, size, contender.call(inputs, size), inputs) else WRONG


def time_ms(contender: Contender, size: Size, inputs: Inputs, bench: Bench, call_s: float) -> float:
    """Milliseconds of one call, which should take about `call_s`."""
    n_calls = calls_at_once(call_s)

    def calls() -> None:
        for _ in range(n_calls):
            contender.call(inputs, size)

    bench.pause(PAUSE_S)
    if call_s < SHORT_CALL_S:
        calls()
    return 1000 * seconds_of(calls, inputs[0].device.type, bench.clock) / n_calls


class Round(NamedTuple):
    """The times of all contenders in one round, and the yardstick before and after it."""

    times_ms: dict[str, float]
    readings: tuple[Reading, Reading]

    @property
    def worse(self) -> Reading:
        """The slower of the two, with the smaller share."""
        before, after = self.readings
        return Reading(max(before.ms, after.ms), min(before.share, after.share))


def busy_ones(rounds: Sequence[Round], points: tuple[TimingPoint, ...]) -> list[bool]:
    """Beside which rounds the server was busy, before or after.

    The yardstick decides, never the times themselves: to choose by them would flatter.
    """
    best = best_ms(points, [reading for one in rounds for reading in one.readings])
    return [is_busy([one.worse], best) for one in rounds]


def enough(rounds: Sequence[Round], points: tuple[TimingPoint, ...], repeats: int) -> bool:
    """Whether as many rounds as planned were quiet, or it was tried for long."""
    n_quiet = busy_ones(rounds, points).count(False)
    return n_quiet >= repeats or len(rounds) >= MOST_ROUNDS * repeats


def quiet_first(rounds: Sequence[Round], points: tuple[TimingPoint, ...]) -> list[Round]:
    """The rounds in their order, those beside which the server was busy last."""
    busy = dict(enumerate(busy_ones(rounds, points)))
    return [rounds[number] for number in sorted(busy, key=busy.__getitem__)]


def run_size(
    plan: SweepPlan,
    points: tuple[TimingPoint, ...],
    place: int,
    contenders: Sequence[Contender],
    bench: Bench,
    deadline: float,
) -> Generator[Progress, None, tuple[TimingPoint, ...]]:
    """Check, then time all contenders at one size; return `points` with the new ones added."""
    size, notes, call_s = plan.sizes[place], {}, {}
    inputs = bench.make_inputs(size.seq_len)
    for contender in contenders:
        share = len(notes) / len(contenders) / (plan.repeats + 1)
        yield Progress(f"checking {contender.label}", size, place, share, points)
        left_s = deadline - bench.clock()
        notes[contender.name] = verdict(contender, size, inputs, points, plan.repeats, left_s)
        call_s[contender.name] = left_s - (deadline - bench.clock())

    ready = [contender for contender in contenders if not notes[contender.name]]
    rounds: list[Round] = []
    before = bench.read(inputs[0].device.type)
    while not enough(rounds, points, plan.repeats):
        if rounds and bench.clock() > deadline:
            break
        number, times_ms = len(rounds) + 1, {}
        again = f"round {number} of {plan.repeats}"
        if number > plan.repeats:
            again = f"round {number}, since the server was busy during another"
        for contender in ready:
            share = min(number, plan.repeats) / (plan.repeats + 1)
            yield Progress(f"{again}, {contender.label}", size, place, share, points)
            name = contender.name
            times_ms[name] = time_ms(contender, size, inputs, bench, call_s[name])
            call_s[name] = min(call_s[name], times_ms[name] / 1000)
        after = bench.read(inputs[0].device.type)
        rounds.append(Round(times_ms, (before, after)))
        before = after
    kept = quiet_first(rounds, points)[: plan.repeats]
    readings = tuple(reading for one in kept for reading in one.readings)
    return points + tuple(
        TimingPoint(
            name, size, tuple(one.times_ms[name] for one in kept if not note), note, readings
        )
        for name, note in notes.items()
    )


def run_sweep(
    plan: SweepPlan, contenders: Sequence[Contender] = (), bench: Bench | None = None
) -> Iterator[Progress]:
    """Check and time all contenders at all sizes of the plan; yield before every timing.

    Nothing happens between two steps, so whoever asks for no further step has cancelled, at most
    one timing late, and keeps the points of the sizes that were finished.  A first small call lets
    a kernel load or compile its machine code, before the time limit begins to run.
    """
    contenders, bench = contenders or plan.race.contenders, bench or Bench()
    points: tuple[TimingPoint, ...] = ()
    for contender in contenders:
        doing = f"waking {contender.label}, which may compile for some seconds the first time"
        yield Progress(doing, plan.sizes[0], 0, 0.0, points)
        if not contender.refuses(WAKING_SIZE):
            contender.call(bench.make_inputs(WAKING_SIZE.seq_len), WAKING_SIZE)
    deadline = bench.clock() + plan.budget_s
    for place, size in enumerate(plan.sizes):
        points = yield from run_size(plan, points, place, contenders, bench, deadline)
        yield Progress("finished", size, place, 1.0, points)
