"""Answer whether a text that is read in chunks gives the same logits (the twin: prefill.js).

Whole at once, in chunks with a rolling cache, and token by token: three ways to the same numbers.
"""

import time
from collections.abc import Callable, Iterator

import torch

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.answers.text_input import prepare_text
from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns import Pattern
from swa_viz.shapes import Float, Tensor

DEFAULT_CHUNK = 16
# So many chunks are read before others have their turn.
CHUNKS_IN_TURN = 8
SECOND_DIGITS = 6


def read_in_chunks(
    model: LanguageModel, token_ids: list[int], schedule: tuple[Pattern, ...], chunk: int
) -> Iterator[tuple[Float[Tensor, "n_new vocab_size"], float]]:
    """The logits of each chunk, read with a rolling cache, and the seconds that it took."""
    cache = model.new_cache(schedule)
    for at in range(0, len(token_ids), chunk):
        yield timed(lambda at=at: model.extend(token_ids[at : at + chunk], cache))


def timed(read: Callable[[], Tensor]) -> tuple[Tensor, float]:
    """What is computed, and how long it took."""
    start = time.perf_counter()
    return read(), time.perf_counter() - start


def answer_prefill(request: Request, model: LanguageModel) -> Iterator[dict | None]:
    """{"tokens", "chunk", "differences", "largest", "seconds", "notice"}.

    `differences` are those of the logits from those of the whole text at once, the largest over all
    positions, and `largest` is the largest logit; `seconds` how long each way took.
    """
    token_ids, notice = prepare_text(request.text, model)
    if not token_ids:
        yield {"tokens": [], "empty": LIMITS["empty"]}
        return
    schedule = request.schedule
    sizes = {"chunked": request.chunk or DEFAULT_CHUNK, "one_by_one": 1}
    readings = {n: read_in_chunks(model, token_ids, schedule, size) for n, size in sizes.items()}
    model.logits(token_ids, schedule)  # a kernel may have to be prepared, which is not timed
    whole, taken = timed(lambda: model.logits(token_ids, schedule))
    seconds, differences = {"one_shot": taken}, {}
    for name, reading in readings.items():
        parts = []
        for part in reading:
            if len(parts) % CHUNKS_IN_TURN == 0:
                yield None
            parts.append(part)
        read = torch.cat([logits for logits, _ in parts])
        differences[name] = (read - whole).abs().max().item()
        seconds[name] = sum(taken for _, taken in parts)
    yield {
        "tokens": list(model.tokenizer.pieces(token_ids)),
        "chunk": sizes["chunked"],
        "differences": differences,
        "largest": whole.abs().max().item(),
        "seconds": {name: round(taken, SECOND_DIGITS) for name, taken in seconds.items()},
        "notice": notice,
    }
