"""How the next token is chosen, and when to stop.

Temperature flattens or sharpens the probabilities; top-k and top-p cut the unlikely tail off.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch

from swa_viz.patterns import whole_number
from swa_viz.shapes import Float, Tensor


@dataclass(frozen=True)
class Sampling:
    """The settings of a draw.  Temperature 0 always takes the likeliest token.

    Raises ValueError for settings that mean nothing.
    """

    temperature: float | int = 1.0
    top_k: int | None = None
    top_p: float | int | None = None
    seed: int | None = None

    def __post_init__(self):
        if not (self.temperature >= 0 and math.isfinite(self.temperature)):
            message = f"temperature must be a number of at least 0, but it is {self.temperature!r}"
            raise ValueError(message)
        if self.top_k is not None:
            whole_number(self.top_k, "top_k", at_least=1)
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, but it is {self.top_p!r}")
        if self.seed is not None:
            whole_number(self.seed, "seed", at_least=0)

    def generator(self) -> torch.Generator:
        """A source of chance: the same seed gives the same text, no seed a new one each time."""
        random = torch.Generator()
        if self.seed is None:
            random.seed()
            return random
        return random.manual_seed(self.seed)

    def choose(self, logits: Float[Tensor, " vocab_size"], random: torch.Generator) -> int:
        """Draw a token id."""
        if self.temperature == 0:
            return int(logits.argmax())
        sharpened = (logits.float().cpu() - logits.max().item()) / self.temperature
        likeliest, token_ids = sharpened.sort(descending=True, stable=True)
        probabilities = likeliest.softmax(dim=0)
        if self.top_p is not None:
            before = probabilities.cumsum(dim=0) - probabilities
            probabilities = probabilities * (before < self.top_p)
        probabilities = probabilities[: self.top_k]
        return int(token_ids[torch.multinomial(probabilities, 1, generator=random)])


class StopWatch:
    """Passes streamed text on until a stop string appears, which is not shown.

    A stop string may arrive in parts: text that could be its beginning is held back.

    >>> watch = StopWatch(["END"])
    >>> [watch.push(text) for text in ("one E", "ND two")], watch.stopped
    (['one ', ''], True)
    """

    def __init__(self, stop: str | Iterable[str]):
        self.stop = (stop,) if isinstance(stop, str) else tuple(stop)
        if not all(isinstance(entry, str) and entry for entry in self.stop):
            raise ValueError(f"every stop string needs at least one character, but: {stop!r}")
        self.stopped = False
        self._held = ""

    def push(self, text: str) -> str:
        """The text that can be shown now."""
        pending = self._held + text
        found = [pending.index(entry) for entry in self.stop if entry in pending]
        if found:
            self.stopped, self._held = True, ""
            return pending[: min(found)]
        begun = max((self._begun(pending, entry) for entry in self.stop), default=0)
        shown = len(pending) - begun
        self._held = pending[shown:]
        return pending[:shown]

    def rest(self) -> str:
        """What was held back, when no more text comes."""
        held, self._held = self._held, ""
        return held

    @staticmethod
    def _begun(pending: str, entry: str) -> int:
        """How many characters at the end of `pending` may be the beginning of `entry`."""
        return max(n for n in range(len(entry)) if pending.endswith(entry[:n]))
