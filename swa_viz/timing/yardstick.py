"""How a call is timed, and how we know that the machine was ours while we did.

The one idea: a small piece of work that never changes is timed again and again between the calls.
If it slows down, something else is running, and whatever was timed around it cannot be trusted.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import torch

YARD = 640  # a matrix product of this size takes a few milliseconds
RUNS = 4


class Reading(NamedTuple):
    """One look at the yardstick: how long it took, and which share of our threads really ran.

    Threads that wait for a core use no processor time.  So a machine that is busy all along, whose
    yardstick is slow but steady, shows here.
    """

    ms: float
    share: float = 1.0


def seconds_on_gpu(call: Callable[[], object], make_event: Callable | None = None) -> float:
    """Time between two marks in the GPU's own queue: a call returns before its work is done."""
    make_event = make_event or torch.cuda.Event
    before, after = make_event(enable_timing=True), make_event(enable_timing=True)
    before.record()
    call()
    after.record()
    after.synchronize()
    return before.elapsed_time(after) / 1000


def seconds_of(
    call: Callable[[], object],
    device_type: str = "cpu",
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """How long a call takes, by the clock that is right for the device of its tensors."""
    if device_type == "cuda":
        return seconds_on_gpu(call)
    started = clock()
    call()
    return clock() - started


def read_yardstick(
    device_type: str = "cpu",
    clock: Callable[[], float] = time.perf_counter,
    processor_clock: Callable[[], float] = time.process_time,
) -> Reading:
    """Time the yardstick, a matrix product, after one run that wakes the threads."""
    matrix = torch.ones(YARD, YARD, device=device_type)

    def work() -> None:
        for _ in range(RUNS):
            matrix @ matrix

    work()
    used_s, seconds = processor_clock(), seconds_of(work, device_type, clock)
    used_s = processor_clock() - used_s
    if device_type != "cpu" or not seconds:
        return Reading(1000 * seconds)
    return Reading(1000 * seconds, min(1.0, used_s / (seconds * torch.get_num_threads())))
