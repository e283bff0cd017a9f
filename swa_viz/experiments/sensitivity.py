"""Which layer, and which head, needs the past?  A window is laid on one of them at a time.

What that costs is measured in bits per predicted token.  Then several layers are chosen one after
the other: the greedy way tries every layer beside those that were chosen before, and a ranking
does not.
"""

from collections.abc import Callable, Sequence
from functools import partial

import torch

from swa_viz.experiments.perplexity import cost_bits
from swa_viz.kernels import attend
from swa_viz.models import LanguageModel
from swa_viz.models.language_model import Schedule
from swa_viz.patterns import Pattern, PerHead
from swa_viz.shapes import Float, Int, Tensor


class Rereading:
    """Passages that a model reads under one schedule, and then under others like it.

    Below the first layer that differs nothing changes, so only the layers from there on are run.
    """

    @torch.inference_mode()
    def __init__(self, model: LanguageModel, rows: Int[Tensor, "n length"], schedule: Schedule):
        transformer = model.transformer
        self.transformer, self.rows = transformer, rows.to(model.device)
        self.schedule = transformer.check_schedule(schedule)
        self.angles = transformer.angles(0, rows.shape[1] - 1)
        self.states = [transformer.embed(self.rows[:, :-1])]
        for layer, pattern in enumerate(self.schedule):
            self.states.append(self.after(layer, pattern, self.states[-1]))

    def after(
        self, layer: int, pattern: Pattern | PerHead, state: Float[Tensor, "n seq_len d_model"]
    ) -> Float[Tensor, "n seq_len d_model"]:
        """The residual stream after one layer."""
        block = self.transformer.blocks[layer]
        read = partial(attend, pattern=pattern, **block.softmax_terms)
        return block(state, self.angles[layer], read)

    @torch.inference_mode()
    def bits(
        self, schedule: Schedule, chosen: Sequence[int] | None = None
    ) -> Float[Tensor, " n_chosen"]:
        """What a token of each passage costs on average, in bits; of all passages, or the chosen.

        Raises ValueError for a schedule without one entry per layer.
        """
        schedule = self.transformer.check_schedule(schedule)
        same = [new == old for new, old in zip(schedule, self.schedule, strict=True)]
        first = same.index(False) if False in same else len(same)
        some = list(range(len(self.rows)) if chosen is None else chosen)
        state = self.states[first][some]
        for layer in range(first, len(schedule)):
            state = self.after(layer, schedule[layer], state)
        return cost_bits(self.transformer.unembed(state), self.rows[some, 1:]).mean(-1).cpu()


def with_layer(
    schedule: Schedule, layer: int, pattern: Pattern | PerHead
) -> tuple[Pattern | PerHead, ...]:
    """The same schedule, with another pattern in one layer."""
    return (*schedule[:layer], pattern, *schedule[layer + 1 :])


def with_head(
    schedule: Sequence[Pattern], layer: int, head: int, n_heads: int, pattern: Pattern
) -> tuple[Pattern | PerHead, ...]:
    """The same schedule, with another pattern in one head of one layer.

    >>> from swa_viz.patterns import Causal, SlidingWindow
    >>> with_head([Causal()] * 2, 1, 0, 2, SlidingWindow(4))
    (Causal(), PerHead(patterns=(SlidingWindow(window_size=4), Causal())))
    """
    heads = [schedule[layer]] * n_heads
    heads[head] = pattern
    return with_layer(schedule, layer, PerHead(tuple(heads)))


def head_bits(reading: Rereading, layer: int, pattern: Pattern) -> Float[Tensor, "n_heads n"]:
    """What a token of each passage costs with this pattern in one head, for every head."""
    n_heads = reading.transformer.config.n_heads
    schedules = [
        with_head(reading.schedule, layer, head, n_heads, pattern) for head in range(n_heads)
    ]
    return torch.stack([reading.bits(schedule) for schedule in schedules])


def each_layer_bits(
    reading: Rereading, pattern: Pattern, passages: Sequence[int]
) -> Float[Tensor, "n_layers n_passages"]:
    """What a token of some passages costs if one layer has this pattern, for every layer."""
    schedules = [
        with_layer(reading.schedule, layer, pattern) for layer in range(len(reading.schedule))
    ]
    return torch.stack([reading.bits(schedule, passages) for schedule in schedules])


def greedy_way(
    cost_of: Callable[[tuple[int, ...]], Sequence[float]], n_steps: int
) -> tuple[int, ...]:
    """Choose layers one after the other: each is the one after which least is lost.

    `cost_of` says for the layers that were chosen, in their order of number, what every further
    layer would cost then.

    >>> greedy_way({(): [3.0, 1.0, 2.0], (1,): [0.5, 1.0, 0.7]}.get, n_steps=2)
    (1, 0)
    """
    chosen: tuple[int, ...] = ()
    for _ in range(n_steps):
        costs = cost_of(tuple(sorted(chosen)))
        further = [layer for layer in range(len(costs)) if layer not in chosen]
        chosen = (*chosen, min(further, key=costs.__getitem__))
    return chosen
