"""Read what a visitor typed: the text as tokens, and one token of it changed.

The browser reads by the same rules, `reading.js`; tests hold the two equal.
"""

from swa_viz.answers.limits import TEXT_LIMITS
from swa_viz.models.language_model import LanguageModel


def edited(token_ids: list[int], edit: dict | None, model: LanguageModel) -> list[int]:
    """The text with one token replaced by other words, or dropped (the twin: reading.js).

    Other words keep the blank that the token began with.  Raises ValueError if the text has no
    token at the position.
    """
    if not edit:
        return token_ids
    position, replacement = edit["position"], edit["replacement"]
    if position not in range(len(token_ids)):
        raise ValueError(TEXT_LIMITS["nowhere"].format(tokens=len(token_ids), position=position))
    new_ids = []
    if replacement is not None:
        leading = " " if model.tokenizer.pieces(token_ids)[position].startswith(" ") else ""
        words = str(replacement)[: TEXT_LIMITS["replacement"]].strip()
        new_ids = model.tokenizer.encode(leading + words)
    return token_ids[:position] + new_ids + token_ids[position + 1 :]


def read_text(text: str, model: LanguageModel) -> tuple[list[int], str]:
    """The text's tokens, as many as the lab shows, and a sentence if some were left out.

    Its twin is in reading.js.
    """
    token_ids = model.tokenizer.encode(str(text)[: TEXT_LIMITS["characters"]])
    shown = TEXT_LIMITS["tokens"]
    if len(token_ids) <= shown:
        return token_ids, ""
    return token_ids[:shown], TEXT_LIMITS["notice"].format(
        tokens=f"{len(token_ids):,}", shown=shown
    )
