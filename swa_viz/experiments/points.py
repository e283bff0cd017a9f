"""The points of a sweep: which model reads which text, and what its layers see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from swa_viz.patterns import Causal, Pattern, SinkWindow, SlidingWindow, whole_number
from swa_viz.patterns.schedule import LAYER_WORDS, schedule_of
from swa_viz.patterns.schedule_text import read_typed, takes_window

Layers = Callable[[int, int], tuple[Pattern, ...]]


def one_full_in(n: int, n_sinks: int = 0) -> Layers:
    """Windows, with so many sink tokens, and every n-th layer full."""

    def layers(n_layers: int, window: int) -> tuple[Pattern, ...]:
        local = SinkWindow(window, n_sinks) if n_sinks else SlidingWindow(window)
        return tuple(Causal() if (i + 1) % n == 0 else local for i in range(n_layers))

    return layers


# By name: the schedule of so many layers with a window of W.  Full attention has no window.
SCHEDULES: dict[str, Layers] = {
    "windows": lambda n_layers, window: (SlidingWindow(window),) * n_layers,
    "1 sink": lambda n_layers, window: (SinkWindow(window, 1),) * n_layers,
    "4 sinks": lambda n_layers, window: (SinkWindow(window, 4),) * n_layers,
    "1:1": one_full_in(2),
    "3:1": one_full_in(4),
    "5:1": one_full_in(6),
    "5:1 + 4 sinks": one_full_in(6, n_sinks=4),
}
FULL = "full"
WIDEST = 4096


def read_row(typed: str) -> str:
    """A schedule of one's own, for models of any depth: the row of its letters, as `Point` has it.

    >>> read_row("L8 L8 G")
    'w8w8f'

    Raises ValueError, with one sentence, for what is no schedule.
    """
    row, said = read_typed(typed, None, LAYER_WORDS, WIDEST)
    if row is None:
        raise ValueError(said)
    return row


def is_row(schedule: str) -> bool:
    """Is this a schedule of one's own, as `Point` has it?

    >>> [is_row(name) for name in ("wwf", "w8", "LLG", "windows", FULL)]
    [True, True, False, False, False]
    """
    return read_typed(schedule, None, LAYER_WORDS, WIDEST).text == schedule


def has_window(schedule: str) -> bool:
    """Does W say how some of its layers read?

    >>> [has_window(name) for name in ("5:1", FULL, "wwf", "w8f")]
    [True, False, True, False]
    """
    return schedule in SCHEDULES or (schedule != FULL and takes_window(schedule))


def stacked(row: str, n_layers: int, window: int) -> tuple[Pattern, ...]:
    """The row of a schedule of one's own, repeated over the layers.

    Raises ValueError if there are more letters than layers.
    """
    letters, said = read_typed(row, n_layers, LAYER_WORDS, WIDEST)
    if letters is None:
        raise ValueError(said)
    return schedule_of(letters, window, n_sink_tokens=0)


@dataclass(frozen=True)
class Quality:
    """What a sweep measures: its unit, and what one and several measurements are called."""

    unit: str
    one: str
    several: str


QUALITIES: dict[str, Quality] = {
    "text": Quality("bits per byte", "one stretch of text", "these stretches of text"),
    "needle": Quality("bits per answer", "one question", "these questions"),
}


@dataclass(frozen=True)
class Point:
    """One model, one text, one schedule; `window_size` is None where no layer takes it.

    The schedule is one of `SCHEDULES`, or the row of one's own that repeats over the layers.
    The text is read in at most `n_stretches` stretches of `n_tokens` predicted tokens each.  For
    the quality "needle", `text` names the sentence that is hidden in prompts of `n_tokens`, and
    `n_stretches` says at how many distances at most.
    """

    model: str
    text: str
    schedule: str
    window_size: int | None
    n_tokens: int
    n_stretches: int
    quality: str = "text"

    def __post_init__(self):
        whole_number(self.n_tokens, "n_tokens", at_least=1)
        whole_number(self.n_stretches, "n_stretches", at_least=1)
        if self.schedule not in (*SCHEDULES, FULL) and not is_row(self.schedule):
            known = ", ".join((*SCHEDULES, FULL))
            raise ValueError(f"unknown schedule {self.schedule!r}; known are {known}")
        if self.quality not in QUALITIES:
            raise ValueError(f"unknown quality {self.quality!r}; known are {', '.join(QUALITIES)}")
        if (self.window_size is not None) != has_window(self.schedule):
            raise ValueError("full attention has no window, and every other schedule has one")

    def layers(self, n_layers: int) -> tuple[Pattern, ...]:
        """The pattern of each layer."""
        if self.schedule == FULL:
            return (Causal(),) * n_layers
        if self.schedule in SCHEDULES:
            return SCHEDULES[self.schedule](n_layers, self.window_size)
        return stacked(self.schedule, n_layers, self.window_size or 1)


def points_of(
    models: Sequence[str],
    texts: Sequence[str],
    windows: Sequence[int],
    schedules: Sequence[str] = ("windows",),
    n_tokens: int = 512,
    n_stretches: int = 8,
    quality: str = "text",
) -> list[Point]:
    """Every combination, and full attention once for each model and text.

    Raises ValueError for what is no window, no schedule and no number of tokens.
    """
    for window in windows:
        whole_number(window, "a window", at_least=1)
    chosen = [
        (FULL, None),
        *(
            (schedule, window if has_window(schedule) else None)
            for schedule, window in product(schedules, sorted(set(windows)))
        ),
    ]
    size = {"n_tokens": n_tokens, "n_stretches": n_stretches, "quality": quality}
    return [
        Point(model, text, schedule, window, **size)
        for model, text in product(models, texts)
        for schedule, window in dict.fromkeys(chosen)
    ]
