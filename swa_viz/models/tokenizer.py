"""Text to tokens and back, and the pieces that views show.

A byte-level vocabulary has a token for every byte, so any text at all can be written in it.  The
price: one character may take several tokens, none of which is text by itself.
"""

import codecs
import re
from collections.abc import Iterable
from pathlib import Path

import tokenizers

from swa_viz.patterns import whole_number

BROKEN_BYTES = re.compile("[\udc80-\udcff]+")


def byte_alphabet() -> dict[str, int]:
    """The visible character that stands for each byte in a byte-level vocabulary.

    Printable bytes stand for themselves, the others for the characters from U+0100 on, in order
    (Radford et al. 2019, GPT-2's encoder.py).

    >>> alphabet = byte_alphabet()
    >>> alphabet["a"] == ord("a"), alphabet["Ġ"] == ord(" "), len(alphabet)
    (True, True, 256)
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = [byte for byte in range(256) if byte not in printable]
    stand_ins = {chr(0x100 + i): byte for i, byte in enumerate(hidden)}
    return {chr(byte): byte for byte in printable} | stand_ins


def readable(token_bytes: bytes) -> str:
    """The text of some bytes; those that are no whole character are shown as numbers.

    >>> readable(b" cat"), readable("\N{PARTY POPPER}".encode()[:2])
    (' cat', '⟨F0 9F⟩')
    """
    text = token_bytes.decode(errors="surrogateescape")
    return BROKEN_BYTES.sub(
        lambda found: f"⟨{found[0].encode(errors='surrogateescape').hex(' ').upper()}⟩", text
    )


def check_token_id(token_id, vocab_size: int) -> int:
    """The token id as an int.

    Raises ValueError unless it is a whole number from 0 to vocab_size - 1.
    """
    number = whole_number(token_id, "a token id", at_least=0)
    if number >= vocab_size:
        raise ValueError(f"token ids must lie between 0 and {vocab_size - 1}, but one is {number}")
    return number


class Tokenizer:
    """A byte-level vocabulary: `decode(encode(text)) == text` for every valid text."""

    def __init__(self, vocabulary: tokenizers.Tokenizer):
        self.vocabulary = vocabulary
        self.vocab_size = vocabulary.get_vocab_size()
        self._alphabet = byte_alphabet()

    @classmethod
    def from_file(cls, path: Path | str) -> "Tokenizer":
        """Read a `tokenizer.json` of the tokenizers library."""
        return cls(tokenizers.Tokenizer.from_file(str(path)))

    def encode(self, text: str) -> list[int]:
        """The token ids of a text, none for an empty one.

        Half of a surrogate pair is no character: it becomes U+FFFD, the replacement character.

        Raises ValueError for what is not a text.
        """
        if not isinstance(text, str):
            raise ValueError(f"the text must be a string, but it is {text!r}")
        valid = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return self.vocabulary.encode(valid).ids

    def decode(self, token_ids: Iterable[int]) -> str:
        """The text of some tokens; bytes that are no character become U+FFFD."""
        return b"".join(map(self.token_bytes, token_ids)).decode(errors="replace")

    def token_bytes(self, token_id: int) -> bytes:
        """What one token writes.

        Raises ValueError for an id outside the vocabulary.
        """
        token = self.vocabulary.id_to_token(check_token_id(token_id, self.vocab_size))
        return bytes(self._alphabet[character] for character in token)

    def pieces(self, token_ids: Iterable[int]) -> tuple[str, ...]:
        """Each token's own text for views, with its leading space: ("The", " cat")."""
        return tuple(readable(self.token_bytes(token_id)) for token_id in token_ids)


class StreamDecoder:
    """Decodes tokens as they come, and holds the bytes of an unfinished character back."""

    def __init__(self, tokenizer: Tokenizer):
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token_id: int) -> str:
        """The text that is complete now: empty while a character is still unfinished."""
        return self._decoder.decode(self._tokenizer.token_bytes(token_id))

    def rest(self) -> str:
        """What was held back, when no more tokens come: U+FFFD for an unfinished character."""
        return self._decoder.decode(b"", final=True)
