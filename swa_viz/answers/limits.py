"""How much a lab may ask, and the sentences about it: plain data, one set for all engines."""

MAX_TEXT = 12_000
MAX_TOKENS = 128
# A long text is read whole by a server, and shown one stretch at a time.
MAX_LONG_TOKENS = 2048
STRETCH = 96
MAX_REPLACEMENT = 40
# A text is continued by at most so many tokens.
MAX_NEW_TOKENS = 256
LIMITS = {
    "characters": MAX_TEXT,
    "tokens": MAX_TOKENS,
    "long_tokens": MAX_LONG_TOKENS,
    "stretch": STRETCH,
    "replacement": MAX_REPLACEMENT,
    "new_tokens": MAX_NEW_TOKENS,
    # Moves of a prediction below this many bits are roundings of float32.
    "rounding_bits": 1e-9,
    "notice": "Your text has {tokens} tokens; the first {shown} are shown.",
    "long_notice": "Your text has {tokens} tokens; the first {shown} are read.",
    "not_here": "a long text is read by a server alone",
    "no_edit": "one word can be changed in a text of up to {shown} tokens",
    "empty": "Type a word or a sentence above: there is nothing to read yet.",
    "alone": "Type one more word: the first token is read, and the next ones are predicted.",
    "nowhere": "the text has {tokens} tokens, so there is no token {position}",
    "too_long": "{what} may have at most {most} characters, but it has {found}",
    "looks_ahead": "a pattern reads tokens after the query, and those do not exist yet in a text "
    "that is read piece by piece",
    "unknown_model": "the model {model} is not here; known here: {known}",
    "wrong_layers": "{model} has {layers} layers, and the schedule names {found}",
    "puzzle_words": "a puzzle has exactly {words} words, but this text has {found}",
    "puzzle_word": "the word at position {position} is none of those that puzzles are made of",
    "puzzle_start": "the words that are asked for must begin among the last {most} of the text",
    "own_schedule": "the model of a puzzle has its own schedule, so the request may name no layers",
    "refused": "This could not be computed: {reason}.",
}


def check_length(words: str, most: int, what: str) -> None:
    """Raise ValueError, with `what` it is, if `words` have too many characters."""
    if len(words) > most:
        raise ValueError(
            LIMITS["too_long"].format(what=what, most=f"{most:,}", found=f"{len(words):,}")
        )
