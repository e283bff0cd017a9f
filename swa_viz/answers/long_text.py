"""Answer what is asked of a long text: one layer from afar, and a stretch of it in detail.

Neither answer grows with the length of the text, nor is a matrix of all its pairs ever made.
"""

import weakref
from functools import lru_cache

import numpy as np

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.answers.text_input import prepare_long_text
from swa_viz.answers.trace_payload import half_base64, likeliest, probabilities
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.long_text import (
    LongReading,
    band,
    block_shares,
    next_logits,
    read_long_text,
)
from swa_viz.patterns import Pattern
from swa_viz.trace import Band

MOST_BLOCKS = 128
DIGITS = 4
# So many readings are kept, so that a hand that pans waits for no run of the model.  One has a few
# megabytes; two belong to each view, with full attention and with what the visitor chose.
KEPT = 8
# How many tokens before the last one an overview quotes.
QUOTED = 5


@lru_cache(maxsize=KEPT)
def kept_reading(
    model: weakref.ref,
    token_ids: tuple[int, ...],
    schedule: tuple[Pattern, ...],
    layer: int,
    sink_logit: int | None,
) -> LongReading:
    """The last readings; they hold no model that nobody else holds."""
    return read_long_text(model(), token_ids, layer, schedule, sink_logit)


def reading_of(request: Request, token_ids: list[int], model: LanguageModel) -> LongReading:
    """What the request asks to be read.

    Raises ValueError unless it is about one layer of an unchanged text, which does not look ahead.
    """
    if request.layers is None or len(request.layers) != 1:
        raise ValueError("a long text is looked at in one layer at a time")
    if request.edit is not None:
        raise ValueError(LIMITS["no_edit"].format(shown=LIMITS["tokens"]))
    if not request.schedule[request.layers[0]].causal:
        raise ValueError("a long text is looked at with patterns that do not look ahead")
    how = request.schedule, request.layers[0], request.sink_logit
    return kept_reading(weakref.ref(model), tuple(token_ids), *how)


def answer_overview(request: Request, model: LanguageModel) -> dict:
    """One layer in blocks of tokens, and what the model expects after the text.

    {"blocks", "size", "n_tokens", "tokens", "after", "notice"}: `blocks` is [n_heads, pairs], the
    pairs of blocks in which a key is no later than the query, in reading order; `size` is how many
    tokens a block has.  `tokens` are the last few of the text, `after` the likeliest ones after it.
    """
    token_ids, notice = prepare_long_text(request.text, model)
    if not token_ids:
        return {"tokens": [], "empty": LIMITS["empty"]}
    reading = reading_of(request, token_ids, model)
    n_tokens = len(token_ids)
    size = -(-n_tokens // MOST_BLOCKS)
    shares = block_shares(reading.layer, size).numpy(force=True)
    return {
        "tokens": list(model.tokenizer.pieces(token_ids[-QUOTED:])),
        "n_tokens": n_tokens,
        "n_heads": len(shares),
        "size": size,
        "blocks": half_base64(shares[:, *np.tril_indices(shares.shape[-1])]),
        "after": next_tokens(model, reading, n_tokens - 1, n_tokens)[0],
        "notice": notice,
    }


def answer_stretch(request: Request, model: LanguageModel) -> dict:
    """A trace of some neighbouring tokens in one layer, and what they read before these.

    It is that of `trace_payload` for these tokens alone, and `part` says where they stand.  Hidden
    scores are not computed, so the stage "scores" holds the scores of the keys that are read.
    """
    token_ids, notice = prepare_long_text(request.text, model)
    if not token_ids:
        return {"tokens": [], "empty": LIMITS["empty"]}
    reading = reading_of(request, token_ids, model)
    latest = max(len(token_ids) - LIMITS["stretch"], 0)
    first = latest if request.start is None else min(request.start, latest)
    stop = min(first + LIMITS["stretch"], len(token_ids))
    found = band(reading.layer, first, stop)
    values = [None] * len(request.schedule)
    values[request.layers[0]] = inside(found, request.stage)
    return {
        "tokens": list(model.tokenizer.pieces(token_ids[first:stop])),
        "stage": request.stage,
        "n_heads": len(found.weights),
        "schedule": [pattern.to_plain() for pattern in request.schedule],
        "values": values,
        "next": next_tokens(model, reading, first, stop),
        "part": {"first": first, "n_tokens": len(token_ids)} | before(found, token_ids, model),
        "notice": notice,
    }


def next_tokens(model: LanguageModel, reading: LongReading, start: int, stop: int) -> list[list]:
    """The likeliest tokens after each of the tokens start .. stop - 1."""
    logits = next_logits(model, reading, start, stop).numpy(force=True)
    return likeliest(probabilities(logits), model.tokenizer.piece)


def inside(found: Band, stage: str) -> str:
    """The numbers of the keys in the stretch itself: [n_heads, pairs], in reading order."""
    values = found.weights if stage == "weights" else found.scores
    return half_base64(values[:, found.keys >= found.first].numpy(force=True))


def before(found: Band, token_ids: list[int], model: LanguageModel) -> dict:
    """What each query gives to the keys before the stretch, and to which of them most.

    {"shares", "heaviest", "pieces"}: entry 0 is the mean of the heads, entry h head h, each with a
    number for every query; "heaviest" are [key, weight], or None where no such key is read, and
    "pieces" the text of these keys.
    """
    is_before = (found.keys >= 0) & (found.keys < found.first)
    weights = (found.weights * is_before).numpy(force=True)
    weights = np.concatenate([weights.mean(axis=0, keepdims=True), weights])
    keys, reads = found.keys.numpy(force=True), is_before.any(dim=-1).numpy(force=True)
    place = weights.argmax(axis=-1)
    most = np.take_along_axis(weights, place[..., None], axis=-1)[..., 0]
    key = np.take_along_axis(np.broadcast_to(keys, weights.shape), place[..., None], axis=-1)
    heaviest = [
        [[int(k), rounded(w)] if read else None for k, w, read in zip(*head, reads, strict=True)]
        for head in zip(key[..., 0], most, strict=True)
    ]
    named = {each[0] for head in heaviest for each in head if each}
    return {
        "shares": [[rounded(share) for share in head] for head in weights.sum(axis=-1)],
        "heaviest": heaviest,
        "pieces": {str(key): model.tokenizer.piece(token_ids[key]) for key in sorted(named)},
    }


def rounded(share: np.floating) -> float:
    """A share with as many digits as a page could show."""
    return round(float(share), DIGITS)
