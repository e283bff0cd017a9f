"""The tokenizer: any text at all goes in, the same text comes out."""

from random import Random

import pytest

from swa_viz.models import MODELS
from swa_viz.models.tokenizer import StreamDecoder, Tokenizer, byte_alphabet

HOSTILE = {
    "empty": "",
    "one letter": "a",
    "spaces": "  two  spaces \n\n\t tab ",
    "digits": "In 1984, 3.14159",
    "emoji": "👩‍👩‍👧 🎉 flag 🇫🇷",
    "right to left": "שלום, مرحبا",
    "combining": "e\u0301 a\u0308\u0323 Z\u0351\u036b\u0343",
    "control": "\x00\x01\x1b[31m\x7f\u202e\ufeff",
    "line ends": "a\r\nb\rc\u2028d",
    "markup": "<script>alert(1)</script> ![x](https://example.org) {{x}} $x$",
    "looks like a control token": "<|endoftext|><s>[INST]",
    "looks like the alphabet of bytes": "Ġcat Ċ ĉ",
    "highest": "\U0010ffff",
    "not yet assigned": "\U000e0999",
}


# Tokens of single bytes from 0x80 on: beginnings, middles and ends of characters, in any order.
BYTES_OF_UNFINISHED = [letter for letter, byte in byte_alphabet().items() if byte >= 0x80]


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(MODELS["tiny-swa"].folder / "tokenizer.json")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_same_text_comes_out(tokenizer, text):
    token_ids = tokenizer.encode(text)
    assert tokenizer.decode(token_ids) == text
    assert b"".join(map(tokenizer.token_bytes, token_ids)) == text.encode()
    assert tokenizer.decode(token_ids) == tokenizer.vocabulary.decode(token_ids)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_there_is_one_piece_per_token(tokenizer, text):
    token_ids = tokenizer.encode(text)
    pieces = tokenizer.pieces(token_ids)
    assert len(pieces) == len(token_ids)
    assert all(pieces) and not any("\ufffd" in piece for piece in pieces)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_streaming_prints_no_half_characters(tokenizer, text):
    decoder = StreamDecoder(tokenizer)
    parts = [decoder.push(token_id) for token_id in tokenizer.encode(text)]
    assert "".join(parts) == text
    assert not any("\ufffd" in part for part in parts)


def test_a_character_appears_when_its_last_byte_is_there(tokenizer):
    decoder = StreamDecoder(tokenizer)
    assert [decoder.push(token_id) for token_id in tokenizer.encode("🎉")] == ["", "", "", "🎉"]


def test_what_is_unfinished_at_the_end_is_shown_as_decode_shows_it(tokenizer):
    for n_bytes, shown in ((1, "\ufffd"), (2, "\ufffd"), (3, "\ufffd"), (4, "🎉")):
        decoder, token_ids = StreamDecoder(tokenizer), tokenizer.encode("🎉")[:n_bytes]
        text = "".join(map(decoder.push, token_ids)) + decoder.rest()
        assert text == tokenizer.decode(token_ids) == shown


@pytest.mark.parametrize("seed", range(50))
def test_streaming_any_tokens_at_all_writes_what_decode_writes(tokenizer, seed):
    random = Random(seed)
    broken = [tokenizer.vocabulary.token_to_id(letter) for letter in BYTES_OF_UNFINISHED]
    token_ids = [
        random.choice(broken) if random.random() < 0.8 else random.randrange(tokenizer.vocab_size)
        for _ in range(random.randrange(20))
    ]
    decoder = StreamDecoder(tokenizer)
    text = "".join(map(decoder.push, token_ids)) + decoder.rest()
    assert text == tokenizer.decode(token_ids)


def test_pieces_keep_their_space_and_show_broken_bytes(tokenizer):
    assert tokenizer.pieces(tokenizer.encode("The cat")) == ("The", " cat")
    assert tokenizer.pieces(tokenizer.encode("🎉")) == ("⟨F0⟩", "⟨9F⟩", "⟨8E⟩", "⟨89⟩")


@pytest.mark.parametrize("text", ["a\ud800b", "\udc00", "\ud83c"])
def test_half_of_a_surrogate_pair_is_replaced(tokenizer, text):
    replaced = "".join("\ufffd" if 0xD800 <= ord(letter) < 0xE000 else letter for letter in text)
    assert tokenizer.decode(tokenizer.encode(text)) == replaced


def test_two_halves_that_belong_together_are_one_character(tokenizer):
    assert tokenizer.decode(tokenizer.encode("\ud83c\udf89")) == "🎉"


@pytest.mark.parametrize("token_id", [-1, 4096, 2**40, True, 1.0, "1", None])
def test_a_token_outside_the_vocabulary_is_refused(shapes_unchecked, tokenizer, token_id):
    for ask in (tokenizer.pieces, tokenizer.decode):
        with pytest.raises(ValueError, match="token id"):
            ask([token_id])


@pytest.mark.parametrize("text", [None, 5, b"bytes", ["a", "b"]], ids=str)
def test_what_is_no_text_is_refused(shapes_unchecked, tokenizer, text):
    with pytest.raises(ValueError, match="the text must be a string, but it is"):
        tokenizer.encode(text)


def test_a_megabyte_is_encoded(tokenizer):
    text = "It was the best of times. " * 40_000
    assert tokenizer.decode(tokenizer.encode(text)) == text
