"""Answer what every token of a text costs under a schedule, and what a text costs window by window.

The twin is perplexity.js; a test holds the two equal.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.answers.text_input import prepare_text
from swa_viz.experiments.perplexity import Reading, perplexity_against_window
from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns import Pattern

DIGITS = 4


def answer_perplexity(request: Request, model: LanguageModel) -> dict:
    """What each token costs, and what the model expected in its place.

    {"tokens", "ids", "bits", "expected", "notice"}: entry i of each is about token i.  The first
    token is read and not predicted, so its bits are None, and nothing was expected.
    """
    token_ids, notice = prepare_text(request.text, model)
    if len(token_ids) < 2:
        return too_short(token_ids)
    (reading,) = perplexity_against_window(model, token_ids, [request.schedule])
    return {
        "tokens": list(model.tokenizer.pieces(token_ids)),
        "ids": token_ids,
        "bits": [None, *map(rounded, reading.bits.tolist())],
        "expected": [[], *expected(reading, model)],
        "notice": notice,
    }


def expected(reading: Reading, model: LanguageModel) -> list[list[list]]:
    """For each predicted token what was likeliest: [[token_id, piece, probability], ...]."""
    pairs = zip(reading.likeliest.tolist(), reading.probabilities.tolist(), strict=True)
    return [
        [[token, model.tokenizer.piece(token), share] for token, share in zip(*both, strict=True)]
        for both in pairs
    ]


def answer_windows(request: Request, model: LanguageModel) -> dict:
    """What the text costs for windows from one key to the whole text: {"windows", "bits", ...}.

    `bits` are the mean of its predicted tokens.  Each pattern of the schedule that has a window is
    taken with each of these sizes, or of those `layers` alone that the request names.
    """
    token_ids, notice = prepare_text(request.text, model)
    if len(token_ids) < 2:
        return too_short(token_ids)
    windows = doubling_to(len(token_ids))
    schedules = [widened(request.schedule, window, request.layers) for window in windows]
    readings = perplexity_against_window(model, token_ids, schedules)
    return {
        "tokens": list(model.tokenizer.pieces(token_ids)),
        "windows": windows,
        "bits": [rounded(reading.bits.mean().item()) for reading in readings],
        "notice": notice,
    }


def widened(
    schedule: Sequence[Pattern], window: int, layers: Collection[int] | None = None
) -> list[Pattern]:
    """The schedule with windows of this size, in these layers or in all."""
    return [
        replace(pattern, window_size=window)
        if hasattr(pattern, "window_size") and (layers is None or i in layers)
        else pattern
        for i, pattern in enumerate(schedule)
    ]


def doubling_to(last: int) -> list[int]:
    """1, 2, 4 and so on below `last`, and `last` itself.

    >>> doubling_to(11), doubling_to(8)
    ([1, 2, 4, 8, 11], [1, 2, 4, 8])
    """
    return [2**i for i in range(last.bit_length()) if 2**i < last] + [last]


def rounded(bits: float) -> float:
    """Bits with as many digits as a page could show."""
    return round(bits, DIGITS)


def too_short(token_ids: list[int]) -> dict:
    """The answer to a text in which nothing is predicted."""
    return {"tokens": [], "empty": LIMITS["alone" if token_ids else "empty"]}
