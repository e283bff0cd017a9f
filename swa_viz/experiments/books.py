"""Which of the free texts is a passage from?  A small causal reader answers after every token.

Two readings of its answers show what a window does to a classifier.  The *last* token's answer can
depend only on what reaches that token through all layers.  The answer of *all* tokens is the mean
of their scores: it hears of every token, but of each only what that token's window let in.

Why these eight sources: five texts, told apart by their genre, are too easy, for nearly every word
gives them away; and a dictionary, such as WordNet, is known by its punctuation.  So the addresses
are divided by their time and the Bible by its parts, which share most of their words, and headings
are cut off, because they name the source.  As many passages of every source are asked for, so that
chance is 1/8.  In trials, a reader of the last token went from about 1/4 right at W = 1 to 9/10 in
full attention, and one of all tokens from 7/8 at W = 1 to 9/10 at W = 4.

`training/books.py` trains the readers, `stored_books.json` holds what was measured, and the
parameters of seed 0 and all held-out passages come with the lab.
"""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.shapes import Float, Int, Tensor

HERE = Path(__file__).parent
PASSAGES = HERE / "data" / "books" / "held_out.npz"
WEIGHTS = HERE / "weights" / "books" / "reader.safetensors"
SOURCES = (
    "Speech, 1790–1865",
    "Speech, 1866–1932",
    "Speech, 1934–2021",
    "Moby Dick",
    "Jargon File",
    "Genesis to Esther",
    "Job to Malachi",
    "New Testament",
)
PASSAGE_LEN = 128
WINDOWS: tuple[int | None, ...] = (1, 2, 4, 8, 16, 32, 64, None)  # None reads the whole passage
READINGS = ("last", "all")
BATCH = 64


def reader_config() -> TransformerConfig:
    """The sizes of a reader, whose tokens are those of tiny-swa.  Most numbers are embeddings."""
    return TransformerConfig(
        vocab_size=4096,
        d_model=32,
        n_layers=2,
        n_heads=4,
        n_kv_heads=4,
        d_ff=64,
        window_size=None,
        trained_len=PASSAGE_LEN,
    )


def schedule_of(window: int | None) -> tuple[Pattern, ...]:
    """The same window in every layer.

    >>> schedule_of(4)
    (SlidingWindow(window_size=4), SlidingWindow(window_size=4))
    """
    pattern = Causal() if window is None else SlidingWindow(window)
    return (pattern,) * reader_config().n_layers


class BookReader(Transformer):
    """A transformer that scores, after every token, from which source the passage is."""

    def __init__(self, config: TransformerConfig):
        super().__init__(config)
        self.sources = nn.Linear(config.d_model, len(SOURCES), bias=False)

    def unembed(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len n_sources"]:
        """The score of each source after every token; their softmax is its probability."""
        return self.sources(self.norm(x))


def answer(
    scores: Float[Tensor, "*batch seq_len n_sources"], reading: str
) -> Float[Tensor, "*batch n_sources"]:
    """The probability of each source: after the last token, or by the scores of all tokens.

    >>> scores = torch.tensor([[2.0, 0.0], [1.0, 0.0], [0.0, 0.5]])
    >>> [answer(scores, reading).argmax().item() for reading in READINGS]
    [1, 0]
    """
    one = scores[..., -1, :] if reading == "last" else scores.mean(dim=-2)
    return one.softmax(dim=-1)


@cache
def held_out_passages() -> tuple[Int[Tensor, "n_passages passage_len"], Int[Tensor, " n_passages"]]:
    """Passages that no reader learned from, as tokens, and the source of each."""
    with np.load(PASSAGES) as arrays:
        tokens, sources = arrays["tokens"], arrays["sources"]
    return torch.from_numpy(tokens.astype(np.int64)), torch.from_numpy(sources.astype(np.int64))


@cache
def load_reader() -> BookReader:
    """The bundled reader of seed 0, computing in float32."""
    reader = BookReader(reader_config())
    reader.load_state_dict({name: each.float() for name, each in load_file(WEIGHTS).items()})
    return reader.eval().requires_grad_(False)


@torch.inference_mode()
def shares_right(
    reader: BookReader,
    window: int | None,
    passages: Int[Tensor, "n_passages passage_len"],
    sources: Int[Tensor, " n_passages"],
) -> dict[str, float]:
    """How often the likeliest source is the right one, by each reading."""
    found: dict[str, list[Tensor]] = {reading: [] for reading in READINGS}
    for part in passages.split(BATCH):
        scores = reader(part, schedule_of(window))
        for reading in READINGS:
            found[reading].append(answer(scores, reading).argmax(dim=-1))
    return {
        reading: (torch.cat(named) == sources).double().mean().item()
        for reading, named in found.items()
    }
