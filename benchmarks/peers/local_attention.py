"""local-attention (lucidrains): cuts the text into blocks of the window's size.

Each block of queries scores its own block of keys and the one before it, whole, and hides what is
too old.  Its window number n reads n + 1 keys, and the text is filled up to whole blocks.
"""

from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Pattern, SlidingWindow
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """The module has no weights; rotary positions are no part of attention here."""
    from local_attention import LocalAttention

    attend = LocalAttention(
        pattern.window_size - 1,
        causal=True,
        exact_windowsize=True,
        autopad=True,
        use_rotary_pos_emb=False,
    )
    return Prepared(lambda: attend(*inputs))


def refuse(request: Request, shape: Shape) -> str | None:
    """Sliding windows of two keys and more; every query head has keys of its own."""
    pattern = request.pattern
    if not isinstance(pattern, SlidingWindow) or pattern.window_size < 2:
        return "it does sliding windows of at least two keys"
    return "it has no grouped-query attention" if shape.n_kv_heads < shape.n_heads else None


def work(pattern: Pattern, shape: Shape) -> int:
    """Two blocks of keys for every query."""
    return 2 * shape.seq_len * pattern.window_size


def n_bytes(pattern: Pattern, shape: Shape) -> int:
    """Scores, masked scores and weights are all written to memory."""
    return 3 * 4 * shape.n_heads * work(pattern, shape)


LOCAL_ATTENTION = Contender(
    "local_attention",
    "lucidrains' local-attention: every block scores itself and the block before",
    prepare,
    refuse,
    work=work,
    n_bytes=n_bytes,
    package="local-attention",
    module="local_attention",
)
