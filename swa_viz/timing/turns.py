"""Taking turns: how one call is timed so that nobody disturbs the next one."""

import math
from collections.abc import Callable, Sequence

from swa_viz.timing.yardstick import Instruments, Reading

# The threads of OpenMP go on spinning for a while after their work is done (torch and numba bring
# an OpenMP each, ggml and ONNX Runtime have their own pools): a kernel that starts at once after
# another's call shares the cores with them, and was measured to take up to four times as long.  So
# everyone waits until they sleep, and then wakes up by calls that are not timed, until one is as
# fast as it should be.  Memory has to wake up, too: pages that were free for some seconds may have
# gone back to a virtual machine's host, and the next calls that touch them take twice as long.
PAUSE_S = 0.03
WAKE_BELOW_S = 0.5  # a longer call is not worth repeating
MOST_WAKING, AWAKE = 5, 1.1  # calls; times as long as it should take
BLINK_S, MOST_AT_ONCE = 0.01, 50  # a shorter call is repeated, for one alone says too little

Call = Callable[[], object]


def calls_at_once(call_s: float) -> int:
    """How many calls are timed as one, for a call of about so many seconds.

    >>> calls_at_once(0.2), calls_at_once(0.001), calls_at_once(0.0)
    (1, 10, 50)
    """
    return max(1, math.ceil(BLINK_S / max(call_s, BLINK_S / MOST_AT_ONCE)))


def look(instruments: Instruments) -> Reading:
    """Look at the yardstick when everyone's threads are asleep."""
    instruments.pause(PAUSE_S)
    return instruments.read(instruments.device)


def turn(call: Call, usual_s: float, instruments: Instruments) -> float:
    """Seconds of one call: pause, wake up, and time a few of them as one.

    `usual_s` is how long one call takes at its best.
    """
    instruments.pause(PAUSE_S)
    if usual_s < WAKE_BELOW_S:
        for _ in range(MOST_WAKING):
            if instruments.seconds_of(call) <= AWAKE * usual_s:
                break
    n_calls = calls_at_once(usual_s)

    def calls() -> None:
        for _ in range(n_calls):
            call()

    return instruments.seconds_of(calls) / n_calls


def in_turn(calls: Sequence[Call], rounds: int, instruments: Instruments) -> list[list[float]]:
    """The milliseconds of each of several calls in every round, without a check of their results.

    The first call of each only says how long it usually takes.
    """
    times = [[instruments.seconds_of(call)] for call in calls]
    for _ in range(rounds):
        for call, so_far in zip(calls, times, strict=True):
            so_far.append(turn(call, min(so_far), instruments))
    return [[1000 * seconds for seconds in so_far[1:]] for so_far in times]
