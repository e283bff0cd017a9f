"""A sweep: the same race at several text lengths, or under several windows.

The one idea: a sweep is a generator, and nothing happens between two steps.  Whoever asks for no
further step has cancelled, at most one call late, and keeps the sizes that were finished.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from swa_viz.patterns import SlidingWindow
from swa_viz.timing.check import get_ready
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.forecast import Effort, Entry, expected_s, leave_out
from swa_viz.timing.race import Step, race
from swa_viz.timing.rivals import Race
from swa_viz.timing.timing import Points, Size, Timing
from swa_viz.timing.yardstick import Instruments

WAKING_SIZE = Size(64, 16)
# Longest text, window, repeats.
PRESETS = {"phone-sized": (2048, 128, 5), "Mistral": (16_384, 4096, 3)}
MOST_BYTES = {"cpu": 2.5 * 2**30}  # of the server's memory; a GPU is nobody else's


@dataclass(frozen=True)
class SweepPlan:
    """What is to be timed, in which order, how often, and in how many seconds at most."""

    sizes: tuple[Size, ...]
    repeats: int
    budget_s: float
    race: Race

    @property
    def effort(self) -> Effort:
        """How much one call may take."""
        device = self.race.device
        most_bytes = MOST_BYTES.get(device.type, float("inf"))
        return Effort(self.repeats, most_bytes=most_bytes, device=device)

    @property
    def over_windows(self) -> bool:
        """Whether the window changes, and not the text."""
        return len({size.seq_len for size in self.sizes}) == 1

    def entries(self, size: Size) -> list[Entry]:
        """Everyone is asked for the window; those who have none compute full attention."""
        return [Entry(c, SlidingWindow(size.window_size)) for c in self.race.contenders]

    def expected_s(self, place: int = 0, points: Points = (), share: float = 0.0) -> float:
        """How long the sizes from `place` on should take, judged by the times so far.

        A `share` of the first of them is done.
        """
        seconds = [
            expected_s(self.entries(size), Shape(size.seq_len), self.effort, points)
            for size in self.sizes[place:]
        ]
        return sum(seconds) - share * seconds[0]


def sweep_over_tokens(
    longest: int, window_size: int, repeats: int, budget_s: float, race: Race
) -> SweepPlan:
    """Double the text four times, up to `longest`, under the same window."""
    sizes = tuple(Size(longest // 2**k, window_size) for k in (4, 3, 2, 1, 0))
    return SweepPlan(sizes, repeats, budget_s, race)


def sweep_over_windows(seq_len: int, repeats: int, budget_s: float, race: Race) -> SweepPlan:
    """Double the window four times, up to a quarter of the same text."""
    sizes = tuple(Size(seq_len, seq_len // 2**k) for k in (6, 5, 4, 3, 2))
    return SweepPlan(sizes, repeats, budget_s, race)


@dataclass(frozen=True)
class Progress:
    """Where a sweep stands: the next step, and the points of all sizes that are finished."""

    step: Step
    place: int
    points: tuple[Timing, ...]

    def remaining_s(self, plan: SweepPlan) -> float:
        """How long the rest of the plan should take, judged by the times so far."""
        return plan.expected_s(self.place, self.points, self.step.share)


def wake(plan: SweepPlan, entry: Entry) -> None:
    """A first small call lets a kernel load or compile its machine code."""
    shape = Shape(WAKING_SIZE.seq_len)
    if not leave_out(entry, shape, plan.effort):
        with suppress(Exception):  # the race will meet it again, and tell
            inputs = unit_normal_inputs(shape, plan.race.device)
            get_ready(entry.contender, inputs, entry.pattern).call()


def run_sweep(plan: SweepPlan, instruments: Instruments | None = None) -> Iterator[Progress]:
    """Check and time all contenders at all sizes of the plan; yield before every step.

    Whatever compiles has done so before the time limit begins to run.
    """
    instruments = instruments or Instruments(plan.race.device)
    points: tuple[Timing, ...] = ()
    for entry in plan.entries(WAKING_SIZE):
        yield Progress(Step("waking", entry.contender.name), 0, points)
        wake(plan, entry)
    deadline = instruments.clock() + plan.budget_s
    for place, size in enumerate(plan.sizes):
        shape, entries = Shape(size.seq_len), plan.entries(size)
        for step in race(shape, entries, plan.effort, points, instruments, deadline):
            points += step.timings
            yield Progress(step, place, points)
