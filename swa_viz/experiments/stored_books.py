"""From which of the free texts a passage is, by windows and readings of the answers, measured once.

`python -m training.books` trains the readers, measures them and writes what is kept here.
"""

from base64 import b64encode
from pathlib import Path

import torch

from swa_viz.experiments.books import (
    SOURCES,
    WINDOWS,
    BookReader,
    answer,
    held_out_passages,
    schedule_of,
)
from swa_viz.experiments.keeping import kept
from swa_viz.models import load_model
from swa_viz.shapes import Float, Int, Tensor

FILE = Path(__file__).with_suffix(".json")
WHOLE = 255  # a probability is stored as a whole number of these
# The passages that are shown, by name, and their sources.
SHOWN = {"whale": "Moby Dick", "speech": "Speech, 1790–1865", "prophets": "Job to Malachi"}
SMALL = WINDOWS.index(4)


@torch.inference_mode()
def scores_at_all(
    reader: BookReader, passage: Int[Tensor, " passage_len"]
) -> Float[Tensor, "n_windows passage_len n_sources"]:
    """The score of each source after each token, at every window."""
    return torch.cat([reader(passage[None], schedule_of(window)) for window in WINDOWS])


def chosen_passage(reader: BookReader, source: int) -> int:
    """The first held-out passage of a source of which the window makes a difference.

    In full attention its last token answers rightly, with W = 4 it does not.
    """
    passages, sources = held_out_passages()
    for i in (sources == source).nonzero().flatten().tolist():
        named = answer(scores_at_all(reader, passages[i]), "last").argmax(dim=-1)
        if named[-1] == source and named[SMALL] != source:
            return i
    raise ValueError(f"no passage of {SOURCES[source]} is as it should be")


def in_page(reader: BookReader, i: int) -> dict:
    """A held-out passage and all answers: a byte a probability, as letters.

    `after` has a byte for each window, token and source, `all` one for each window and source.
    """
    passages, sources = held_out_passages()
    scores = scores_at_all(reader, passages[i])

    def letters(probabilities: Tensor) -> str:
        whole = (WHOLE * probabilities).round().to(torch.uint8)
        return b64encode(whole.numpy().tobytes()).decode("ascii")

    return {
        "source": int(sources[i]),
        "tokens": list(load_model("tiny-swa").tokenizer.pieces(passages[i].tolist())),
        "after": letters(scores.softmax(dim=-1)),
        "all": letters(answer(scores, "all")),
    }


def shown_passages(reader: BookReader) -> dict[str, dict]:
    """What a page shows."""
    return {
        name: in_page(reader, chosen_passage(reader, SOURCES.index(source)))
        for name, source in SHOWN.items()
    }


def stored_books() -> dict:
    """What was measured, by windows (None reads everything) and seeds.

    {"how", "sources", "windows", "right": {reading: [seed][window]}, "shown": {passage: ...},
    "times": {"lengths", "kernels": [length][window], "ms", "low", "high": [length][window], ...}}
    """
    return kept(FILE)
