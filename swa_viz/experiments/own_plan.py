"""What a visitor wants measured on their own text: points of a sweep, or a sentence why not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from swa_viz.experiments.choice import Way, reference_of
from swa_viz.experiments.points import WIDEST, Point, points_of
from swa_viz.models.language_model import LanguageModel

MAX_CHARACTERS = 12_000
MAX_WINDOWS = 8
# A stretch is as long as those of the stored results, if the text is long enough for some of them.
MOST_TOKENS, LEAST_TOKENS = 256, 16
WANTED_STRETCHES, MOST_STRETCHES = 4, 8


@dataclass(frozen=True)
class OwnPlan:
    """The points to measure, the reference's first, and what was left out: a sentence, or ""."""

    points: tuple[Point, ...]
    reference: Way
    left_out: str


def read_windows(words: str) -> list[int]:
    """The windows that somebody typed.

    >>> read_windows("32, 8 16;8")
    [8, 16, 32]

    Raises ValueError for anything else, and for too many.
    """
    found = [word for word in re.split(r"[\s,;]+", words) if word]
    for word in found:
        if not re.fullmatch(r"[0-9]{1,4}", word) or not 1 <= int(word) <= WIDEST:
            raise ValueError(
                f"Windows are whole numbers from 1 to {WIDEST:,}, such as 8 16 32, "
                f"but one is {word[:20]!r}."
            )
    windows = sorted({int(word) for word in found})
    if not 1 <= len(windows) <= MAX_WINDOWS:
        raise ValueError(f"Name 1 to {MAX_WINDOWS} windows, such as 8 16 32.")
    return windows


def stretch_sizes(model: LanguageModel, text: str) -> tuple[int, int]:
    """How many tokens a stretch of the text predicts, and how many stretches are read.

    Raises ValueError for a text that is too short to say how sure its numbers are.
    """
    n_tokens = len(model.tokenizer.encode(text + "\n\n"))
    longest = min(MOST_TOKENS, model.config.trained_len)
    length = min(longest, n_tokens // WANTED_STRETCHES - 1)
    if length < LEAST_TOKENS:
        least = WANTED_STRETCHES * (LEAST_TOKENS + 1)
        raise ValueError(
            f"The text has {n_tokens} tokens, and it takes at least {least}: {WANTED_STRETCHES} "
            f"stretches of {LEAST_TOKENS}. Paste a longer one."
        )
    return length, min(n_tokens // (length + 1), MOST_STRETCHES)


def own_plan(
    model: LanguageModel,
    text: str,
    windows: str,
    schedules: Sequence[str],
    own: Way | None = None,
) -> OwnPlan:
    """What to measure; `own` is a schedule of one's own with its W.

    Raises ValueError, with a sentence for the visitor, for what cannot be measured.
    """
    if not schedules and own is None:
        raise ValueError("Choose at least one schedule.")
    named = read_windows(windows)
    n_tokens, n_stretches = stretch_sizes(model, text[:MAX_CHARACTERS])
    narrow = [window for window in named if window < n_tokens]
    if not narrow:
        raise ValueError(
            f"A stretch of this text has {n_tokens} tokens, so these windows hide nothing: "
            f"choose smaller ones, or paste a longer text."
        )
    wide = ", ".join(str(window) for window in named if window >= n_tokens)
    left_out = f"W = {wide} hides nothing in stretches of {n_tokens} tokens." if wide else ""
    reference = reference_of(model.native_schedule)
    size = {"n_tokens": n_tokens, "n_stretches": n_stretches}
    points = points_of([model.name], [text[:MAX_CHARACTERS]], narrow, schedules, **size)
    first = replace(points[0], schedule=reference[0], window_size=reference[1])
    full, *others = points
    if own is not None:  # what somebody has made is what they wait for, so it comes early
        others.insert(0, replace(first, schedule=own[0], window_size=own[1]))
        others[0].layers(model.n_layers)  # more letters than layers are refused here
    return OwnPlan(tuple(dict.fromkeys([first, full, *others])), reference, left_out)
