"""Longformer's global tokens, which ask and are asked by projections of their own.

A global token reads the whole text, and it does so with other matrices than those with which tokens
read their windows (Beltagy et al. 2020, arXiv 2004.05150, section 3.1; `LongformerSelfAttention` in
transformers).  Everybody else reads a global token as it reads its neighbours.
"""

from einops import rearrange

from swa_viz import kernels
from swa_viz.models.blocks import JOIN_HEADS, Attend, Block, linear
from swa_viz.models.config import TransformerConfig
from swa_viz.patterns import CentredWindow
from swa_viz.shapes import Float, Tensor


class GlobalProjectionsBlock(Block):
    """A block whose global tokens have query, key and value projections of their own.

    `global_positions` says which tokens these are, in a text that is long enough to have them.
    """

    def __init__(self, config: TransformerConfig, global_positions: tuple[int, ...]):
        super().__init__(config)
        self.global_positions = list(global_positions)
        query_width = config.n_heads * config.head_dim
        kv_width = config.n_kv_heads * config.head_dim
        self.global_query = linear(config, "query", config.d_model, query_width)
        self.global_key = linear(config, "key", config.d_model, kv_width)
        self.global_value = linear(config, "value", config.d_model, kv_width)

    def self_attention(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Every token as its pattern says; then the rows of the global tokens are read anew."""
        output = attend(*self.heads(x, angles)).clone()
        positions = [position for position in self.global_positions if position < x.shape[-2]]
        output[..., positions, :] = self.whole_text(x, angles)[..., positions, :]
        return self.output(rearrange(output, JOIN_HEADS))

    def whole_text(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
    ) -> Float[Tensor, "*batch n_heads seq_len head_dim"]:
        """What each token would read as a global one: the whole text."""
        projections = self.global_query, self.global_key, self.global_value
        return self.attend_to_all(*self.project(x, angles, projections))

    def attend_to_all(
        self,
        query: Float[Tensor, "*batch n_heads seq_len head_dim"],
        key: Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
        value: Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
    ) -> Float[Tensor, "*batch n_heads seq_len head_dim"]:
        """Attention without a window, by a fast kernel."""
        return kernels.attend(query, key, value, CentredWindow(query.shape[-2]))
