"""What a timing found: speed-ups, growth, and the sentence that says it.

The one idea: a measured speed-up stands beside the one that counting allows.  Counting says how
many score pairs the window saves; a kernel turns that into time saved, or it does not.
"""

import csv
import io
import math
import statistics
from collections.abc import Sequence

import numpy as np

from swa_viz.cost import saving, score_pairs
from swa_viz.experiments.timing_plan import (
    BANDS,
    CONTENDERS,
    FULL,
    MASK,
    WRONG,
    Size,
    TimingPoint,
)
from swa_viz.patterns import Causal, Pattern, SlidingWindow

BUSY = 1.5
FAR = 100_000  # tokens: a long book, and more than anyone waits for here
Numbers = Sequence[int | float]
LABELS = {contender.name: contender.label for contender in CONTENDERS}


def counted_limit(size: Size) -> float:
    """Score pairs of full causal attention per pair of the window: 2.29 for Mistral's 16K / 4,096.

    >>> round(counted_limit(Size(16_384, 4_096)), 2)
    2.29
    """
    return saving(SlidingWindow(size.window_size), size.seq_len)


def timed(points: Sequence[TimingPoint], name: str) -> dict[Size, TimingPoint]:
    """The points of one contender that have times."""
    return {point.size: point for point in points if point.contender == name and point.times_ms}


def speed_ups(points: Sequence[TimingPoint], name: str) -> dict[Size, float]:
    """How many times faster than full attention a contender was, where both were timed."""
    full = timed(points, FULL)
    return {
        size: full[size].median_ms / point.median_ms
        for size, point in timed(points, name).items()
        if size in full
    }


def exponent(lengths: Numbers, amounts: Numbers) -> float | None:
    """The power p that fits amount ~ length^p best, or None for fewer than three points.

    >>> exponent([1, 2, 4], [5, 20, 80])
    2.0
    """
    if len(set(lengths)) < 3:
        return None
    slope, _ = np.polyfit(np.log(lengths), np.log(amounts), 1)
    return round(float(slope), 2)


def growth(points: Sequence[TimingPoint], name: str) -> float | None:
    """The exponent of a contender's time over the text's length, where the text fills the window.

    Below W tokens a window hides nothing, and its time grows like that of full attention.
    """
    filled = [p for p in timed(points, name).values() if p.size.seq_len >= 2 * p.size.window_size]
    return exponent([p.size.seq_len for p in filled], [p.median_ms for p in filled])


def times_faster(speed_up: float) -> str:
    """A ratio of times in words.

    >>> times_faster(6.34), times_faster(0.5), times_faster(1.02)
    ('6.3 times faster than', '2.0 times slower than', 'about as fast as')
    """
    if math.isclose(speed_up, 1, abs_tol=0.05):
        return "about as fast as"
    if speed_up < 1:
        return f"{1 / speed_up:.1f} times slower than"
    return f"{speed_up:.1f} times faster than"


def projected_s(point: TimingPoint, pattern: Pattern, seq_len: int) -> float:
    """Seconds for a longer text, if time goes on growing like the score pairs: no measurement."""
    pairs = score_pairs(pattern, seq_len) / score_pairs(pattern, point.size.seq_len)
    return point.median_ms / 1000 * pairs


def far_away(points: Sequence[TimingPoint], size: Size, band: str) -> str:
    """What the times at `size` mean for a very long text, in words."""
    window = projected_s(timed(points, band)[size], SlidingWindow(size.window_size), FAR)
    full = projected_s(timed(points, FULL)[size], Causal(), FAR)
    return (
        f"If time goes on growing like the pairs, {FAR:,} tokens take {full:,.1f} seconds in every "
        f"layer with full attention and {window:,.1f} with this window."
    )


def found(points: Sequence[TimingPoint]) -> list[str]:
    """What was found, in plain words, at the size where counting allows most."""
    ups = {name: speed_ups(points, name) for name in BANDS}
    sizes = {size for name in BANDS for size in ups[name]}
    best = {size: max(ups[name].get(size, 0.0) for name in BANDS) for size in sizes}
    if not best:
        return []
    size = max(best, key=counted_limit)
    if counted_limit(size) == 1:
        return ["So far the window covers the whole text, so there is nothing to save yet."]
    sentences = [
        f"At {size.seq_len:,} tokens a window of {size.window_size:,} is "
        f"{times_faster(best[size])} full attention; counting pairs allows "
        f"{counted_limit(size):.1f}."
    ]
    fastest = max(BANDS, key=lambda name: ups[name].get(size, 0.0))
    sentences.append(far_away(points, size, fastest))
    mask = speed_ups(points, MASK)
    if mask:
        size = max(mask, key=counted_limit)
        moral = "A mask alone saves nothing" if mask[size] < 1.05 else "A mask alone"
        sentences.append(
            f"{moral}: at {size.seq_len:,} tokens full attention with a band mask is "
            f"{times_faster(mask[size])} the same without."
        )
    return sentences


def doubts(points: Sequence[TimingPoint]) -> list[str]:
    """What stands against the findings: wrong results, points left out, a busy machine."""
    wrong = sorted({LABELS[point.contender] for point in points if point.note == WRONG})
    n_left_out = sum(bool(point.note) and point.note != WRONG for point in points)
    ratios = [max(point.times_ms) / min(point.times_ms) for point in points if point.times_ms]
    scatter = statistics.median(ratios) if ratios else 1.0
    sentences = []
    if wrong:
        sentences.append(f"Wrong result, so no time is shown: {', '.join(wrong)}.")
    if n_left_out:
        sentences.append(f"Left out: {n_left_out} of {len(points)} points; the table says why.")
    if scatter > BUSY:
        sentences.append(
            f"The machine is busy with other work: the slowest call took {scatter:.1f} times as "
            "long as the fastest. Time it again later."
        )
    return sentences


def rows(points: Sequence[TimingPoint]) -> list[dict[str, str | int | float | None]]:
    """The table: one row per point, times in milliseconds, empty where a note says why."""
    return [row(points, point) for point in points]


def row(points: Sequence[TimingPoint], point: TimingPoint) -> dict[str, str | int | float | None]:
    """One line of the table."""
    times = point.times_ms
    faster = speed_ups(points, point.contender).get(point.size)
    return {
        "tokens n": point.size.seq_len,
        "window W": point.size.window_size,
        "contender": LABELS[point.contender],
        "median ms": round(point.median_ms, 3) if times else None,
        "fastest ms": round(min(times), 3) if times else None,
        "slowest ms": round(max(times), 3) if times else None,
        "repeats": len(times),
        "times faster": round(faster, 2) if faster else None,
        "counting allows": round(counted_limit(point.size), 2),
        "note": point.note,
    }


def as_csv(points: Sequence[TimingPoint]) -> str:
    """The table as text with commas, for a spreadsheet."""
    table, text = rows(points), io.StringIO()
    writer = csv.DictWriter(text, table[0].keys() if table else [])
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()
