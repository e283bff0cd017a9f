"""Text to tokens and back, and the pieces that views show.

A byte-level vocabulary has a token for every byte, so any text at all can be written in it.  The
price: one character may take several tokens, none of which is text by itself.
"""

import codecs
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import tokenizers

from swa_viz.patterns import whole_number

SPACE = "▁"  # SentencePiece's
SINGLE_BYTE = re.compile("<0x([0-9A-F]{2})>")
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


def token_writers(vocabulary: tokenizers.Tokenizer) -> Callable[[str], bytes]:
    """What a token's name in the vocabulary writes, by the vocabulary's own rule.

    A byte-level one spells each byte with a character of its own; one in the manner of
    SentencePiece has "▁" for a space and <0x0A> for a single byte.

    Raises ValueError for a vocabulary of another kind.
    """
    rules = [part.__getstate__() for part in (vocabulary.decoder, vocabulary.pre_tokenizer) if part]
    if any(b'"ByteLevel"' in rule for rule in rules):
        alphabet = byte_alphabet()
        return lambda name: bytes(alphabet[character] for character in name)
    if any(SPACE.encode() in rule or b'"ByteFallback"' in rule for rule in rules):
        return sentence_piece
    raise ValueError("this vocabulary is of a kind that cannot be read here: byte-level ones can")


def sentence_piece(name: str) -> bytes:
    r"""What a token in the manner of SentencePiece writes.

    >>> sentence_piece("▁cat"), sentence_piece("<0x0A>")
    (b' cat', b'\n')
    """
    single = SINGLE_BYTE.fullmatch(name)
    return bytes([int(single[1], 16)]) if single else name.replace(SPACE, " ").encode()


class Tokenizer:
    """A vocabulary.  If it is byte-level, `decode(encode(text)) == text` for every valid text.

    Control tokens, such as one that begins every text, write nothing.  A model may have more ids
    than its vocabulary has tokens, so that its matrices have round sizes: those write nothing too.
    """

    def __init__(self, vocabulary: tokenizers.Tokenizer, n_ids: int | None = None):
        self.vocabulary = vocabulary
        self.vocab_size = max(vocabulary.get_vocab_size(), n_ids or 0)
        self._written_by = token_writers(vocabulary)
        added = vocabulary.get_added_tokens_decoder()
        self._control = {i: token.content for i, token in added.items() if token.special}
        self._plain = {i: token.content for i, token in added.items() if not token.special}

    @classmethod
    def from_file(cls, path: Path | str, n_ids: int | None = None) -> "Tokenizer":
        """Read a `tokenizer.json` of the tokenizers library, for a model with `n_ids` token ids.

        Raises FileNotFoundError if there is none, ValueError for a file that is no vocabulary.
        """
        if not Path(path).is_file():
            raise FileNotFoundError(f"{Path(path).name} is missing in {Path(path).parent}")
        try:
            vocabulary = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises this very class
            raise ValueError(f"{Path(path).name} is no vocabulary: {error}") from error
        return cls(vocabulary, n_ids)

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
        """What one token writes: nothing for a control token.

        Raises ValueError for an id outside the vocabulary.
        """
        token_id = check_token_id(token_id, self.vocab_size)
        if token_id in self._plain:
            return self._plain[token_id].encode()
        name = self.vocabulary.id_to_token(token_id)
        if name is None or token_id in self._control:
            return b""
        return self._written_by(name)

    def piece(self, token_id: int) -> str:
        """One token as views show it: its own text, or the name of a control token.

        Raises ValueError for an id outside the vocabulary.
        """
        written = self.token_bytes(token_id)
        return readable(written) if written else self._control.get(token_id, f"⟨{token_id}⟩")

    def pieces(self, token_ids: Iterable[int]) -> tuple[str, ...]:
        """Each token's own text for views, with its leading space: ("The", " cat")."""
        return tuple(map(self.piece, token_ids))


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
