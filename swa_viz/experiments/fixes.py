"""What might bring back what a window loses: one entry for each way, with which a model is trained.

All models have the same sizes, read the same texts (`far_tasks`) in the same order, and begin from
the same numbers where they have the same shapes.  They differ in which keys a layer reads, and in
what else the entry says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import nn

from swa_viz.experiments.far_tasks import TASKS, TEXT_LEN, WORDS, Puzzles, texts_at
from swa_viz.models.blocks import Block
from swa_viz.models.config import BlockStyle, TransformerConfig
from swa_viz.models.global_projections import GlobalProjectionsBlock
from swa_viz.models.spans import AdaptiveSpanBlock, ContentSpanBlock
from swa_viz.models.transformer import Transformer
from swa_viz.models.window_state import WindowStateBlock
from swa_viz.patterns import (
    Causal,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    OverlappingChunks,
    Pattern,
    PerHead,
    ShiftedChunks,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.shapes import Bool, Float, Int, Tensor

WINDOW, N_LAYERS, N_HEADS = 8, 6, 4
N_SINKS = 4
DISTANCES = (6, 12, 16, 24, 32, 40, 48, 64, 72)
N_ASKED, AT_ONCE = 128, 32
BLANK, BLANKED = len(WORDS), 0.3
Schedule = tuple[Pattern | PerHead, ...]
Accuracies = dict[str, list[float | None]]


@dataclass(frozen=True)
class Fix:
    """One way to read further than a window: its schedule for windows of any size, and its blocks.

    `schedule` takes W and gives the pattern of each layer, repeated over `n_layers`.  `block`
    builds a layer; with `sink_logits` each head has one.  `span_price` is what a span as long as
    the text adds to the loss, in nats, where spans are learned.  A model that is not `causal` reads
    in both directions, so the answers that it is asked for are blanked out in its text.
    """

    label: str
    schedule: Callable[[int], Schedule]
    n_layers: int = N_LAYERS
    block: Callable[[TransformerConfig], Block] = Block
    sink_logits: bool = False
    span_price: float = 0.0
    causal: bool = True
    kernel: str = "sdpa_mask"

    def layers(self, window_size: int = WINDOW) -> Schedule:
        """The pattern of every layer.

        >>> FIXES["one_to_one"].layers(4)[:3]
        (SlidingWindow(window_size=4), Causal(), SlidingWindow(window_size=4))
        """
        repeated = self.schedule(window_size) * self.n_layers
        return repeated[: self.n_layers]


def window_in_all(window_size: int) -> Schedule:
    """Plain windows."""
    return (SlidingWindow(window_size),)


def every_nth_full(n: int, window_size: int) -> Schedule:
    """Windows, and full attention in every n-th layer."""
    return (SlidingWindow(window_size),) * (n - 1) + (Causal(),)


def pyramid(window_size: int) -> Schedule:
    """Small windows below, large ones above: W, W, 2W, 2W, 4W, 8W."""
    return tuple(SlidingWindow(window_size * times) for times in (1, 1, 2, 2, 4, 8))


def global_every(window_size: int) -> tuple[int, ...]:
    """Global tokens at every second window's distance, along the text."""
    return tuple(range(0, TEXT_LEN * window_size // WINDOW, 2 * window_size))


def centred_with_globals(window_size: int) -> Schedule:
    """As many neighbours on both sides together as a window has keys, and one more."""
    return (GlobalWindow(window_size + 1, global_every(window_size), causal=False),)


def mixed_dilations(window_size: int) -> Schedule:
    """Heads that read every key, every second one, every fourth and every eighth."""
    return (PerHead(tuple(DilatedWindow(window_size, d) for d in (1, 2, 4, 8))),)


FIXES: Mapping[str, Fix] = {
    "full": Fix("full attention in every layer", lambda w: (Causal(),)),
    "window": Fix("a window in every layer", window_in_all),
    "deeper": Fix("twice as many layers", window_in_all, n_layers=2 * N_LAYERS),
    "wider": Fix("windows of 3W", lambda w: window_in_all(3 * w)),
    "sinks": Fix("four sink tokens", lambda w: (SinkWindow(w, N_SINKS),)),
    "sink_logit": Fix("a sink logit", window_in_all, sink_logits=True),
    "global": Fix(
        "global tokens, causal", lambda w: (GlobalWindow(w, global_every(w), causal=True),)
    ),
    "longformer": Fix(
        "global tokens, symmetric",
        centred_with_globals,
        block=partial(GlobalProjectionsBlock, global_positions=global_every(WINDOW)),
        causal=False,
    ),
    "one_to_one": Fix("every second layer full", partial(every_nth_full, 2)),
    "three_to_one": Fix("every fourth layer full", partial(every_nth_full, 4)),
    "five_to_one": Fix("every sixth layer full", partial(every_nth_full, 6)),
    "pyramid": Fix("a pyramid, W to 8W", pyramid),
    "chunks": Fix("chunks of 2W", lambda w: (Chunked(2 * w),)),
    "overlapping": Fix("overlapping chunks", lambda w: (OverlappingChunks(w, w // 2),)),
    "shifted": Fix("chunks, shifted in every second layer",
                   lambda w: (Chunked(2 * w), ShiftedChunks(2 * w, w))),
    "dilated": Fix("every fourth key", lambda w: (DilatedWindow(w, 4),)),
    "mixed": Fix("a dilation for each head", mixed_dilations),
    "adaptive": Fix("a span that each head learns", lambda w: (Causal(),), block=AdaptiveSpanBlock,
                    span_price=0.005),
    "content": Fix("a span that each token asks for", lambda w: (Causal(),),
                   block=ContentSpanBlock,
                   span_price=0.1),
    "state": Fix("a window and a linear state", window_in_all, block=WindowStateBlock),
}  # fmt: skip


def config_of(fix: Fix) -> TransformerConfig:
    """The sizes of a model with that fix."""
    return TransformerConfig(
        vocab_size=len(WORDS) + (not fix.causal),
        d_model=48,
        n_layers=fix.n_layers,
        n_heads=N_HEADS,
        n_kv_heads=N_HEADS,
        d_ff=96,
        window_size=WINDOW,
        trained_len=TEXT_LEN,
        style=replace(BlockStyle(), sink_logits=fix.sink_logits),
    )


def new_fix_model(fix: Fix) -> Transformer:
    """A model with the blocks of that fix, its numbers as torch draws them."""
    config = config_of(fix)
    model = Transformer(config)
    if fix.block is not Block:
        model.blocks = nn.ModuleList(fix.block(config) for _ in range(config.n_layers))
    return model


@dataclass(frozen=True)
class Asked:
    """Texts as a model reads them, the places where it is asked, and what is right there."""

    texts: Int[Tensor, "n_texts length"]
    asks: Bool[Tensor, "n_texts length"]
    answers: Int[Tensor, " n_answers"]


def asked_in(fix: Fix, puzzles: Puzzles, seed: int | None = None) -> Asked:
    """The questions of some texts; without a seed only the last ones, as they are measured.

    A causal model is asked by the word before an answer.  One that reads in both directions is
    asked at the answer's own place, which is blanked out: the last answers, and some of the others,
    so that enough of the text remains to read.
    """
    texts, answers = puzzles.texts, puzzles.is_last if seed is None else puzzles.is_answer
    if fix.causal:
        return Asked(texts, answers.roll(-1, dims=1), texts[answers])
    if seed is not None:
        drawn = torch.rand(texts.shape, generator=torch.Generator().manual_seed(seed))
        answers = answers & (puzzles.is_last | (drawn < BLANKED))
    return Asked(texts.masked_fill(answers, BLANK), answers, texts[answers])


def accuracies(model: Transformer, fix: Fix) -> Accuracies:
    """How often the last answers are right at each of the DISTANCES; None where a task has none."""
    return by_distance(partial(right_share, model, fix), N_ASKED)


def by_distance(share_of: Callable[[Puzzles], float], n_texts: int) -> Accuracies:
    """Something that is measured on texts, for each task at each of the DISTANCES."""
    return {
        name: [
            share_of(texts_at(task, distance, n_texts))
            if task.nearest <= distance <= task.furthest(TEXT_LEN)
            else None
            for distance in DISTANCES
        ]
        for name, task in TASKS.items()
    }


@torch.inference_mode()
def answered(model: Transformer, fix: Fix, asked: Asked) -> Float[Tensor, "n_answers vocab_size"]:
    """The logits where a model is asked, of so few texts at once that a processor's cache helps."""
    parts = zip(asked.texts.split(AT_ONCE), asked.asks.split(AT_ONCE), strict=True)
    return torch.cat([model(texts, fix.layers(), fix.kernel)[asks] for texts, asks in parts])


def right_share(model: Transformer, fix: Fix, puzzles: Puzzles) -> float:
    """How often the likeliest of all words is the right one."""
    asked = asked_in(fix, puzzles)
    named = answered(model, fix, asked).argmax(-1)
    return round((named == asked.answers).double().mean().item(), 4)
