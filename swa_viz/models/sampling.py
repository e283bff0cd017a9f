"""How the next token is chosen, and when to stop.

A high temperature makes the probabilities more equal, a low one favours the likeliest token; top-k
and top-p leave the unlikely tokens out.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

import torch

from swa_viz.patterns import whole_number
from swa_viz.shapes import Float, Tensor

LARGEST_SEED = 2**64 - 1


def as_float(value: object) -> float:
    """A real number as a float, and NaN for anything else, such as True, None or "1"."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def check_logits(logits: Float[Tensor, " vocab_size"]) -> None:
    """Refuse logits from which no token can be drawn; minus infinity means "never this token".

    Raises ValueError for NaN, for infinity, and if all are minus infinity.
    """
    largest = logits.max().item()  # NaN if any of them is
    if not math.isfinite(largest):
        raise ValueError(f"the largest logit must be a finite number, but it is {largest}")


@dataclass(frozen=True)
class Sampling:
    """How a token is drawn.  Temperature 0 always takes the likeliest.

    With both, a token must be among the `top_k` likeliest, and among the likeliest that together
    have a probability of `top_p`; each is asked of all tokens of the vocabulary.

    Raises ValueError for settings that mean nothing.
    """

    temperature: float | int = 1.0
    top_k: int | None = None
    top_p: float | int | None = None
    seed: int | None = None

    def __post_init__(self):
        if not 0 <= as_float(self.temperature) < math.inf:
            message = f"temperature must be a number of at least 0, but it is {self.temperature!r}"
            raise ValueError(message)
        if self.top_k is not None:
            whole_number(self.top_k, "top_k", at_least=1)
        if self.top_p is not None and not 0 < as_float(self.top_p) <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, but it is {self.top_p!r}")
        if self.seed is not None and whole_number(self.seed, "seed", at_least=0) > LARGEST_SEED:
            raise ValueError(f"seed must be at most {LARGEST_SEED}, but it is {self.seed!r}")

    def generator(self) -> torch.Generator:
        """The random numbers: the same seed gives the same text, no seed a new one each time."""
        random = torch.Generator()
        if self.seed is None:
            random.seed()
            return random
        return random.manual_seed(int(self.seed))

    def choose(self, logits: Float[Tensor, " vocab_size"], random: torch.Generator) -> int:
        """Draw a token id.

        Raises ValueError for logits that contain NaN or infinity.
        """
        check_logits(logits)
        if self.temperature == 0:
            return int(logits.argmax())
        # In float64, because float32 rounds a tiny temperature to 0, and 0 / 0 is not a number.
        exact = logits.float().cpu().double()
        sharpened = ((exact - exact.max()) / float(self.temperature)).float()
        likeliest, token_ids = sharpened.sort(descending=True, stable=True)
        probabilities = likeliest.softmax(dim=0)
        if self.top_p is not None:
            before = probabilities.cumsum(dim=0) - probabilities
            probabilities = probabilities * (before.double() < float(self.top_p))
        if self.top_k is not None:
            probabilities = probabilities[: min(self.top_k, len(probabilities))]
        return int(token_ids[torch.multinomial(probabilities, 1, generator=random)])


class StopStrings:
    """Passes streamed text on until one of these strings appears, which is not shown.

    A stop string may arrive in parts: text that could be its beginning is held back.  Of several,
    the one that is complete first counts, however the text was cut into parts.

    >>> stops = StopStrings(["END"])
    >>> [stops.push(text) for text in ("one E", "ND two")], stops.found
    (['one ', ''], True)
    """

    def __init__(self, stop: str | Iterable[str]):
        listed = stop if isinstance(stop, Iterable) and not isinstance(stop, str) else [stop]
        self.stop = tuple(listed)
        if not all(isinstance(entry, str) and entry for entry in self.stop):
            raise ValueError(f"stop must be strings of at least one character, but it is {stop!r}")
        self.found = False
        self._held = ""

    def push(self, text: str) -> str:
        """The text that can be shown now."""
        pending = self._held + text
        starts = {entry: pending.index(entry) for entry in self.stop if entry in pending}
        if starts:
            self.found, self._held = True, ""
            first = min(starts, key=lambda entry: (starts[entry] + len(entry), starts[entry]))
            return pending[: starts[first]]
        begun = max((self._n_begun(pending, entry) for entry in self.stop), default=0)
        shown = len(pending) - begun
        self._held = pending[shown:]
        return pending[:shown]

    def rest(self) -> str:
        """What was held back, when no more text comes."""
        held, self._held = self._held, ""
        return held

    @staticmethod
    def _n_begun(pending: str, entry: str) -> int:
        """How many characters at the end of `pending` may be the beginning of `entry`."""
        return max(n for n in range(len(entry)) if pending.endswith(entry[:n]))
