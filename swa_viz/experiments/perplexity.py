"""How well a model predicts a text when its layers see less, or more, token by token.

A token that the model gave the probability p costs -log2(p) bits: 0 if it was certain of it, 12 if
it had to guess among 4,096.  The perplexity is two to the power of their mean; bits per byte can be
compared between models with different tokens.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from swa_viz.models import LanguageModel
from swa_viz.models.language_model import Schedule, TokenIds
from swa_viz.patterns import Pattern, whole_number
from swa_viz.shapes import Float, Int, Tensor

TOKENS_AT_ONCE = 4096
N_SHOWN = 5


@dataclass(frozen=True)
class Reading:
    """How a model read a text under one schedule: entry i is about token i + 1, as predicted.

    `bits` is what the token cost.  `likeliest` are the tokens that the model expected most, and
    `probabilities` how much.
    """

    layer_schedule: tuple[Pattern, ...]
    bits: Float[Tensor, " n_predicted"]
    likeliest: Int[Tensor, "n_predicted n_shown"]
    probabilities: Float[Tensor, "n_predicted n_shown"]

    @property
    def perplexity(self) -> float:
        """Among how many equally likely tokens the model had to guess, on average."""
        return 2 ** self.bits.mean().item()


def perplexity_against_window(
    model: LanguageModel,
    token_ids: TokenIds,
    layer_schedules: Sequence[Schedule | None],
    n_shown: int = N_SHOWN,
) -> tuple[Reading, ...]:
    """Read the same text once under each schedule, such as windows of several sizes.

    A schedule of None is the one of the training.  The first token is read and not predicted:
    nothing stands before it.

    Raises ValueError for fewer than two tokens and for a bad schedule.
    """
    tokens = model.check_tokens(token_ids)
    if len(tokens) < 2:
        raise ValueError("the text needs at least two tokens: the first one is not predicted")
    n_shown = min(whole_number(n_shown, "n_shown", at_least=1), model.config.vocab_size)
    schedules = [model.transformer.check_schedule(schedule) for schedule in layer_schedules]
    return tuple(read_under(model, tokens, schedule, n_shown) for schedule in schedules)


def read_under(
    model: LanguageModel,
    tokens: Int[Tensor, " seq_len"],
    layer_schedule: tuple[Pattern, ...],
    n_shown: int,
) -> Reading:
    """One reading; the result lies on the processor."""
    logits = model.logits(tokens[:-1], layer_schedule)
    likeliest = logits.topk(n_shown, dim=-1)
    shown = likeliest.values - logits.logsumexp(dim=-1, keepdim=True)
    return Reading(
        layer_schedule,
        cost_bits(logits, tokens[1:]).cpu(),
        likeliest.indices.cpu(),
        shown.exp().cpu(),
    )


def cost_bits(
    logits: Float[Tensor, "*batch n_predicted vocab_size"],
    token_ids: Int[Tensor, "*batch n_predicted"],
) -> Float[Tensor, "*batch n_predicted"]:
    """-log2 of the probability that the logits give to each token.

    >>> cost_bits(torch.zeros(1, 4096), torch.tensor([7]))
    tensor([12.])
    """
    chosen = logits.gather(-1, token_ids[..., None])[..., 0]
    return (logits.logsumexp(dim=-1) - chosen) / math.log(2)


def stretches(
    model: LanguageModel, pieces: Sequence[str], n_predicted: int
) -> Int[Tensor, "n_stretches length"]:
    """Texts in a row, a blank line after each, cut into stretches of equal length.

    Each has one token more than that, because the first one is read but not predicted.  What is
    left at the end is dropped.
    """
    token_ids = [token for piece in pieces for token in model.tokenizer.encode(piece + "\n\n")]
    length = n_predicted + 1
    n_stretches = len(token_ids) // length
    kept = torch.tensor(token_ids[: n_stretches * length], dtype=torch.long)
    return kept.view(n_stretches, length)


def overlapping_stretches(
    model: LanguageModel, text: str, n_predicted: int, step: int
) -> Int[Tensor, "n_stretches length"]:
    """Stretches of a text of which one begins every `step` tokens."""
    token_ids = torch.tensor(model.tokenizer.encode(text))
    return token_ids.unfold(0, n_predicted + 1, step)


@torch.inference_mode()
def stretch_bits(
    model: LanguageModel,
    rows: Int[Tensor, "n_stretches length"],
    layer_schedule: Schedule | None = None,
) -> Float[Tensor, "n_stretches n_predicted"]:
    """What every predicted token of many stretches costs, each read from its own first token on."""

    def read() -> Iterator[Float[Tensor, "batch n_predicted"]]:
        for batch in rows.to(model.device).split(max(1, TOKENS_AT_ONCE // rows.shape[1])):
            yield cost_bits(model.transformer(batch[:, :-1], layer_schedule), batch[:, 1:]).cpu()

    return torch.cat(list(read()))


def written_bytes(
    model: LanguageModel, rows: Int[Tensor, "n_stretches length"]
) -> Int[Tensor, "n_stretches n_predicted"]:
    """How many bytes of text each predicted token writes."""
    tokens, places = rows[:, 1:].unique(return_inverse=True)
    return torch.tensor([len(model.tokenizer.token_bytes(t)) for t in tokens.tolist()])[places]


def bits_per_byte(
    model: LanguageModel,
    rows: Int[Tensor, "n_stretches length"],
    layer_schedule: Schedule | None = None,
) -> float:
    """The bits of all predicted tokens, divided by the bytes that they write."""
    bits = stretch_bits(model, rows, layer_schedule).double().sum()
    return (bits / written_bytes(model, rows).sum()).item()
