"""How much a lab may ask, and the sentences about it: plain data, one set for all engines."""

MAX_TEXT = 2000
MAX_TOKENS = 128
MAX_REPLACEMENT = 40
LIMITS = {
    "characters": MAX_TEXT,
    "tokens": MAX_TOKENS,
    "replacement": MAX_REPLACEMENT,
    # Moves of a prediction below this many bits are roundings of float32.
    "rounding_bits": 1e-9,
    "notice": "Your text has {tokens} tokens; the first {shown} are shown.",
    "empty": "Type a word or a sentence above: there is nothing to read yet.",
    "alone": "Type one more word: the first token is read, and the next ones are predicted.",
    "nowhere": "the text has {tokens} tokens, so none stands at {position}",
    "too_long": "{what} may have at most {most} characters, but it has {found}",
    "unknown_model": "the model {model} is not here; known here: {known}",
    "wrong_layers": "{model} has {layers} layers, and the schedule names {found}",
    "refused": "This could not be computed: {reason}.",
}


def check_length(words: str, most: int, what: str) -> None:
    """Raise ValueError, with `what` it is, if `words` have too many characters."""
    if len(words) > most:
        raise ValueError(
            LIMITS["too_long"].format(what=what, most=f"{most:,}", found=f"{len(words):,}")
        )
