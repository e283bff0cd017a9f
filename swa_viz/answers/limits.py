"""How much text a lab reads, and what it says of it: one set of limits for both engines."""

MAX_TEXT = 2000
MAX_TOKENS = 128
TEXT_LIMITS = {
    "characters": MAX_TEXT,
    "tokens": MAX_TOKENS,
    "replacement": 40,
    "notice": "Your text has {tokens} tokens; the first {shown} are shown.",
    "empty": "Type a word or a sentence above: there is nothing to read yet.",
    "nowhere": "the text has {tokens} tokens, so none stands at {position}",
}
