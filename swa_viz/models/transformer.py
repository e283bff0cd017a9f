"""A small transformer in which every layer may have its own attention pattern.

The layers do not know how attention is computed.  Whoever runs them hands one function
`attend(query, key, value)` to each layer: a fast kernel (`Transformer.forward`), the reference with
all its steps (`Transformer.trace_layers`), or a rolling cache (`LanguageModel.extend`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from swa_viz import kernels
from swa_viz.attention import attention, capped
from swa_viz.models.blocks import Attend, Block, norm
from swa_viz.models.config import TransformerConfig
from swa_viz.patterns import Pattern, PerHead
from swa_viz.shapes import Float, Int, Tensor
from swa_viz.trace import LayerInputs, LayerTrace

Schedule = Sequence[Pattern | PerHead]


class Transformer(nn.Module):
    """Embeddings, a stack of blocks, and in most models the embeddings again to get the logits."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.d_model)
        n_positions = config.n_positions
        self.positions = None if n_positions is None else nn.Embedding(n_positions, config.d_model)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.norm = norm(config, config.d_model)
        untied = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self.unembedding = None if config.tied_embeddings else untied

    @property
    def native_schedule(self) -> tuple[Pattern, ...]:
        """The pattern of each layer in training."""
        return self.config.native_schedule

    def check_schedule(self, layer_schedule: Schedule | None) -> tuple[Pattern | PerHead, ...]:
        """The schedule as a tuple, the native one for None.

        Raises ValueError if it does not have one pattern per layer, or one for each of its heads.
        """
        if layer_schedule is None:
            return self.native_schedule
        schedule = tuple(layer_schedule) if isinstance(layer_schedule, Iterable) else ()
        fits = all(isinstance(pattern, Pattern | PerHead) for pattern in schedule)
        if len(schedule) != len(self.blocks) or not fits:
            raise ValueError(
                f"layer_schedule needs one pattern for each of the {len(self.blocks)} layers, "
                f"but it is {layer_schedule!r}"
            )
        return schedule

    def embed(
        self, token_ids: Int[Tensor, "*batch seq_len"], start: int = 0
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """The residual stream before the first layer; `start` is the position of the first token.

        Raises ValueError for more tokens than the model has positions, if those are learned.
        """
        scale = self.config.embedding_scale
        x = self.embedding(token_ids) * scale if scale != 1 else self.embedding(token_ids)
        if self.positions is None:
            return x
        stop, most = start + token_ids.shape[-1], self.positions.num_embeddings
        if stop > most:
            raise ValueError(f"this model knows {most} positions, but the text has {stop} tokens")
        return x + self.positions.weight[start:stop]

    def angles(self, start: int, stop: int) -> list[Float[Tensor, "seq_len half"] | None]:
        """RoPE angles of the positions start .. stop - 1 in every layer; None where it has none."""
        return self.angles_at(torch.arange(start, stop, device=self.embedding.weight.device))

    def angles_at(
        self, positions: Int[Tensor, " seq_len"]
    ) -> list[Float[Tensor, "seq_len half"] | None]:
        """RoPE angles of any positions in every layer."""
        ropes = self.config.ropes
        made = {rope: rope and rope.angles(positions, self.config.head_dim) for rope in set(ropes)}
        return [made[rope] for rope in ropes]

    def residual_states(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        attends: Sequence[Attend],
        start: int = 0,
    ) -> list[Float[Tensor, "*batch seq_len d_model"]]:
        """The residual stream before the first layer, which is `x` itself, and after each layer.

        `attends` has one function per layer; `start` is the position of the first token.
        """
        angles, states = self.angles(start, start + x.shape[-2]), [x]
        for block, turned, attend in zip(self.blocks, angles, attends, strict=True):
            states.append(block(states[-1], turned, attend))
        return states

    def unembed(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len vocab_size"]:
        """The logits of the next token at every position."""
        weight = (self.unembedding or self.embedding).weight
        return capped(F.linear(self.norm(x), weight), self.config.style.logit_cap)

    def forward(
        self,
        token_ids: Int[Tensor, "batch seq_len"],
        layer_schedule: Schedule | None = None,
        kernel: str = "auto",
        n_last: int | None = None,
    ) -> Float[Tensor, "batch n_asked vocab_size"]:
        """The logits of a batch of texts of equal length, by a fast kernel.

        With `n_last`, 1 or more, only those at so many last positions: a large vocabulary takes
        its time.
        """
        attends = [
            partial(kernels.attend, pattern=pattern, kernel=kernel, **block.softmax_terms)
            for block, pattern in zip(self.blocks, self.check_schedule(layer_schedule), strict=True)
        ]
        asked = slice(None if n_last is None else -n_last, None)
        return self.unembed(self.residual_states(self.embed(token_ids), attends)[-1][:, asked])

    def attends(
        self,
        layer_schedule: Schedule | None,
        special: Mapping[int, Attend],
        sink_logit: Float[Tensor, " n_heads"] | None = None,
    ) -> list[Attend]:
        """One function per layer, ready to be run: that of `special`, else a fast kernel.

        `sink_logit` takes the place of what the layers have learned, or have not.
        """
        instead = {} if sink_logit is None else {"sink_logit": sink_logit}
        schedule = self.check_schedule(layer_schedule)
        return [
            partial(special.get(i, kernels.attend), pattern=p, **block.softmax_terms | instead)
            for i, (block, p) in enumerate(zip(self.blocks, schedule, strict=True))
        ]

    def trace_layers(
        self,
        token_ids: Int[Tensor, " seq_len"],
        layer_schedule: Schedule | None = None,
        layers: Collection[int] | None = None,
        sink_logit: Float[Tensor, " n_heads"] | None = None,
    ) -> tuple[tuple[LayerTrace, ...], Float[Tensor, "seq_len vocab_size"]]:
        """The attention steps of the chosen `layers`, or of all, and the logits, by the reference.

        Layers count from 0, and come in their order; the others run by a fast kernel.  `sink_logit`
        takes the place of what the layers have learned, or have not.
        """
        traced = []

        def trace(query, key, value, pattern, **terms):
            steps = attention(query, key, value, pattern, **terms)
            stages = (steps.scores, steps.masked_scores, steps.weights)
            traced.append(LayerTrace(pattern, *stages, value, steps.output))
            return steps.output

        chosen = range(len(self.blocks)) if layers is None else layers
        attends = self.attends(layer_schedule, dict.fromkeys(chosen, trace), sink_logit)
        states = self.residual_states(self.embed(token_ids), attends)
        return tuple(traced), self.unembed(states[-1])

    def watch_layer(
        self,
        token_ids: Int[Tensor, " seq_len"],
        layer: int,
        layer_schedule: Schedule | None = None,
        sink_logit: Float[Tensor, " n_heads"] | None = None,
    ) -> tuple[LayerInputs, Float[Tensor, "seq_len d_model"]]:
        """Queries and keys of one layer, and the residual stream after the last one.

        All layers run by a fast kernel, so that no matrix of all pairs is made; otherwise it is
        the same run as that of `trace_layers`.
        """
        seen = []

        def watch(query, key, value, pattern, sink_logit, score_cap):
            seen.append(LayerInputs(pattern, query, key, sink_logit, score_cap))
            terms = {"sink_logit": sink_logit, "score_cap": score_cap}
            return kernels.attend(query, key, value, pattern, **terms)

        attends = self.attends(layer_schedule, {layer: watch}, sink_logit)
        states = self.residual_states(self.embed(token_ids), attends)
        return seen[0], states[-1]
