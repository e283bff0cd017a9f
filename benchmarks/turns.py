"""Taking turns: how one call is timed so that nobody disturbs the next one."""

import time
from collections.abc import Callable, Iterator, Sequence

import torch

from benchmarks.contender import Prepared

# The threads of OpenMP go on spinning for a while after their work is done (torch and numba bring
# an OpenMP each, ggml and ONNX Runtime have their own pools): a kernel that starts at once after
# another's call shares the cores with them, and was measured to take up to four times as long.  So
# everyone waits until they sleep, and then wakes up by calls that are not timed, until one is as
# fast as it should be.  Memory has to wake up, too: pages that were free for some seconds may have
# gone back to a virtual machine's host, and the next calls that touch them take twice as long.
PAUSE_S = 0.03
WAKE_BELOW_S = 0.5  # a longer call is not worth repeating
MOST_WAKING, AWAKE = 5, 1.1  # calls; times as long as it should take
TURN_S = 0.03  # so long a contender is timed in one turn, or once
MOST_CALLS = 10  # in one turn
YARDSTICK_SIZE = 768


def yardstick_s(size: int = YARDSTICK_SIZE) -> float:
    """Seconds of a piece of work that is always the same: if it changes, the machine is busy."""
    square = torch.ones(size, size)
    started = time.perf_counter()
    square @ square
    return time.perf_counter() - started


def seconds_of(prepared: Prepared, clock: Callable[[], float]) -> float:
    """How long one call takes."""
    started = clock()
    prepared.call()
    return clock() - started


def turn(prepared: Prepared, usual_s: float, clock: Callable[[], float]) -> list[float]:
    """One contender's turn in one round: pause, wake up, and the times of a few calls.

    `usual_s` is how long one call takes at its best.
    """
    time.sleep(PAUSE_S)
    if usual_s < WAKE_BELOW_S:
        for _ in range(MOST_WAKING):
            if seconds_of(prepared, clock) <= AWAKE * usual_s:
                break
    times = []
    while not times or (sum(times) + usual_s < TURN_S and len(times) < MOST_CALLS):
        times.append(seconds_of(prepared, clock))
    return times


def in_turn(
    prepared: Sequence[Prepared], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> Iterator[tuple[float, ...]]:
    """Every single time of a few calls that are timed in turn, without a check of their results."""
    times = []
    for one in prepared:
        one.call()
        times.append([seconds_of(one, clock)])
    for _ in range(rounds):
        for one, so_far in zip(prepared, times, strict=True):
            so_far += turn(one, min(so_far), clock)
    return (tuple(so_far[1:]) for so_far in times)
