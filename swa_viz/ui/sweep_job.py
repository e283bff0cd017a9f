"""A sweep that a visitor has started: it runs in the background, in its turn, and ends with them.

The one idea: before every point it asks whether it is still wanted.  It waits in two queues: one
lets a single sweep run at a time, the other is the one in which all runs of a model wait, so that
between two points of a sweep everybody else gets their answers.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from swa_viz.experiments.own_plan import OwnPlan
from swa_viz.experiments.points import Point
from swa_viz.experiments.sweep import Result, known_result, measure_and_keep
from swa_viz.kernels.kernel import PROCESSOR
from swa_viz.models.language_model import LanguageModel
from swa_viz.timing.queue import Queue, QueueFull

# Whoever comes when so many sweeps wait is told so.
JOBS = Queue(20)
LOOK_AGAIN_S = 0.3
BUDGET_S = 300.0
# A browser that lost its connection may come back.
ABSENT_S = 10.0


class NotWanted(Exception):
    """Nobody waits for this sweep any more."""


@dataclass(frozen=True)
class Means:
    """What a sweep needs: the model, where results are kept, the queue of all runs of a model.

    `is_here` says whether the visitor's page is still open.
    """

    model: LanguageModel
    folder: Path
    runs: Queue
    is_here: Callable[[], bool]


class SweepJob:
    """One sweep; whoever looks at it sees `results` grow.

    `place` is how many sweeps are before this one, `problem` a sentence if something went wrong,
    and `is_over` whether anything more will come.
    """

    def __init__(self, name: str, plan: OwnPlan, means: Means):
        self.name = name
        self.plan = plan
        self.results: dict[Point, Result] = {}
        self.place = 0
        self.problem = ""
        self.is_over = False
        self._means = means
        self._is_stopped = False
        self._seen = time.monotonic()
        self._begun = self._seen
        self._thread = threading.Thread(target=self._run, name=f"sweep {name}", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    @property
    def elapsed_s(self) -> float:
        """How long it has been measuring."""
        return time.monotonic() - self._begun

    def stop(self) -> None:
        """End before the next point; what was measured stays."""
        self._is_stopped = True

    def wait(self, seconds: float) -> bool:
        """Wait for the end, so long; whether it has come."""
        self._thread.join(seconds)
        return self.is_over

    def _check(self) -> None:
        """Raises NotWanted if the visitor has stopped the sweep or closed the page."""
        if self._means.is_here():
            self._seen = time.monotonic()
        if self._is_stopped or time.monotonic() - self._seen > ABSENT_S:
            raise NotWanted

    def _run(self) -> None:
        try:
            with JOBS.ticket() as number_before:
                while place := number_before(wait_s=LOOK_AGAIN_S):
                    self.place = place
                    self._check()
                self.place, self._begun = 0, time.monotonic()
                self._measure_all()
        except NotWanted:
            pass
        except (QueueFull, ValueError, OSError, RuntimeError) as error:
            self.problem = f"The measurement has stopped: {error}."
        finally:
            self.is_over = True

    def _measure_all(self) -> None:
        self._means.folder.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + BUDGET_S
        for point in self.plan.points:
            self._check()
            if time.monotonic() > deadline:
                self.problem = f"After {BUDGET_S / 60:.0f} minutes what is missing was left out."
                return
            known = known_result(point, self._means.folder)
            self.results[point] = known or self._measure(point)

    def _measure(self, point: Point) -> Result:
        """Measure a point when no run of another visitor's is before it."""
        with self._means.runs.ticket() as number_before:
            while number_before(wait_s=LOOK_AGAIN_S):
                self._check()
            with PROCESSOR:
                return measure_and_keep(point, self._means.model, self._means.folder)
