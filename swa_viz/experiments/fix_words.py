"""What each way to read further is, in a sentence or two, and which ways belong together.

The entries are those of `fixes.py`.  A sentence says what the mechanism does and who uses it; what
it brings back is measured (`stored_fixes.py`) and never said here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FixWords:
    """The family of a way, and what it does."""

    group: str
    about: str


WORDS: Mapping[str, FixWords] = {
    "full": FixWords(
        "nothing",
        "Every layer reads the whole text before the query. This is what a window gives up, and "
        "what the other ways are compared with.",
    ),
    "window": FixWords(
        "nothing",
        "Every layer reads W keys. Each further layer adds W − 1 tokens of reach, and what lies "
        "beyond the reach of all layers cannot arrive.",
    ),
    "deeper": FixWords(
        "more of it",
        "Twice as many layers reach almost twice as far. The information must be handed on once "
        "more for every layer, and the model has twice as many parameters.",
    ),
    "wider": FixWords(
        "more of it",
        "Windows of 3W reach almost three times as far through the same layers, for about three "
        "times the score pairs in a long text.",
    ),
    "sinks": FixWords(
        "sinks",
        "The first four tokens stay visible from everywhere, as in StreamingLLM. They repair a "
        "model that was trained in full attention; this one was trained with them from the start.",
    ),
    "sink_logit": FixWords(
        "sinks",
        "Each head has learned one number that joins its softmax and is then dropped, as in "
        "gpt-oss. So a head can give part of its attention to nobody. It reads no further key.",
    ),
    "global": FixWords(
        "global",
        "Every sixteenth token is global: it reads everything before it, and everyone later reads "
        "it. In a causal model nothing before it can read it.",
    ),
    "longformer": FixWords(
        "global",
        "Longformer's form: every sixteenth token reads the whole text and is read by all of it, "
        "with projections of its own. The other windows are centred, so this model is an encoder "
        "and cannot write: each answer is blanked out, and it fills the blank.",
    ),
    "one_to_one": FixWords(
        "schedules",
        "Windows and full attention alternate, as in Gemma 2 and gpt-oss. Every second layer "
        "reads everything, and pays for it.",
    ),
    "three_to_one": FixWords(
        "schedules",
        "Three windows, then one full layer, as in OLMo 3 and Command R7B. Of these six layers "
        "only the fourth is full.",
    ),
    "five_to_one": FixWords(
        "schedules",
        "Five windows, then one full layer, as in Gemma 3. Of these six layers only the last is "
        "full.",
    ),
    "pyramid": FixWords(
        "schedules",
        "Small windows below and large ones above: W, W, 2W, 2W, 4W, 8W. Lower layers join "
        "neighbours, and the top layer can read 8W tokens.",
    ),
    "chunks": FixWords(
        "chunks",
        "The text is cut into chunks of 2W, and a query reads its own chunk, as in three of four "
        "layers of Llama 4. With the same borders in all layers nothing crosses them.",
    ),
    "overlapping": FixWords(
        "chunks",
        "A query reads its chunk of W and the last W/2 tokens of the chunk before it, so each "
        "layer carries something across a border.",
    ),
    "shifted": FixWords(
        "chunks",
        "Every second layer shifts the borders of its chunks by half a chunk, as Swin does with "
        "pictures. So the layers together cross all borders.",
    ),
    "dilated": FixWords(
        "dilated",
        "A query reads every fourth key: as many keys as a window of W, over four times the span. "
        "Only tokens that stand a multiple of four back can arrive, however many layers there are.",
    ),
    "mixed": FixWords(
        "dilated",
        "The four heads of a layer read every key, every second, every fourth and every eighth. "
        "So near tokens are read without gaps and far ones with gaps.",
    ),
    "adaptive": FixWords(
        "learned",
        "Each head learns how far back it looks: a soft mask with a slope, and a price for every "
        "token of span. Nobody sets W.",
    ),
    "content": FixWords(
        "learned",
        "Each token asks for a span of its own in every head, and far spans have a price. A filler "
        "word can look at its neighbours, and a question can look far back.",
    ),
    "state": FixWords(
        "hybrid",
        "A window, and beside it a small state of linear attention that sums up all that fell out "
        "of it. The state does not grow with the text. Gated DeltaNet and Kimi Linear are richer "
        "forms of it.",
    ),
}
