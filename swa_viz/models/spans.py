"""Adaptive spans: how far back a head looks is learned, and looking far has a price.

Each head multiplies its attention weights by a soft mask of the age of a key, 1 up to the span z
and then falling to 0 over R tokens: `clip((R + z - age) / R, 0, 1)`, inside the softmax
(Sukhbaatar et al. 2019, arXiv 1905.07799).  The mask has a slope, so z can be learned; the training
adds the mean of all z to the loss, so a head keeps only the span that it needs.
"""

import math

import torch
from einops import rearrange
from torch import nn

from swa_viz import kernels
from swa_viz.models.blocks import JOIN_HEADS, Attend, Block
from swa_viz.models.config import TransformerConfig
from swa_viz.patterns import PerHead, SlidingWindow, VaryingWindow
from swa_viz.shapes import Float, Tensor

RAMP = 4
START = 2.0


def soft_mask(
    age: Float[Tensor, "*ages"], span: Float[Tensor, "*spans"], ramp: int = RAMP
) -> Float[Tensor, "*shape"]:
    """How much of a key of that age a head with that span sees, from 1 down to 0.

    >>> soft_mask(torch.arange(6.0), torch.tensor(1.0), ramp=4)
    tensor([1.0000, 1.0000, 0.7500, 0.5000, 0.2500, 0.0000])
    """
    return ((ramp + span - age) / ramp).clip(0, 1) * (age >= 0)


def masked_softmax(
    scores: Float[Tensor, "*shape"], share: Float[Tensor, "*broadcast"]
) -> Float[Tensor, "*shape"]:
    """Attention weights proportional to `share * exp(score)`; the share of itself is never 0.

    A key whose share is 0 changes nothing, whatever its score.
    """
    seen = scores.masked_fill(share == 0, -torch.inf)
    grown = share * (seen - seen.amax(-1, keepdim=True)).exp()
    return grown / grown.sum(-1, keepdim=True)


def window_of(span: float) -> int:
    """The smallest window with every key of which a head of that span sees anything.

    >>> window_of(1.0), window_of(0.2)
    (5, 5)
    """
    return math.ceil(span + RAMP)


class AdaptiveSpanBlock(Block):
    """A block whose heads have learned how far they look.

    No kernel knows a mask that is neither open nor closed, so this is computed over all pairs.
    `RoundedSpanBlock` is what a kernel can run after training.
    """

    def __init__(self, config: TransformerConfig):
        super().__init__(config)
        self.raw_span = nn.Parameter(torch.full((config.n_heads,), START / config.trained_len))

    def spans(self) -> Float[Tensor, " n_heads"]:
        """The span of each head in tokens, from 0 to the longest text."""
        return self.raw_span * self.config.trained_len

    def price(self) -> Float[Tensor, ""]:
        """The mean span as a part of the longest text."""
        return self.raw_span.mean()

    @torch.no_grad()
    def keep_spans_possible(self) -> None:
        """Move spans that a step of training made negative, or longer than any text, back inside.

        Clipped in the forward pass instead, a negative span would have no slope, and never grow.
        """
        self.raw_span.clamp_(0, 1)

    def mean_spans(self) -> Float[Tensor, " n_heads"]:
        """The span of each head, over the tokens that were read last if each has its own."""
        return self.spans().detach()

    def hard_windows(self, x: Float[Tensor, "seq_len d_model"]) -> PerHead:
        """A window for each head: all keys of which it sees anything, whatever the text."""
        return PerHead(tuple(SlidingWindow(window_of(span)) for span in self.spans().tolist()))

    def token_spans(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch n_heads seq_len"]:
        """The span of each token's query in each head: here all tokens of a head have the same."""
        spans = rearrange(self.spans(), "n_heads -> n_heads 1")
        return spans.expand(*x.shape[:-2], -1, x.shape[-2])

    def seen(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
    ) -> tuple[
        Float[Tensor, "*batch n_heads seq_len seq_len"],
        Float[Tensor, "*batch n_heads seq_len head_dim"],
    ]:
        """The attention weights, and the values that they average."""
        query, key, value = self.heads(x, angles)
        scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
        position = torch.arange(x.shape[-2], dtype=x.dtype, device=x.device)
        age = position[:, None] - position
        share = soft_mask(age, self.token_spans(x)[..., None])
        return masked_softmax(scores, share), value

    def self_attention(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """As in every block, with the soft masks in place of `attend`."""
        weights, value = self.seen(x, angles)
        return self.output(rearrange(weights @ value, JOIN_HEADS))


class ContentSpanBlock(AdaptiveSpanBlock):
    """A block in which every token asks for its own span: `z = N sigmoid(v x + b)` in each head.

    The dynamic form of adaptive spans (arXiv 1905.07799, section 2.3): a word that says nothing can
    look at its neighbours, and a question can look far back.
    """

    def __init__(self, config: TransformerConfig):
        super().__init__(config)
        del self.raw_span  # a token's span comes out of a sigmoid instead
        self.asks = nn.Linear(config.d_model, config.n_heads)
        nn.init.constant_(self.asks.bias, math.log(START / (config.trained_len - START)))
        self._asked: Tensor | None = None

    def token_spans(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch n_heads seq_len"]:
        """The span that each token asks for, in tokens."""
        asked = rearrange(self.asks(x), "... seq_len n_heads -> ... n_heads seq_len")
        shares = torch.sigmoid(asked)
        self._asked = shares
        return shares * self.config.trained_len

    def keep_spans_possible(self) -> None:
        """A sigmoid leaves nothing to do."""

    def price(self) -> Float[Tensor, ""]:
        """The mean span of the tokens that were read last, as a part of the longest text."""
        return self._asked.mean()

    def mean_spans(self) -> Float[Tensor, " n_heads"]:
        """The mean span of those tokens in each head."""
        shares = rearrange(self._asked.detach(), "... n_heads seq_len -> n_heads (... seq_len)")
        return shares.mean(-1) * self.config.trained_len

    def hard_windows(self, x: Float[Tensor, "seq_len d_model"]) -> PerHead:
        """For each head the windows that the tokens of this text ask for, one for each token."""
        asked = [[window_of(span) for span in spans] for spans in self.token_spans(x).tolist()]
        return PerHead(tuple(VaryingWindow(tuple(windows)) for windows in asked))


class RoundedSpanBlock(Block):
    """The same layer, its soft spans rounded up to windows, so that a kernel skips all other keys.

    It reads one text at a time, because each text may ask for other windows.  `asked` are those
    that the last one asked for.
    """

    def __init__(self, soft: AdaptiveSpanBlock):
        super().__init__(soft.config)
        self.load_state_dict(soft.state_dict(), strict=False)
        self._soft, self.asked = [soft], None  # in a list, so its numbers are not counted twice

    def self_attention(
        self,
        x: Float[Tensor, "1 seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        attend: Attend,
    ) -> Float[Tensor, "1 seq_len d_model"]:
        """As in every block, with the windows of this text in place of `attend`."""
        self.asked = self._soft[0].hard_windows(x[0])
        output = kernels.attend(*self.heads(x, angles), self.asked)
        return self.output(rearrange(output, JOIN_HEADS))
