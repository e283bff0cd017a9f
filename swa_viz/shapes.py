"""The names of tensor axes, and the array types that the signatures use.

One word means one axis, everywhere:

    batch       independent sequences
    n_heads     query heads;  n_kv_heads <= n_heads key/value heads (grouped-query attention)
    q_len       queries: the last q_len of the kv_len positions
    kv_len      keys and values
    seq_len     positions, where queries and keys are the same tokens
    head_dim    numbers per head
    d_model     numbers per token in the residual stream
    vocab_size  tokens the model knows

In a mask, True means *may attend*.
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = ["Bool", "Float", "Int", "Tensor"]
