"""The whole main path without a user interface: a text and a window go in, two traces come out."""

from swa_viz.models import LanguageModel
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.trace import ForwardTrace


def windowed_and_full(
    model: LanguageModel, text: str, window_size: int
) -> tuple[ForwardTrace, ForwardTrace]:
    """The same text through the same model twice: every layer in windows, every layer full.

    Raises ValueError for an empty text or a window below 1.
    """
    token_ids = model.encode(text)
    windowed = model.run(token_ids, [SlidingWindow(window_size)] * model.n_layers)
    full = model.run(token_ids, [Causal()] * model.n_layers)
    return windowed, full
