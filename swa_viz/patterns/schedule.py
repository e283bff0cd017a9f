"""A pattern for every layer, as a visitor writes it: a letter each, and one W and S for all.

A letter may be followed by a window of its own, and then W does not count for that layer
(`schedule_text.py`).  The letters become patterns here; `LAYER_WORDS` says what they are called on
screen.  The browser has the same table; a test holds the two equal.
"""

from collections.abc import Callable

from swa_viz.patterns.causal import Causal
from swa_viz.patterns.chunked import Chunked
from swa_viz.patterns.dilated import DilatedWindow
from swa_viz.patterns.pattern import Pattern
from swa_viz.patterns.schedule_text import layers_in
from swa_viz.patterns.sink import SinkWindow
from swa_viz.patterns.sliding import SlidingWindow

LAYER_WORDS = {"w": "window", "f": "full", "d": "dilated", "c": "chunks"}


def window_with_sinks(window_size: int, n_sink_tokens: int) -> Pattern:
    """A sliding window, which keeps the first tokens in view if there are any to keep."""
    if n_sink_tokens:
        return SinkWindow(window_size, n_sink_tokens)
    return SlidingWindow(window_size)


# Only windows need sinks: full attention reads the first tokens anyway, and sinks beside chunks
# or gaps would be patterns of their own.
LAYER_PATTERNS: dict[str, Callable[[int, int], Pattern]] = {
    "w": window_with_sinks,
    "f": lambda window_size, n_sink_tokens: Causal(),
    "d": lambda window_size, n_sink_tokens: DilatedWindow(window_size, dilation=2),
    "c": lambda window_size, n_sink_tokens: Chunked(window_size),
}


def pyramid(n_layers: int) -> str:
    """Small windows below and large ones above: 2, 4, 8 and 16 keys, each for a quarter.

    >>> pyramid(6)
    'w2w2w4w8w8w16'
    """
    return "".join(f"w{2 ** (1 + 4 * layer // n_layers)}" for layer in range(n_layers))


def stacks(n_layers: int) -> dict[str, str]:
    """Letters for all layers, by the name of the schedule: orders that models really have.

    Gemma 3 has five windows for each full layer, OLMo 3 three, gpt-oss and Gemma 2 one, each stack
    beginning with a window; Llama 4 has three layers in chunks for each full one, and Qwen2 leaves
    its lowest layers full.  Of two names for one order the first one stays.

    >>> stacks(6)["5 windows, 1 full (Gemma 3)"], stacks(6)["full at the bottom (Qwen2)"]
    ('wwwwwf', 'ffwwww')
    """
    some = max(1, n_layers // 3)
    windows = n_layers - some
    named = {
        "all windows (Mistral)": "w" * n_layers,
        "1 window, 1 full (gpt-oss)": ("wf" * n_layers)[:n_layers],
        "3 windows, 1 full (OLMo 3)": ("wwwf" * n_layers)[:n_layers],
        "5 windows, 1 full (Gemma 3)": ("wwwwwf" * n_layers)[:n_layers],
        "3 in chunks, 1 full (Llama 4)": ("cccf" * n_layers)[:n_layers],
        "full at the bottom (Qwen2)": "f" * some + "w" * windows,
        "full on top": "w" * windows + "f" * some,
        "a pyramid of windows": pyramid(n_layers),
        "all full": "f" * n_layers,
    }
    first = {letters: name for name, letters in reversed(named.items())}
    return {name: letters for name, letters in named.items() if first[letters] == name}


def schedule_of(letters: str, window_size: int, n_sink_tokens: int) -> tuple[Pattern, ...]:
    """One pattern for each letter, first layer first; `window_size` is for those without their own.

    >>> schedule_of("wfw8", window_size=4, n_sink_tokens=0)
    (SlidingWindow(window_size=4), Causal(), SlidingWindow(window_size=8))

    Raises KeyError for an unknown letter.
    """
    return tuple(
        LAYER_PATTERNS[letter](window_size if size is None else size, n_sink_tokens)
        for letter, size in layers_in(letters)
    )
