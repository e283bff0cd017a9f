"""The order of a model's layers, written as letters: L slides, G is full."""

from swa_viz.patterns import Causal, Pattern


def repeated(order: str, n_layers: int, local: Pattern) -> tuple[Pattern, ...]:
    """So many layers in an order that is repeated and may end anywhere in it.

    >>> from swa_viz.patterns import SlidingWindow
    >>> [type(pattern).__name__ for pattern in repeated("LG", 3, SlidingWindow(4))]
    ['SlidingWindow', 'Causal', 'SlidingWindow']
    """
    letters = (order * n_layers)[:n_layers]
    return tuple({"L": local, "G": Causal()}[letter] for letter in letters)


def full_layers(layer_schedule: tuple[Pattern, ...]) -> tuple[int, ...]:
    """Which layers are full, counted from 0."""
    return tuple(i for i, pattern in enumerate(layer_schedule) if pattern == Causal())
