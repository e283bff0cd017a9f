"""The sizes of a transformer, as a value."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class TransformerConfig:
    """A Llama-style decoder: RMSNorm, RoPE, grouped-query attention, SwiGLU, tied embeddings.

    `window_size` is the window that every layer was trained with, None for full attention;
    `trained_len` the longest text that it saw.
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

    @property
    def head_dim(self) -> int:
        """Numbers per head."""
        return self.d_model // self.n_heads

    def to_dict(self) -> dict:
        """Plain data, for a JSON file."""
        return asdict(self)
