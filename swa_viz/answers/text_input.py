"""What becomes of a visitor's text before the model reads it: tokens, and one word changed.

The browser does the same, `text_input.js`; tests hold the two equal.
"""

from swa_viz.answers.limits import LIMITS, check_length
from swa_viz.answers.request import Edit
from swa_viz.models.language_model import LanguageModel


def prepare_text(text: str, model: LanguageModel) -> tuple[list[int], str]:
    """The text's tokens, as many as the lab shows at once, and a sentence if some were left out.

    Raises ValueError if the text has more characters than the lab reads.
    """
    return first_tokens(text, model, LIMITS["tokens"], LIMITS["notice"])


def prepare_long_text(text: str, model: LanguageModel) -> tuple[list[int], str]:
    """The same for a long text, of which one stretch is shown."""
    return first_tokens(text, model, LIMITS["long_tokens"], LIMITS["long_notice"])


def first_tokens(text: str, model: LanguageModel, most: int, notice: str) -> tuple[list[int], str]:
    """At most so many tokens of a text, and the notice if there are more."""
    check_length(text, LIMITS["characters"], "the text")
    token_ids = model.tokenizer.encode(text)
    if len(token_ids) <= most:
        return token_ids, ""
    return token_ids[:most], notice.format(tokens=f"{len(token_ids):,}", shown=f"{most:,}")


def apply_edit(token_ids: list[int], edit: Edit | None, model: LanguageModel) -> list[int]:
    """The text with some neighbouring tokens replaced by other words, or dropped.

    Other words keep the blank that the first token began with.  Raises ValueError if the text does
    not reach so far, or if the words are too many.
    """
    if edit is None:
        return token_ids
    position, replacement, stop = edit.position, edit.replacement, edit.position + edit.n_tokens
    if not 0 <= position < stop <= len(token_ids):
        raise ValueError(LIMITS["nowhere"].format(tokens=len(token_ids), position=stop))
    new_ids = []
    if replacement is not None:
        check_length(replacement, LIMITS["replacement"], "the replacement")
        leading = " " if model.tokenizer.pieces(token_ids)[position].startswith(" ") else ""
        new_ids = model.tokenizer.encode(leading + replacement.strip())
    return token_ids[:position] + new_ids + token_ids[stop:]
