"""Stand-ins for the timing tests: a clock that only kernels move, and contenders that are told."""

from swa_viz.attention import attention
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.contender import Contender, Prepared, Shape
from swa_viz.timing.rivals import Race
from swa_viz.timing.timing import Timing
from swa_viz.timing.yardstick import CPU, Instruments, Reading

QUIET = Reading(10.0)


def right(inputs, pattern):
    """What the reference says."""
    return attention(*inputs, pattern).output


def made_up(name, compute=right, **what):
    """A contender that computes the reference, or what it is told to."""

    def prepare(inputs, pattern):
        return Prepared(lambda: compute(inputs, pattern))

    return Contender(name, f"the contender {name}", prepare, **what)


def race_of(*contenders):
    """Who runs; nobody has a role."""
    return Race(contenders, "", "", "", "", "")


class Track:
    """A clock that only contenders move, and a list of what was done in which order."""

    def __init__(self):
        self.now, self.done, self.readings = 0.0, [], iter(())
        self.instruments = Instruments(CPU, lambda: self.now, self.pause, self.read)

    def pause(self, seconds):
        self.done.append("pause")

    def read(self, device):
        self.done.append("yardstick")
        return next(self.readings, QUIET)

    def called(self, *names):
        """The calls of some contenders, in their order."""
        return [name for name in self.done if name in names]

    def contender(self, name, seconds=1.0, compute=right, **what):
        """A contender whose calls take so long; `seconds` may be a list, its last one stays."""
        left = list(seconds) if isinstance(seconds, (list, tuple)) else [seconds]

        def timed(inputs, pattern):
            self.done.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]
            return compute(inputs, pattern)

        return made_up(name, timed, **what)


def point(name, seq_len, window_size, *times_ms, note="", readings=(QUIET,) * 3):
    """A point of a sweep, in which full attention computes its own pattern."""
    asked = SlidingWindow(window_size)
    pattern = Causal() if "full" in name else asked
    return Timing(name, Shape(seq_len), asked, pattern, times_ms, note, readings)


def race_points(mask_ms=40.0, own_full_ms=10.0, window_ms=0.5):
    """Full attention grows as n^2, the window as n; at 4,096 tokens 20 ms against 0.5."""
    points = []
    for n in (1024, 2048, 4096):
        square, line = (n / 4096) ** 2, n / 4096
        points.append(point("sdpa_full", n, 64, 20.0 * square))
        points.append(point("sdpa_mask", n, 64, mask_ms * square))
        points.append(point("same_full", n, 64, own_full_ms * square))
        points.append(point("band_numba", n, 64, window_ms * line))
    return points
