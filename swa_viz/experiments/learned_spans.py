"""What is measured of models whose heads or tokens have learned how far they look."""

from functools import partial

import torch
from torch import nn

from swa_viz.experiments.far_tasks import Puzzles
from swa_viz.experiments.fixes import N_ASKED, Accuracies, Fix, asked_in, by_distance
from swa_viz.models.spans import AdaptiveSpanBlock, RoundedSpanBlock
from swa_viz.models.transformer import Transformer
from swa_viz.shapes import Float, Tensor


def rounded_accuracies(model: Transformer, fix: Fix) -> Accuracies:
    """The same, its spans rounded up to windows and run by a kernel, text by text."""
    return by_distance(partial(one_by_one_share, rounded(model), fix), N_ASKED // 4)


def rounded(model: Transformer) -> Transformer:
    """The same model, its soft spans rounded up to windows that a kernel can run."""
    hard = Transformer(model.config)
    hard.load_state_dict(model.state_dict(), strict=False)
    hard.blocks = nn.ModuleList(RoundedSpanBlock(block) for block in model.blocks)
    return hard.eval().requires_grad_(False)


@torch.inference_mode()
def one_by_one_share(model: Transformer, fix: Fix, puzzles: Puzzles) -> float:
    """How often it is right, text by text."""
    asked = asked_in(fix, puzzles)
    named = [model(row[None])[0][asks] for row, asks in zip(asked.texts, asked.asks, strict=True)]
    return round((torch.cat(named).argmax(-1) == asked.answers).double().mean().item(), 4)


@torch.inference_mode()
def schedule_asked(model: Transformer, puzzles: Puzzles) -> list[dict]:
    """The windows that the first text asks for, as plain data: in each layer those of its heads."""
    hard = rounded(model)
    hard(puzzles.texts[:1])
    return [{"heads": [p.to_plain() for p in block.asked.patterns]} for block in hard.blocks]


def span_blocks(model: Transformer) -> list[AdaptiveSpanBlock]:
    """The layers whose heads have learned their spans."""
    return [block for block in model.blocks if isinstance(block, AdaptiveSpanBlock)]


def price_of(model: Transformer) -> Float[Tensor, ""]:
    """The mean span of all heads that have learned one, as a part of the text; else 0."""
    prices = [block.price() for block in span_blocks(model)]
    return torch.stack(prices).mean() if prices else torch.zeros(())


def spans_of(model: Transformer) -> list[list[float]]:
    """The span of each head of each layer, in tokens; empty where heads have learned none."""
    spans = [block.mean_spans().tolist() for block in span_blocks(model)]
    return [[round(span, 2) for span in of_heads] for of_heads in spans]
