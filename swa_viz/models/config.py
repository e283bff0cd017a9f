"""The sizes of a transformer, as a value."""

import math
from dataclasses import asdict, dataclass

from swa_viz.patterns import whole_number

WHOLE_NUMBERS = (
    "vocab_size", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_ff", "trained_len",
)  # fmt: skip


@dataclass(frozen=True)
class TransformerConfig:
    """A Llama-style decoder: RMSNorm, RoPE, grouped-query attention, SwiGLU, tied embeddings.

    `window_size` is the window that every layer was trained with, None for full attention;
    `trained_len` the longest text that it saw.

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

    def __post_init__(self):
        for name in WHOLE_NUMBERS:
            whole_number(getattr(self, name), name, at_least=1)
        if self.window_size is not None:
            whole_number(self.window_size, "window_size", at_least=1)
        for name in ("rope_theta", "norm_eps"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be above 0, but it is {getattr(self, name)!r}")
        if self.d_model % (2 * self.n_heads):
            raise ValueError(
                f"d_model must be a multiple of 2 * n_heads, because rotary positions turn pairs "
                f"of features, but they are {self.d_model} and {self.n_heads}"
            )
        if self.n_heads % self.n_kv_heads:
            raise ValueError(
                f"n_heads must be a multiple of n_kv_heads, but they are {self.n_heads} and "
                f"{self.n_kv_heads}"
            )

    @property
    def head_dim(self) -> int:
        """Numbers per head."""
        return self.d_model // self.n_heads

    def to_dict(self) -> dict:
        """Plain data, for a JSON file."""
        return asdict(self)
