"""Passages of the free texts and their sources: what the readers learn from, and what is held out.

The texts are those of `training/texts.py`, and so are the pieces that are held out: whole speeches
and whole chapters, so that no passage comes from a piece that a reader has seen.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from swa_viz.experiments.books import PASSAGE_LEN, PASSAGES, SOURCES
from swa_viz.models import load_model
from swa_viz.shapes import Int, Tensor
from training.texts import HELD_OUT_EVERY

TEXTS = Path("build/texts")
N_HELD_OUT = 96  # of each source: as many as the smallest one has
# The places in the row of all addresses: those from 1866 on, and those from 1934 on.
LATER_ADDRESSES = (77, 144)
FIRST_BOOKS = {"Genesis": 5, "Job": 6, "Matthew": 7}

Piece = tuple[int, str, bool]  # its source, its text, and whether it is held out


def in_order(text: dict[str, list[str]]) -> Iterator[tuple[str, bool]]:
    """The pieces as they stand in the text, and whether each of them is held out.

    >>> list(in_order({"train": list("abcdefghijlm"), "held_out": ["k"]}))[9:12]
    [('j', False), ('k', True), ('l', False)]
    """
    kept, held_out = iter(text["train"]), iter(text["held_out"])
    for i in range(len(text["train"]) + len(text["held_out"])):
        is_out = i % HELD_OUT_EVERY == HELD_OUT_EVERY // 2
        yield next(held_out if is_out else kept), is_out


def without_heading(piece: str) -> str:
    """A chapter without its first line, which names the book.

    >>> without_heading("Genesis 11" + chr(10) + "And the whole earth was of one language")
    'And the whole earth was of one language'
    """
    return piece.partition("\n")[2].strip()


def pieces_of(texts: Path = TEXTS) -> Iterator[Piece]:
    """All pieces of the texts, with their sources."""

    def read(name: str) -> Iterator[tuple[str, bool]]:
        return in_order(json.loads((texts / f"{name}.json").read_text("utf-8")))

    for i, (piece, is_out) in enumerate(read("speeches")):
        yield sum(i >= first for first in LATER_ADDRESSES), piece, is_out
    for piece, is_out in read("moby_dick"):
        yield SOURCES.index("Moby Dick"), without_heading(piece), is_out
    for piece, is_out in read("jargon"):
        yield SOURCES.index("Jargon File"), piece, is_out
    part = FIRST_BOOKS["Genesis"]
    for piece, is_out in read("bible"):
        book = re.match(r"(.+) \d+", piece)[1]
        part = FIRST_BOOKS.get(book, part)
        yield part, without_heading(piece), is_out


def tokens_of(pieces: Sequence[str]) -> list[Int[Tensor, " n_tokens"]]:
    """Each piece as tokens of tiny-swa."""
    vocabulary = load_model("tiny-swa").tokenizer.vocabulary
    return [torch.tensor(each.ids) for each in vocabulary.encode_batch(list(pieces))]


def learned_texts() -> list[Int[Tensor, " n_tokens"]]:
    """What is learned from: all tokens of each source in a row."""
    pieces = list(pieces_of())
    return [
        torch.cat(
            tokens_of([piece + "\n" for of, piece, out in pieces if of == source and not out])
        )
        for source in range(len(SOURCES))
    ]


def cut(tokens: Int[Tensor, " n_tokens"]) -> list[Int[Tensor, " passage_len"]]:
    """Passages that follow each other; what is left over at the end is dropped."""
    return [each for each in tokens.split(PASSAGE_LEN) if len(each) == PASSAGE_LEN]


def write_held_out() -> None:
    """Draw as many passages of every source, from all its pieces that are held out."""
    random, pieces = torch.Generator().manual_seed(0), list(pieces_of())
    chosen, sources = [], []
    for source in range(len(SOURCES)):
        held_out = tokens_of([piece for of, piece, out in pieces if of == source and out])
        passages = [passage for tokens in held_out for passage in cut(tokens)]
        places = torch.randperm(len(passages), generator=random)[:N_HELD_OUT].tolist()
        chosen += [passages[place] for place in places]
        sources += [source] * len(places)
    PASSAGES.parent.mkdir(parents=True, exist_ok=True)
    tokens = torch.stack(chosen).numpy().astype(np.uint16)
    np.savez_compressed(PASSAGES, tokens=tokens, sources=np.array(sources, np.uint8))
