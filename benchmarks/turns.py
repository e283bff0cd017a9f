"""Taking turns: how one call is timed so that nobody disturbs the next one."""

import time
from collections.abc import Callable, Iterator, Sequence

import torch

from benchmarks.contender import Prepared

# The threads of OpenMP go on spinning for a while after their work is done (torch and numba bring
# an OpenMP each, ggml and ONNX Runtime have their own pools): a kernel that starts at once after
# another's call shares the cores with them, and was measured to take up to four times as long.  So
# everyone waits until they sleep, wakes its own threads by one call, and only then is timed.
PAUSE_S = 0.03
WAKE_BELOW_S = 0.2  # a longer call is not worth doubling: waking takes microseconds of it
TURN_S = 0.03  # so long a contender is timed in one turn, or once
MOST_CALLS = 10  # in one turn
YARDSTICK_SIZE = 768


def yardstick_s(size: int = YARDSTICK_SIZE) -> float:
    """Seconds of a piece of work that is always the same: if it changes, the machine is busy."""
    square = torch.ones(size, size)
    started = time.perf_counter()
    square @ square
    return time.perf_counter() - started


def turn(prepared: Prepared, usual_s: float, clock: Callable[[], float]) -> list[float]:
    """One contender's turn in one round: pause, wake up, and the times of a few calls."""
    time.sleep(PAUSE_S)
    if usual_s < WAKE_BELOW_S:
        prepared.call()
    times = []
    while not times or (sum(times) + usual_s < TURN_S and len(times) < MOST_CALLS):
        started = clock()
        prepared.call()
        times.append(clock() - started)
    return times


def in_turn(
    prepared: Sequence[Prepared], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> Iterator[tuple[float, ...]]:
    """Every single time of a few calls that are timed in turn, without a check of their results."""
    usual = []
    for one in prepared:
        one.call()
        started = clock()
        one.call()
        usual.append(clock() - started)
    times = [[] for _ in prepared]
    for _ in range(rounds):
        for one, usual_s, so_far in zip(prepared, usual, times, strict=True):
            so_far += turn(one, usual_s, clock)
    return map(tuple, times)
