"""How much each token influences another one, measured on a running model.

There are two ways to measure.  By gradient: how strongly does the last state of a query react to a
small change of each state below it?  By perturbation: replace a token and compare the predictions.
Reach tells where both must be exactly zero, but not how large they are elsewhere.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch

from swa_viz.kernels import attend
from swa_viz.models import LanguageModel
from swa_viz.models.language_model import TokenIds
from swa_viz.patterns import Pattern, whole_number
from swa_viz.shapes import Bool, Float, Int, Tensor

Schedule = Sequence[Pattern]
N_PROBES = 8
SEED = 0


def measured_influence(
    model: LanguageModel,
    token_ids: TokenIds,
    layer_schedule: Schedule | None = None,
    query_pos: int = -1,
    n_probes: int = N_PROBES,
) -> Float[Tensor, "n_states seq_len"]:
    """How strongly the query's last state reacts to each state below: [n_layers + 1, seq_len].

    Row l is the input of layer l, so row 0 are the tokens of the text; in the last row only the
    query has influence, 1 by definition.  Each value is the size of the Jacobian d(last state) /
    d(that state): its Frobenius norm divided by sqrt(d_model), so that 1 means "passed on
    unchanged".  The norm is estimated from `n_probes` random directions (Hutchinson 1989), always
    the same ones; what is zero is exactly zero.

    Raises ValueError for bad tokens, a bad schedule or a query outside the text.
    """
    tokens = model.check_tokens(token_ids)
    query_pos = position_in(tokens, query_pos, "query_pos")
    probes = probes_of(model.config.d_model, whole_number(n_probes, "n_probes", at_least=1))
    with torch.inference_mode(False), torch.enable_grad():
        states = residual_states(model, tokens, layer_schedule)
        way_back = partial(torch.autograd.grad, states[-1][query_pos], states)
        along_probes = torch.func.vmap(way_back)(probes.to(tokens.device))
    squares = torch.stack([gradient.square().sum(-1).mean(0) for gradient in along_probes])
    return (squares / model.config.d_model).sqrt()


def probes_of(d_model: int, n_probes: int = N_PROBES) -> Float[Tensor, "n_probes d_model"]:
    """The random directions, each number 1 or -1: always the same ones."""
    random = torch.Generator().manual_seed(SEED)
    coins = torch.randint(2, (n_probes, d_model), generator=random, device="cpu")
    return coins.float() * 2 - 1


def residual_states(
    model: LanguageModel,
    token_ids: Int[Tensor, " seq_len"],
    layer_schedule: Schedule | None,
) -> list[Float[Tensor, "seq_len d_model"]]:
    """The residual stream at the input of every layer and after the last, open to gradients."""
    transformer = model.transformer
    schedule = transformer.check_schedule(layer_schedule)
    attends = [
        partial(attend, pattern=pattern, kernel="dense", **block.softmax_terms)
        for block, pattern in zip(transformer.blocks, schedule, strict=True)
    ]
    return transformer.residual_states(transformer.embed(token_ids).requires_grad_(), attends)


@dataclass(frozen=True)
class Change:
    """What a change of the text did to the predictions.

    `changed` is True where the logits are not bit for bit the same; `kl_bits` says by how much the
    prediction of the next token moved: KL(before || after), in bits.
    """

    changed: Bool[Tensor, " seq_len"]
    kl_bits: Float[Tensor, " seq_len"]


def perturbation(
    model: LanguageModel,
    token_ids: TokenIds,
    replaced_ids: TokenIds,
    layer_schedule: Schedule | None = None,
) -> Change:
    """Run a text before and after some tokens were replaced, and compare every position.

    Raises ValueError if the two are not equally long: positions would not correspond.
    """
    before, after = model.check_tokens(token_ids), model.check_tokens(replaced_ids)
    if len(before) != len(after):
        raise ValueError(
            f"both texts need equally many tokens, but they have {len(before)} and {len(after)}; "
            f"to leave a token out, use `omission`"
        )
    return compare(
        model.logits(before, layer_schedule, kernel="dense"),
        model.logits(after, layer_schedule, kernel="dense"),
    )


def first_token_change(
    model: LanguageModel, token_ids: TokenIds, layer_schedule: Schedule | None = None
) -> Change:
    """Put the last token in the place of the first one, and compare every position.

    If both are the same token, the next one of the vocabulary takes the place.
    """
    first, *others = model.check_tokens(token_ids).tolist()
    last = others[-1] if others else first
    other = last if last != first else (first + 1) % model.config.vocab_size
    return perturbation(model, [first, *others], [other, *others], layer_schedule)


@dataclass(frozen=True)
class Without(Pattern):
    """A pattern in which nobody but itself reads one position: its place stays, empty."""

    pattern: Pattern
    position: int

    def visible(self, query_pos, key_pos):
        hidden = (key_pos == self.position) & (query_pos != self.position)
        return self.pattern.visible(query_pos, key_pos) & ~hidden


def omission(
    model: LanguageModel,
    token_ids: TokenIds,
    position: int,
    layer_schedule: Schedule | None = None,
) -> Change:
    """Leave one token out, its place kept empty, and compare every position.

    All other tokens stay where they are, so only the missing token makes a difference, not a
    shift of the others.  What the place itself predicts is not changed.

    Raises ValueError for a position outside the text.
    """
    tokens = model.check_tokens(token_ids)
    position = position_in(tokens, position, "position")
    schedule = model.transformer.check_schedule(layer_schedule)
    without = [Without(pattern, position) for pattern in schedule]
    return compare(
        model.logits(tokens, schedule, kernel="dense"),
        model.logits(tokens, without, kernel="dense"),
    )


def compare(
    before: Float[Tensor, "seq_len vocab_size"], after: Float[Tensor, "seq_len vocab_size"]
) -> Change:
    """Two runs, position by position; the result lies on the processor.

    In float64, because float32 would round small changes away; not every device has float64.
    """
    before, after = before.cpu().double(), after.cpu().double()
    log_before, log_after = before.log_softmax(dim=-1), after.log_softmax(dim=-1)
    nats = (log_before.exp() * (log_before - log_after)).sum(dim=-1).clamp(min=0)
    return Change(changed=(before != after).any(dim=-1), kl_bits=nats / math.log(2))


def position_in(tokens: Int[Tensor, " seq_len"], position: int, name: str) -> int:
    """A position of the text; -1 is the last one.

    Raises ValueError if it lies outside.
    """
    if position == -1:
        return len(tokens) - 1
    position = whole_number(position, name, at_least=0)
    if position >= len(tokens):
        raise ValueError(f"{name} must be below {len(tokens)}, the number of tokens: {position}")
    return position
