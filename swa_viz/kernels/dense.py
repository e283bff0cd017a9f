"""dense: the reference itself.  It scores every key, hides most of them, and saves nothing."""

from swa_viz.attention import attention
from swa_viz.kernels.kernel import Kernel


def compute(query, key, value, pattern):
    """All four stages on whole matrices: `attention`, of which only the output is kept."""
    return attention(query, key, value, pattern).output


DENSE = Kernel(
    name="dense",
    idea="scores every pair, then hides those outside the pattern",
    refuse=lambda request: None,
    compute=compute,
    scored_pairs=lambda pattern, q_len, kv_len: q_len * kv_len,
    can_be_followed=True,
)
