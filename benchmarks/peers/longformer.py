"""Longformer's sliding chunks, from transformers (Beltagy et al. 2020, arXiv 2004.05150).

Its window is centred: as many keys on both sides of the query.  No causal window can be had from
it, so where W keys are asked for it computes the centred window of W + 1 keys, nearly the same
number of pairs, and it is checked against that.  Only its two chunked products and the softmax are
timed; its projections, which every attention layer has, are left out.
"""

import math

from swa_viz.kernels.kernel import Request
from swa_viz.patterns import CentredWindow, Pattern, SlidingWindow
from swa_viz.shapes import Tensor
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """Put the heads where Longformer has them: [1, seq_len, n_heads, head_dim]."""
    from transformers import LongformerConfig
    from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

    shape = inputs.shape
    config = LongformerConfig(
        hidden_size=shape.n_heads * shape.head_dim,
        num_attention_heads=shape.n_heads,
        attention_window=[2 * pattern.radius],
    )
    layer = LongformerSelfAttention(config, layer_id=0).eval()
    query, key, value = (t.transpose(1, 2).contiguous() for t in inputs)

    def call() -> Tensor:
        scaled = query / math.sqrt(shape.head_dim)
        scores = layer._sliding_chunks_query_key_matmul(scaled, key, pattern.radius)
        weights = scores.softmax(dim=-1)
        return layer._sliding_chunks_matmul_attn_probs_value(weights, value, pattern.radius)

    return Prepared(call, lambda output: output.transpose(1, 2))


def centred(pattern: Pattern) -> Pattern:
    """The centred window of as many keys, plus one where the number is even."""
    if isinstance(pattern, SlidingWindow):
        return CentredWindow(pattern.window_size // 2)
    return pattern


def refuse(request: Request, shape: Shape) -> str | None:
    """Centred windows that fit the text a whole number of times."""
    pattern = request.pattern
    if not isinstance(pattern, CentredWindow) or pattern.radius < 1:
        return "it does centred windows of at least three keys"
    if shape.seq_len % (2 * pattern.radius):
        return f"the text must be a multiple of {2 * pattern.radius} tokens"
    return "it has no grouped-query attention" if shape.n_kv_heads < shape.n_heads else None


def work(pattern: Pattern, shape: Shape) -> int:
    """Chunks of two radii overlap by one, for scores as for values."""
    return 4 * shape.seq_len * pattern.radius


def n_bytes(pattern: Pattern, shape: Shape) -> int:
    """Its chunks, turned and padded, and then the same as a band."""
    return 3 * 4 * shape.n_heads * work(pattern, shape)


LONGFORMER = Contender(
    "longformer",
    "Longformer's sliding chunks from transformers; its window is centred",
    prepare,
    refuse,
    centred,
    work,
    n_bytes,
    package="transformers",
    module="transformers.models.longformer.modeling_longformer",
)
