"""The model as three graphs for the visitor's browser: run forward, measure influence, go on.

In all of them the layer schedule is an input, laid out as one mask per layer, so any pattern runs.
The second graph walks back through the layers (`browser_way_back.py`).  The third one reads some
more tokens after those whose keys and values it is given.
"""

import math

import torch
from einops import rearrange
from torch import nn

from swa_viz.answers.trace_payload import N_LIKELIEST, VALUE_START
from swa_viz.attention import repeat_kv
from swa_viz.experiments.influence import probes_of
from swa_viz.models.blocks import Attend
from swa_viz.models.transformer import Transformer
from swa_viz.shapes import Bool, Float, Int, Tensor
from training.browser_way_back import Steps, pull_layer

WEIGHTS = "model.safetensors"
# The same numbers as the graphs read them: in 32 bits, one after the other (wide_weights.js).
WIDE = "weights.f32"


def masked_attention(
    visible: Bool[Tensor, "*heads n n"],
    kept: list[Steps],
    sink_logit: Float[Tensor, "*one_each"] | None = None,
) -> Attend:
    """Attention as in `swa_viz.attention`, with the mask given; its steps are added to `kept`.

    There may be a mask for each head, and a sink logit for each.  A sink logit makes all weights of
    a row smaller by one factor: sigmoid(logsumexp - logit).
    """

    def attend(query, key, value):
        key, value = repeat_kv(key, query.shape[0]), repeat_kv(value, query.shape[0])
        scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
        masked = scores.masked_fill(~visible, -torch.inf)
        weights = masked.softmax(dim=-1)
        if sink_logit is not None:
            weights = weights * torch.sigmoid(masked.logsumexp(-1, keepdim=True) - sink_logit)
        kept.append(Steps(query, key, value, scores, weights, weights @ value))
        return kept[-1].output

    return attend


class Graph(nn.Module):
    """What all graphs begin with."""

    def __init__(self, transformer: Transformer):
        super().__init__()
        self.transformer = transformer

    def run_layers(
        self,
        token_ids: Int[Tensor, " n"],
        visible: Bool[Tensor, "n_layers n n"],
        sink_logit: Float[Tensor, " 1"] | None = None,
    ) -> tuple[list[Float[Tensor, "n d_model"]], list[Steps]]:
        """The residual stream before the first layer and after each, and each layer's steps."""
        steps: list[Steps] = []
        attends = [masked_attention(mask, steps, sink_logit) for mask in visible]
        embedded = self.transformer.embed(token_ids)
        return self.transformer.residual_states(embedded, attends), steps


class ForwardGraph(Graph):
    """token_ids, visible, sink_logit -> logits, the ten likeliest next tokens, and the steps.

    The steps are weights, scores and value_starts.  A sink logit of minus infinity is none.
    Of each value vector only its start leaves the graph: as many numbers as a page shows.
    """

    def forward(
        self,
        token_ids: Int[Tensor, " n"],
        visible: Bool[Tensor, "n_layers n n"],
        sink_logit: Float[Tensor, " 1"],
    ):
        """The outputs in the order of `OUTPUTS` in browser_export.py."""
        states, layers = self.run_layers(token_ids, visible, sink_logit)
        logits = self.transformer.unembed(states[-1])
        shares, likeliest = logits.softmax(-1).topk(N_LIKELIEST)
        weights = torch.stack([layer.weights for layer in layers])
        scores = torch.stack([layer.scores for layer in layers])
        value_starts = torch.stack([layer.value[..., :VALUE_START] for layer in layers])
        return logits, likeliest, shares, weights, scores, value_starts


class InfluenceGraph(Graph):
    """token_ids, visible, top -> influence, as in `swa_viz.experiments.measured_influence`.

    `top` is 1 for the one state that is asked for, row L at the query's position, else 0; so the
    question "after L layers" needs no shorter model.
    """

    def __init__(self, transformer: Transformer):
        super().__init__(transformer)
        self.register_buffer("probes", probes_of(transformer.config.d_model))

    def forward(
        self,
        token_ids: Int[Tensor, " n"],
        visible: Bool[Tensor, "n_layers n n"],
        top: Float[Tensor, "n_states n"],
    ) -> Float[Tensor, "n_states n"]:
        """Row l is the influence of each state after l layers; rows above L are zero."""
        states, steps = self.run_layers(token_ids, visible)
        angles = self.transformer.angles(0, token_ids.shape[0])
        blocks = self.transformer.blocks

        def asked(row: int) -> Float[Tensor, "probes n d_model"]:
            return top[row][:, None] * self.probes[:, None, :]

        gradients = [asked(len(blocks))]
        for row in reversed(range(len(blocks))):
            pulled = pull_layer(blocks[row], states[row], steps[row], angles[row], gradients[-1])
            gradients.append(asked(row) + pulled)
        squares = [gradient.square().sum(-1).mean(0) for gradient in reversed(gradients)]
        return (torch.stack(squares) / self.transformer.config.d_model).sqrt()


class StepGraph(Graph):
    """token_ids, positions, visible, and what each layer holds -> logits, and the new keys, values.

    A layer holds `past_key` and `past_value`, slot by slot in any order, and `past_visible` says
    which slots each new token reads; `visible` says it of the new tokens themselves.  Layers hold
    different numbers of slots, so these are three lists.
    """

    def forward(
        self,
        token_ids: Int[Tensor, " n"],
        positions: Int[Tensor, " n"],
        visible: Bool[Tensor, "n_layers n n"],
        past_visible: list[Bool[Tensor, "n slots"]],
        past_key: list[Float[Tensor, "slots n_kv_heads head_dim"]],
        past_value: list[Float[Tensor, "slots n_kv_heads head_dim"]],
    ):
        """The logits at the new tokens; their keys and values, layer by layer."""
        new: list[tuple[Tensor, Tensor]] = []
        held = zip(visible, past_visible, past_key, past_value, strict=True)
        x, angles = self.transformer.embed(token_ids), self.transformer.angles_at(positions)
        for block, turned, each in zip(self.transformer.blocks, angles, held, strict=True):
            x = block(x, turned, attention_with_past(*each, new))
        keys, values = (torch.stack(parts) for parts in zip(*new, strict=True))
        return self.transformer.unembed(x), keys, values


def attention_with_past(
    visible: Bool[Tensor, "n n"],
    past_visible: Bool[Tensor, "n slots"],
    past_key: Float[Tensor, "slots n_kv_heads head_dim"],
    past_value: Float[Tensor, "slots n_kv_heads head_dim"],
    new: list[tuple[Tensor, Tensor]],
) -> Attend:
    """Attention over the slots and the new tokens, whose keys and values are added to `new`."""
    mask, by_token = torch.cat([past_visible, visible], dim=1), "heads n d -> n heads d"

    def attend(query, key, value):
        new.append((rearrange(key, by_token), rearrange(value, by_token)))
        keys, values = (
            torch.cat([rearrange(past, "n heads d -> heads n d"), now], dim=1)
            for past, now in ((past_key, key), (past_value, value))
        )
        return masked_attention(mask, [])(query, keys, values)

    return attend


GRAPHS: dict[str, type[Graph]] = {
    "forward": ForwardGraph,
    "influence": InfluenceGraph,
    "step": StepGraph,
}
