"""A text in the making: read, choose a token, show it, and again (the twin: writing.js).

Between two steps it rests, and everything that the next one needs is here: so a page can ask for a
few tokens, and for a few more later.
"""

from collections.abc import Callable, Collection, Iterator

from swa_viz.models.cache import RollingCache
from swa_viz.models.sampling import Sampling, StopStrings
from swa_viz.models.tokenizer import StreamDecoder, Tokenizer
from swa_viz.shapes import Float, Tensor
from swa_viz.trace import CacheStep

# read(token_ids, cache) -> the logits after the last of these tokens, which the cache then holds
Read = Callable[[list[int], RollingCache], Float[Tensor, " vocab_size"]]


class Writer:
    """It continues `token_ids`, which it has not read yet, by `most` tokens.

    `ended` says why nothing more comes: "length", "stop" or "end"; "" while it goes on.
    It does not hold the model, which is handed to every step as a function.
    """

    def __init__(
        self,
        token_ids: list[int],
        cache: RollingCache,
        most: int,
        sampling: Sampling,
        stops: StopStrings,
        tokenizer: Tokenizer,
        end_ids: Collection[int] = (),
    ):
        self.cache = cache
        self.ended = "" if most else "length"
        self._unread, self._left, self._end_ids = token_ids, most, end_ids
        self._sampling, self._draws, self._stops = sampling, sampling.draws(), stops
        self._decoder = StreamDecoder(tokenizer)

    def step(self, read: Read) -> CacheStep:
        """The next token; the last one of all need not be read."""
        logits = read(self._unread, self.cache)
        position = self.cache.length
        token_id = self._sampling.choose(logits, self._draws(position))
        self._unread, self._left = [token_id], self._left - 1
        text = self._show(token_id)
        return CacheStep(
            token_id, text, position, self.cache.slots(position), self.cache.evicted(position)
        )

    def _show(self, token_id: int) -> str:
        """What can be shown now, and whether it was the last token."""
        text, ends = self._decoder.push(token_id), token_id in self._end_ids
        if not ends and self._left:
            text = self._stops.push(text)
        else:
            self.ended = "end" if ends else "length"
            text = self._stops.push(text + self._decoder.rest()) + self._stops.rest()
        if self._stops.found:
            self.ended = "stop"
        return text

    def steps(self, read: Read) -> Iterator[CacheStep]:
        """All that are left."""
        while not self.ended:
            yield self.step(read)
