"""The sizes of a transformer, and how its blocks are built, as values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from swa_viz.patterns import Causal, Pattern, SlidingWindow, whole_number
from swa_viz.rope import Rope

WHOLE_NUMBERS = (
    "vocab_size", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_ff", "trained_len",
)  # fmt: skip


@dataclass(frozen=True)
class BlockStyle:
    """How the blocks of a family are built; the defaults are Llama's.

    `norm` is "rms" or "layer"; `norms_after` adds one after each half, before the residual stream
    (Gemma).  `query_key_norm` normalises each head's queries and keys (Qwen3, Gemma 3).
    `feed_forward` is "gated", "plain" (two layers, GPT) or "experts" (a mixture, gpt-oss), with its
    `activation`.  `biases` names the linear maps that have one.  `score_cap` bends scores smoothly
    into -cap .. cap, as `logit_cap` does with the logits (Gemma 2).  With `sink_logits` each head
    has one learned number that joins its softmax (gpt-oss).
    """

    norm: str = "rms"
    norms_after: bool = False
    query_key_norm: bool = False
    feed_forward: str = "gated"
    activation: str = "silu"
    biases: frozenset[str] = frozenset()
    score_cap: float | None = None
    logit_cap: float | None = None
    sink_logits: bool = False


LLAMA_STYLE = BlockStyle()


@dataclass(frozen=True)
class Experts:
    """A mixture of feed-forward networks, of which each token takes a few (gpt-oss).

    Their gated activation is clamped at `limit`, and its sigmoid is steeper by `gain`.
    """

    n_experts: int
    n_per_token: int
    gain: float = 1.702
    limit: float = 7.0


@dataclass(frozen=True)
class TransformerConfig:
    """A decoder: norm, attention, norm, feed-forward, in each layer.  The defaults are Llama's.

    `window_size` is the window that every layer was trained with, None for full attention; where
    layers differ, `layer_windows` has one for each.  `trained_len` is the longest text that it saw.
    Positions are rotary with `rope_theta`; where layers differ, `layer_ropes` has one for each, and
    None for a layer without positions (NoPE).  With `n_positions` each position has a learned
    vector instead, and there are no rotary ones (GPT).  `own_head_dim` are the numbers per head
    where they are not d_model / n_heads.

    Raises ValueError for sizes that do not fit together.
    """

    vocab_size: int
    d_model: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_ff: int
    window_size: int | None
    trained_len: int
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-5
    own_head_dim: int | None = None
    layer_windows: tuple[int | None, ...] = ()
    layer_ropes: tuple[Rope | None, ...] = ()
    n_positions: int | None = None
    tied_embeddings: bool = True
    embedding_scale: float = 1.0
    experts: Experts | None = None
    style: BlockStyle = LLAMA_STYLE

    def __post_init__(self):
        for name in WHOLE_NUMBERS:
            whole_number(getattr(self, name), name, at_least=1)
        for window in (self.window_size, *self.layer_windows):
            if window is not None:
                whole_number(window, "window_size", at_least=1)
        for name in ("rope_theta", "norm_eps"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be above 0, but it is {getattr(self, name)!r}")
        self._check_heads()
        for name in ("layer_windows", "layer_ropes"):
            self._check_layers(name, getattr(self, name))

    def _check_heads(self) -> None:
        """Raise ValueError if the heads do not fit."""
        if self.own_head_dim is None and self.d_model % (2 * self.n_heads):
            raise ValueError(
                f"d_model must be a multiple of 2 * n_heads, because rotary positions turn pairs "
                f"of features, but they are {self.d_model} and {self.n_heads}"
            )
        if whole_number(self.head_dim, "head_dim", at_least=2) % 2:
            raise ValueError(f"head_dim must be even, but it is {self.head_dim}")
        if self.n_heads % self.n_kv_heads:
            raise ValueError(
                f"n_heads must be a multiple of n_kv_heads, but they are {self.n_heads} and "
                f"{self.n_kv_heads}"
            )

    def _check_layers(self, name: str, values: Sequence) -> None:
        """Raise ValueError if there are values, but not one for each layer."""
        if values and len(values) != self.n_layers:
            message = f"{name} needs one entry for each of {self.n_layers} layers"
            raise ValueError(f"{message}, but it has {len(values)}")

    @property
    def head_dim(self) -> int:
        """Numbers per head."""
        if self.own_head_dim is not None:
            return self.own_head_dim
        return self.d_model // self.n_heads

    @property
    def native_schedule(self) -> tuple[Pattern, ...]:
        """The pattern of each layer in training."""
        windows = self.layer_windows or (self.window_size,) * self.n_layers
        return tuple(Causal() if w is None else SlidingWindow(w) for w in windows)

    @property
    def ropes(self) -> tuple[Rope | None, ...]:
        """The rotary positions of each layer, None where it has none."""
        if self.n_positions is not None:
            return (None,) * self.n_layers
        return self.layer_ropes or (Rope(self.rope_theta),) * self.n_layers

    def first(self, n_layers: int) -> "TransformerConfig":
        """The sizes of the model that is left when the layers after the first few are cut off."""
        windows, ropes = self.layer_windows[:n_layers], self.layer_ropes[:n_layers]
        return replace(self, n_layers=n_layers, layer_windows=windows, layer_ropes=ropes)

    def to_dict(self) -> dict:
        """Plain data, for a JSON file: a model of Llama's style is its first ten numbers."""
        plain = [field.name for field in fields(self)][:10]
        if self != TransformerConfig(**{name: getattr(self, name) for name in plain}):
            raise ValueError("only a model of Llama's style, all layers alike, is written as JSON")
        return {name: getattr(self, name) for name in plain}
