"""How the next token is chosen, and when to stop (the twin: sampling.js).

A high temperature makes the probabilities more equal, a low one favours the likeliest token; top-k
and top-p leave the unlikely tokens out.  Chance is a function of the seed and of the place in the
text, and not the state of a generator: so a text can be continued from anywhere, and is the same in
every engine.
"""

import math
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from numbers import Real

from swa_viz.patterns import whole_number
from swa_viz.shapes import Float, Tensor

LARGEST_SEED = 2**64 - 1
WORD = 2**32
GOLDEN = 0x9E3779B9  # 2^32 divided by the golden ratio, so that 0 is not scrambled into 0


def scrambled(word: int) -> int:
    """One of 2^32 numbers, turned into another one of them in which no order is left.

    The constants are those of "lowbias32" (Wellons 2018, Prospecting for hash functions).
    """
    word ^= word >> 16
    word = word * 0x7FEB352D % WORD
    word ^= word >> 15
    word = word * 0x846CA68B % WORD
    return word ^ word >> 16


def uniform(seed: int, position: int) -> float:
    """The random number with which the token at a position is drawn, above 0 and below 1.

    >>> [round(uniform(7, position), 4) for position in range(3)]
    [0.2198, 0.3705, 0.5979]
    """
    state = 0
    for word in (seed % WORD, seed // WORD, position % WORD):
        state = scrambled(((state ^ word) + GOLDEN) % WORD)
    return (state + 0.5) / WORD


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

    def draws(self) -> Callable[[int], float]:
        """A random number for each position: the same seed gives the same text.

        Without a seed each call takes a new one.
        """
        seed = secrets.randbits(64) if self.seed is None else int(self.seed)
        return partial(uniform, seed)

    def choose(self, logits: Float[Tensor, " vocab_size"], number: float) -> int:
        """The token at which the cumulated probabilities, the likeliest first, exceed `number`.

        Raises ValueError for logits that contain NaN or infinity.
        """
        check_logits(logits)
        if self.temperature == 0:
            return int(logits.argmax())
        likeliest, token_ids = logits.float().cpu().sort(descending=True, stable=True)
        # In float64, because float32 rounds a tiny temperature to 0, and 0 / 0 is not a number.
        below = likeliest.double() - likeliest[0].double()
        probabilities = (below / float(self.temperature)).exp()
        probabilities = probabilities / probabilities.sum()
        if self.top_p is not None:
            before = probabilities.cumsum(dim=0) - probabilities
            probabilities = probabilities * (before < float(self.top_p))
        if self.top_k is not None:
            probabilities = probabilities[: min(self.top_k, len(probabilities))]
        reached = probabilities.cumsum(dim=0)
        return int(token_ids[(reached <= number * reached[-1]).sum()])


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
