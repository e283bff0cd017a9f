"""Schedules as the page of fixes draws them, where heads differ or have learned their spans."""

from collections.abc import Sequence

from swa_viz.experiments.fixes import Schedule
from swa_viz.patterns import Pattern, PerHead, SlidingWindow, VaryingWindow, read_pattern


def plain_layer(layer: Pattern | PerHead) -> dict:
    """A layer as plain data; where its heads differ, the pattern of each head.

    >>> plain_layer(PerHead((SlidingWindow(2), SlidingWindow(3))))["patterns"][1]
    {'kind': 'sliding', 'window_size': 3}
    """
    if isinstance(layer, PerHead):
        return {"kind": "per_head", "patterns": [pattern.to_plain() for pattern in layer.patterns]}
    return layer.to_plain()


def enlarged(pattern: Pattern, times: int) -> Pattern:
    """The same windows in a text that is so many times as long.

    >>> enlarged(VaryingWindow((1, 3)), 2)
    VaryingWindow(window_sizes=(2, 2, 6, 6))
    """
    if isinstance(pattern, VaryingWindow):
        return VaryingWindow(tuple(times * w for w in pattern.window_sizes for _ in range(times)))
    return SlidingWindow(times * pattern.window_size)


def learned_windows(asked: Sequence[dict], times_wider: int = 1) -> Schedule:
    """The windows that heads have learned, or that tokens asked for, layer by layer.

    >>> learned_windows([{"heads": [{"kind": "sliding", "window_size": 5}]}], times_wider=2)
    (PerHead(patterns=(SlidingWindow(window_size=10),)),)
    """
    layers = [tuple(read_pattern(head) for head in layer["heads"]) for layer in asked]
    return tuple(PerHead(tuple(enlarged(head, times_wider) for head in heads)) for heads in layers)
