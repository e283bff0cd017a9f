"""The small models that come with the lab, one for each entry of `fixes`: those of seed 0.

A model is read by the reference, with all that a page shows of it: the logits, the attention
weights of every layer and head, and what its blocks have learned beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import torch
from safetensors.torch import load_file

from swa_viz.attention import attention
from swa_viz.experiments.fixes import FIXES, Fix, new_fix_model
from swa_viz.models.blocks import Attend
from swa_viz.models.spans import AdaptiveSpanBlock
from swa_viz.models.transformer import Transformer
from swa_viz.models.window_state import WindowStateBlock
from swa_viz.shapes import Float, Int, Tensor
from swa_viz.trace import AttentionSteps

FOLDER = Path(__file__).with_name("weights") / "fixes"
HERE = tuple(name for name in FIXES if (FOLDER / f"{name}.safetensors").is_file())


@dataclass(frozen=True)
class FixModel:
    """A trained model, its name in FIXES, and what the entry says of it."""

    name: str
    fix: Fix
    transformer: Transformer


@cache
def load_fix(name: str) -> FixModel:
    """The bundled model of that name, computing in float32.

    Raises LookupError if there is none.
    """
    if name not in HERE:
        raise LookupError(f"the model {name} is not here; known here: {', '.join(HERE)}")
    transformer = new_fix_model(FIXES[name])
    state = load_file(FOLDER / f"{name}.safetensors")
    transformer.load_state_dict({key: weight.float() for key, weight in state.items()})
    return FixModel(name, FIXES[name], transformer.eval().requires_grad_(False))


@dataclass(frozen=True)
class Reading:
    """One text, read by one model.

    `spans` are the learned spans of each token, and `gates` the shares that the heads take of their
    linear state; None in a model that has none.
    """

    logits: Float[Tensor, "seq_len vocab_size"]
    weights: Float[Tensor, "n_layers n_heads seq_len seq_len"]
    spans: Float[Tensor, "n_layers n_heads seq_len"] | None
    gates: Float[Tensor, "n_layers n_heads"] | None


@torch.inference_mode()
def read(model: FixModel, token_ids: Int[Tensor, " seq_len"]) -> Reading:
    """The text as the model's own schedule reads it, by the reference."""
    kept: list[AttentionSteps] = []

    def watched(query, key, value, pattern, **terms):
        kept.append(attention(query, key, value, pattern, **terms))
        return kept[-1].output

    blocks = zip(model.transformer.blocks, model.fix.layers(), strict=True)
    attends = [partial(watched, pattern=p, **block.softmax_terms) for block, p in blocks]
    return read_with(model.transformer, token_ids, attends, kept)


def read_with(
    transformer: Transformer,
    token_ids: Int[Tensor, " seq_len"],
    attends: Sequence[Attend],
    kept: list,
) -> Reading:
    """The same with any functions for the layers, which leave steps with weights in `kept`."""
    states = transformer.residual_states(transformer.embed(token_ids), attends)
    angles, blocks = transformer.angles(0, token_ids.shape[0]), list(transformer.blocks)
    weights, spans, gates = [steps.weights for steps in kept], None, None
    if isinstance(blocks[0], AdaptiveSpanBlock):
        inputs = [block.attention_norm(x) for block, x in zip(blocks, states[:-1], strict=True)]
        read_by = list(zip(blocks, inputs, angles, strict=True))
        weights = [block.seen(x, turned)[0] for block, x, turned in read_by]
        spans = torch.stack([block.token_spans(x) for block, x, _ in read_by])
    if isinstance(blocks[0], WindowStateBlock):
        gates = torch.stack([block.gate for block in blocks]).sigmoid()
    return Reading(transformer.unembed(states[-1]), torch.stack(weights), spans, gates)
