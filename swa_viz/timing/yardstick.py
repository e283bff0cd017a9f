"""How a call is timed, and how we know that the machine was ours while we did.

The one idea: a small piece of work that never changes is timed again and again between the calls.
If it slows down, something else is running, and whatever was timed around it cannot be trusted.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import torch

CPU = torch.device("cpu")
YARD = 640  # a matrix product of this size takes a few milliseconds
RUNS = 4
# The server is busy if the yardstick is so much slower than its best, or so small a part of the
# threads really runs: on two threads 0.83 to 1 when alone, and 0.5 beside one other.
MOST_DRIFT, LEAST_SHARE = 1.25, 0.7


class Reading(NamedTuple):
    """One look at the yardstick: how long it took, and which share of our threads really ran.

    Threads that wait for a core use no processor time.  So a machine that is busy all along, whose
    yardstick is slow but steady, shows here.
    """

    ms: float
    share: float = 1.0


def seconds_on_gpu(call: Callable[[], object], device: torch.device) -> float:
    """Time between two marks in the GPU's own queue: a call returns before its work is done."""
    with torch.cuda.device(device):
        before, after = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        before.record()
        call()
        after.record()
        after.synchronize()
    return before.elapsed_time(after) / 1000


def seconds_of(
    call: Callable[[], object],
    device: torch.device = CPU,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """How long a call takes, by the clock that is right for the device of its tensors."""
    if device.type == "cuda":
        return seconds_on_gpu(call, device)
    finish = torch.mps.synchronize if device.type == "mps" else lambda: None
    finish()
    started = clock()
    call()
    finish()
    return clock() - started


def read_yardstick(
    device: torch.device = CPU,
    clock: Callable[[], float] = time.perf_counter,
    processor_clock: Callable[[], float] = time.process_time,
) -> Reading:
    """Time the yardstick, a matrix product, after one run that wakes the threads."""
    matrix = torch.ones(YARD, YARD, device=device, dtype=torch.float32)

    def work() -> None:
        for _ in range(RUNS):
            matrix @ matrix

    work()
    used_s, seconds = processor_clock(), seconds_of(work, device, clock)
    used_s = processor_clock() - used_s
    if device.type != "cpu" or not seconds:
        return Reading(1000 * seconds)
    return Reading(1000 * seconds, min(1.0, used_s / (seconds * torch.get_num_threads())))


@dataclass(frozen=True)
class Instruments:
    """What a timing measures with, and on which device; a test puts its own in."""

    device: torch.device = CPU
    clock: Callable[[], float] = time.perf_counter
    pause: Callable[[float], None] = time.sleep
    read: Callable[[torch.device], Reading] = read_yardstick

    def seconds_of(self, call: Callable[[], object]) -> float:
        """How long a call takes."""
        return seconds_of(call, self.device, self.clock)


def share(readings: Sequence[Reading]) -> float:
    """Which part of our threads really ran around something."""
    return median(reading.share for reading in readings) if readings else 1.0


def best_ms(readings: Sequence[Reading]) -> float:
    """The yardstick at its best."""
    return min((reading.ms for reading in readings), default=0.0)


def is_busy(readings: Sequence[Reading], best: float) -> bool:
    """Whether the yardstick says that other work ran: it was slow, or threads waited for a core."""
    if not readings:
        return False
    slow = median(reading.ms for reading in readings) > MOST_DRIFT * best
    return slow or share(readings) < LEAST_SHARE
