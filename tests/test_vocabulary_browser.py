"""Reading a text in the browser is reading it in Python: the same tokens, pieces and limits.

Python writes the vectors, and the modules of the browser's worker answer them in a real page.
Texts travel as JSON, because a lone surrogate fits into no message.
"""

import json
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import product
from random import Random

import pytest
import tokenizers
from playwright.sync_api import Browser, Error, Page

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Edit
from swa_viz.answers.text_input import apply_edit, prepare_text
from swa_viz.browser_model.files import MODULES, WORKER
from swa_viz.lessons.attention.lesson import SENTENCE
from swa_viz.lessons.layers.lesson import STORY
from swa_viz.models import MODELS, load_model
from swa_viz.models.tokenizer import StreamDecoder, Tokenizer, byte_alphabet, readable

ENTRY = 'export * from "./models/tokenizer.js"; export * from "./answers/text_input.js";'
# One character in every surrounding that the rules for cutting tell apart.
AROUND = "ab{0}cd {0}{0} 12{0}3 !{0}?  {0}\n{0}'s {0}1{0} "
BLANKS = [chr(code) for code in range(0x3001) if chr(code).isspace()]
NUMBERS = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code))[0] == "N"]
SPREAD = [chr(code) for code in range(0, 0x110000, 499)]
SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff", "\ud83c\ud83c", "\udf89\ud83c"]

HOSTILE = {
    "empty": "",
    "emoji": "👩‍👩‍👧 🎉 flag 🇫🇷 👍🏽",
    "right to left": "שלום, مرحبا \u202egnp.exe\u202c",
    "combining": "e\u0301 a\u0308\u0323 Z\u0351\u036b\u0343 \u0301",
    "control": "\x00\x01\x1b[31m\x7f\u202e\ufeff",
    "line ends": "a\r\nb\rc\u2028d",
    "markup": "<script>alert(1)</script> ![x](https://example.org) {{x}} $x$",
    "looks like a control token": "<|endoftext|><s>[INST]",
    "looks like the alphabet of bytes": "Ġcat Ċ ĉ",
    "highest": "\U0010ffff",
    "not yet assigned": "\U000e0999",
    "names of a prototype": "__proto__ constructor toString",
}
ORDINARY = {
    "sentence": SENTENCE,
    "story": STORY,
    "punctuation": "He said: “It's 7 o'clock—we'll go, won't we?” (They'd left.) … 'TIS'S",
    "numbers": "In 1984, 3.14159 x 10^23; ½ + ²³ = Ⅷ ٣ 四 ①",
    "code": "def f(x):\n    return {'a': x ** 2}\t# <b>&amp;</b>",
    "lines": "one\r\ntwo\n\n\nthree\r \t four   ",
}
LONG = {
    "word": "a" * 2000,
    "words": "antidisestablishmentarianism" * 70,
    "blanks": " " * 1999 + "x",
    "family": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 285,
    "accents": "e" + "\u0301\u0323" * 999,
    "mixed": ("The cat \u05e9\u05dc 12,345 \U0001f389! " * 100)[:2000],
}
UNUSUAL = {
    "marks": "\ufeffa\ufeffb \ufffe\uffff\ufffd",
    "separators": "a\x1cb\x1dc\x1ed\x1fe\x85f\u2028g\u2029h\u180ei\u200bj",
    "widths": "\u00a0\u1680\u2000 \u2003\u202f\u205f\u3000x",
    "contractions": "I'm you're we've he'd she'll it's don't 'sx 's's '\u017f I'M",
    "nothing but control": "".join(map(chr, [*range(32), *range(0x7F, 0xA0)])),
}
TEXTS = {**HOSTILE, **ORDINARY, **LONG, **UNUSUAL}


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


@pytest.fixture(scope="module")
def reader(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the worker's modules as `live`, with an open vocabulary and the limits."""
    command = [MODULES / ".bin" / "esbuild", "--bundle", "--format=iife", "--global-name=live"]
    made = subprocess.run(
        command, cwd=WORKER.parent.parent, input=ENTRY, capture_output=True, text=True, check=True
    )
    page = chromium_browser.new_page()
    page.set_content(f"<script>{made.stdout}</script>")
    vocabulary = json.loads((MODELS["tiny-swa"].folder / "tokenizer.json").read_text("utf-8"))
    page.evaluate(
        "([json, limits]) => {"
        " window.vocabulary = live.openVocabulary(json); window.limits = limits; }",
        [vocabulary, LIMITS],
    )
    yield page
    page.close()


def each_in(reader: Page, function: str, asked: Iterable) -> list:
    """What a function of the page makes of each thing.

    All travel as JSON, half characters too: one by one, number by number, is slow.
    """
    ask = f"(all) => JSON.stringify(JSON.parse(all).map((each) => ({function})(each)))"
    return json.loads(reader.evaluate(ask, json.dumps(list(asked))))


def assert_same_tokens(reader: Page, tokenizer, texts: list[str]) -> None:
    encoded = each_in(reader, "(text) => vocabulary.encode(text)", texts)
    for text, found in zip(texts, encoded, strict=True):
        assert found == tokenizer.encode(text), ascii(text)


def test_every_piece_is_python_s(reader, model):
    ids = range(model.tokenizer.vocab_size)
    (found,) = each_in(reader, "(ids) => vocabulary.pieces(ids)", [list(ids)])
    assert found == list(model.tokenizer.pieces(ids))


def test_every_piece_alone_is_encoded_as_python_does(reader, model):
    ids = range(model.tokenizer.vocab_size)
    assert_same_tokens(reader, model.tokenizer, [model.tokenizer.decode([id_]) for id_ in ids])


def test_a_text_is_encoded_as_python_does(reader, model):
    assert_same_tokens(reader, model.tokenizer, list(TEXTS.values()))


@pytest.mark.parametrize("characters", [BLANKS, NUMBERS, SPREAD], ids=["blanks", "numbers", "all"])
def test_every_kind_of_character_is_cut_as_python_does(reader, model, characters):
    """Left out is what Python's Unicode does not know yet: later versions may call it a letter."""
    known = [c for c in characters if unicodedata.category(c) != "Cn"]
    assert_same_tokens(reader, model.tokenizer, [AROUND.format(c) for c in known])


@pytest.mark.parametrize("individual", [True, False])
def test_tokens_of_several_blanks_or_digits_are_found_as_python_does(reader, model, individual):
    """The bundled vocabulary has none, but others do."""
    characters = [*BLANKS, "\ufeff", "1"]
    written = json.loads((MODELS["tiny-swa"].folder / "tokenizer.json").read_text("utf-8"))
    plan = written["pre_tokenizer"]["pretokenizers"]
    plan[0]["individual_digits"] = individual
    vocab, merges = (written["model"][name] for name in ("vocab", "merges"))
    shown = {byte: character for character, byte in byte_alphabet().items()}
    for token in (*(f" {blank}" for blank in characters), "11"):
        *parts, last = [shown[byte] for byte in token.encode()]
        for part in reversed(parts):
            merges.append([part, last])
            last = part + last
            vocab.setdefault(last, len(vocab))
    python = Tokenizer(tokenizers.Tokenizer.from_str(json.dumps(written)))
    texts = [f"a {character}b  {character} 11" for character in characters]
    reader.evaluate("(json) => { window.joining = live.openVocabulary(json); }", written)
    found = each_in(reader, "(text) => joining.encode(text)", texts)
    assert found == [python.encode(text) for text in texts]


def test_half_a_character_is_the_replacement_character(reader, model):
    assert_same_tokens(reader, model.tokenizer, [AROUND.format(half) for half in SURROGATES])


@pytest.mark.parametrize(
    "token_bytes",
    [
        "🎉".encode()[:3],
        b"a\xf0\x9f b\xff\xfe",
        b"\x80\xe2\x82\xac\xe2\x82",
        b"\xc0\x80\xed\xa0\x80",
        b"\xf4\x90\x80\x80\xf8",
        b"\xef\xbb\xbf\x00",
        "\u0915🎉".encode(),
        b"",
    ],
)
def test_broken_bytes_are_shown_as_numbers(reader, token_bytes):
    shown = reader.evaluate(
        "(bytes) => live.readableBytes(Uint8Array.from(bytes))", list(token_bytes)
    )
    assert shown == readable(token_bytes)


@pytest.mark.parametrize("token_id", [-1, 4096, 0.5])
def test_a_token_outside_the_vocabulary_is_refused(reader, token_id):
    with pytest.raises(Error, match="there are 4096 tokens"):
        reader.evaluate("(id) => vocabulary.pieces([id])", token_id)


def test_a_text_is_prepared_as_python_does(reader, model):
    texts = [*TEXTS.values(), *SURROGATES, "word " * 2400, "🎉" * 12_000]
    prepare = "(text) => live.prepareText(text, vocabulary, limits)"
    for text, found in zip(texts, each_in(reader, prepare, texts), strict=True):
        ids, notice = prepare_text(text, model)
        assert found == {"ids": ids, "notice": notice}, ascii(text)


@pytest.mark.parametrize(
    ("part", "times"), [("word ", 2401), ("🎉", 12_001), ("a", 12_001), ("🎉", 1_000_000)]
)
def test_a_text_that_is_too_long_is_refused_in_the_same_words(reader, model, part, times):
    prepare = """([part, times]) => {
      try { return live.prepareText(part.repeat(times), vocabulary, limits); }
      catch (error) { return error.message; } }"""
    with pytest.raises(ValueError, match="may have at most 12,000 characters") as refused:
        prepare_text(part * times, model)
    assert reader.evaluate(prepare, [part, times]) == str(refused.value)


def test_unfinished_characters_are_decoded_alike(reader, model):
    """A TextDecoder stands for Python's, though what is broken may show a token later."""
    random, pieces, written = Random(3), [], []
    drawn = [random.choices(range(300), k=12) for _ in range(200)]
    for ids in (*drawn, model.encode("\ufeffa\ufeff")):
        decoder = StreamDecoder(model.tokenizer)
        written.append("".join([*map(decoder.push, ids), decoder.rest()]))
        pieces.append([list(model.tokenizer.token_bytes(token)) for token in ids])
    decode = """(pieces) => {
      const decoder = live.streamDecoder();
      const shown = pieces.map((bytes) => decoder.push(Uint8Array.from(bytes)));
      return [...shown, decoder.rest()].join(""); }"""
    assert each_in(reader, decode, pieces) == written


REPLACEMENTS = [
    None,
    "",
    "dog",
    "  dog  ",
    "\x1c\x85\u3000dog\ufeff\u2028",
    "a long replacement that just fits in her",
    "🎉" * 40,
    "👩‍👩‍👧" * 8,
    "x" * 39 + "🎉",
    *SURROGATES,
]


APPLY = """([ids, edit]) => {
  try { return live.applyEdit(ids, edit, vocabulary, limits); }
  catch (error) { return error.message; } }"""


def test_a_text_is_edited_as_python_does(reader, model):
    ids, _ = prepare_text("The cat 12🎉", model)
    spans = [(0, 1), (1, 1), (1, 2), (5, 1), (0, 6)]
    edits = [Edit(at, words, n) for (at, n), words in product(spans, REPLACEMENTS)]
    found = each_in(reader, APPLY, [(ids, asdict(edit)) for edit in edits])
    for edit, edited in zip(edits, found, strict=True):
        assert edited == apply_edit(ids, edit, model), ascii(edit)


def test_no_edit_changes_nothing(reader, model):
    apply = "(edit) => live.applyEdit([1, 2], edit, vocabulary, limits)"
    assert reader.evaluate(apply, None) == apply_edit([1, 2], None, model) == [1, 2]


@pytest.mark.parametrize(
    "asked",
    [
        Edit(-1, "dog"),
        Edit(2, "dog"),
        Edit(10_000, None),
        Edit(1, None, n_tokens=2),
        Edit(0, "dog", n_tokens=0),
        Edit(0, "🎉" * 41),
        Edit(1, "x" * 50),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused_in_the_same_words(reader, model, asked):
    with pytest.raises(ValueError) as refused:
        apply_edit([1, 2], asked, model)
    assert each_in(reader, APPLY, [([1, 2], asdict(asked))]) == [str(refused.value)]
