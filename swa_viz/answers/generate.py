"""Answer how a text goes on, a few tokens at a time (the twin: generate.js).

A page asks for more and more steps of one text.  What was written is kept with its rolling cache,
so the next answer goes on from there; if it is no longer there, it is written once more, and the
seed gives the same tokens.  Between a few steps others have their turn.
"""

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request, Writing, request_key
from swa_viz.answers.text_input import prepare_text
from swa_viz.cost import kv_cache_bytes
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.sampling import Sampling
from swa_viz.models.writing import Writer
from swa_viz.patterns import Causal

# So many tokens are written before others have their turn.
STEPS_IN_TURN = 8
# So many texts of one model are kept, and their caches may hold so many bytes together.
MOST_KEPT, MOST_BYTES = 256, 64 * 2**20
SECOND_DIGITS = 6


class Generation:
    """A text that is being written, and its steps so far, as plain data."""

    def __init__(self, token_ids: list[int], request: Request, model: LanguageModel):
        writing = request.writing or Writing()
        sampling = Sampling(
            writing.temperature / 100, writing.top_k, writing.top_p / 100, writing.seed
        )
        self.writer: Writer = model.writer(
            token_ids, writing.at_most, request.schedule, sampling, writing.stop
        )
        self.steps: list[dict] = []
        self._lock = threading.Lock()

    def go_on(self, model: LanguageModel, wanted: int) -> bool:
        """Write a few steps, towards so many in all; is the text then as long, or has it ended?"""
        with self._lock:
            for _ in range(STEPS_IN_TURN):
                if self.writer.ended or len(self.steps) >= wanted:
                    return True
                self._write(model)
            return bool(self.writer.ended) or len(self.steps) >= wanted

    def _write(self, model: LanguageModel) -> None:
        """One more step.

        Its bytes are those that the tokens before it hold.  Its time is that of reading what was
        not read yet, which for the first step is the whole text, and of choosing.
        """
        start, cache = time.perf_counter(), self.writer.cache
        step = self.writer.step(model.prefill)
        seconds = time.perf_counter() - start
        self.steps.append(
            {
                "id": step.token_id,
                "text": step.text,
                "piece": model.tokenizer.piece(step.token_id),
                "position": step.position,
                "slots": list(step.slots),
                "evicted": list(step.evicted),
                "bytes_rolling": cache.n_bytes,
                "bytes_full": full_bytes(model, step.position),
                "seconds": round(seconds, SECOND_DIGITS),
            }
        )


def full_bytes(model: LanguageModel, n_tokens: int) -> int:
    """What the keys and values of so many tokens take if none is ever forgotten."""
    config, number = model.config, model.transformer.embedding.weight.element_size()
    schedule = (Causal(),) * model.n_layers
    return kv_cache_bytes(
        schedule, n_tokens, number, n_kv_heads=config.n_kv_heads, head_dim=config.head_dim
    )


class Generations:
    """The texts that were last written, by what defines them; the oldest leave when it is much."""

    def __init__(self, most_kept: int = MOST_KEPT, most_bytes: int = MOST_BYTES):
        self._most_kept, self._most_bytes = most_kept, most_bytes
        self._kept: OrderedDict[str, Generation] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: str) -> Generation | None:
        """The text, if it was begun and is still here."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: str, generation: Generation) -> None:
        """Keep a text, as the newest, for whoever goes on."""
        with self._lock:
            self._kept[key] = generation
            self._kept.move_to_end(key)
            sizes = {name: kept.writer.cache.n_bytes for name, kept in self._kept.items()}
            total = sum(sizes.values())
            for oldest in list(sizes)[:-1]:
                if total <= self._most_bytes and len(self._kept) <= self._most_kept:
                    return
                total -= sizes[oldest]
                del self._kept[oldest]


# What was written by a model goes with it.
GENERATIONS: weakref.WeakKeyDictionary[LanguageModel, Generations] = weakref.WeakKeyDictionary()


def definition(request: Request) -> str:
    """The key of a text: the request, whatever number of its steps is wanted."""
    return request_key(replace(request, writing=replace(request.writing or Writing(), n_steps=1)))


def answer_generate(request: Request, model: LanguageModel) -> Iterator[dict | None]:
    """{"tokens", "steps", "ended", "notice"}: the text, and its first `n_steps` new tokens.

    `ended` says why there will be no more: "length", "stop" or "end"; "" while there may be.
    Yields None wherever others may have their turn, and the answer at last.
    """
    token_ids, notice = prepare_text(request.text, model)
    if not token_ids:
        yield {"tokens": [], "empty": LIMITS["empty"]}
        return
    generations, key = GENERATIONS.setdefault(model, Generations()), definition(request)
    wanted = (request.writing or Writing()).n_steps
    generation = generations.find(key) or Generation(token_ids, request, model)
    while not generation.go_on(model, wanted):
        generations.keep(key, generation)
        yield None
    generations.keep(key, generation)
    steps = generation.steps[:wanted]
    yield {
        "tokens": list(model.tokenizer.pieces(token_ids)),
        "steps": steps,
        "ended": generation.writer.ended if len(steps) == len(generation.steps) else "",
        "notice": notice,
    }
