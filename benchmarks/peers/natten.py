"""NATTEN's neighbourhood attention, one-dimensional and causal: a sliding window of `kernel_size`.

Its own kernels are for CUDA.  On the processor it hands the pattern to torch's FlexAttention
uncompiled (it refuses to compile there), which scores every pair.  Its last release with loops of
its own for the processor, 0.17.5, can be built beside torch 2.13 but not imported; its library
alone, called directly, takes odd windows only and was slower than full attention by far.
"""

from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Pattern, SlidingWindow
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape, whole_square

COPIES = 5  # of all scores, which are written to memory stage by stage


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """Put the heads where NATTEN has them: [1, seq_len, n_heads, head_dim]."""
    from natten.functional import na1d

    query, key, value = (t.transpose(1, 2).contiguous() for t in inputs)
    return Prepared(
        lambda: na1d(query, key, value, kernel_size=pattern.window_size, is_causal=True),
        lambda output: output.transpose(1, 2),
    )


def refuse(request: Request, shape: Shape) -> str | None:
    """Sliding windows of two keys and more, shorter than the text."""
    pattern = request.pattern
    if not isinstance(pattern, SlidingWindow) or pattern.window_size < 2:
        return "it does sliding windows of at least two keys"
    return None


def n_bytes(pattern: Pattern, shape: Shape) -> int:
    """Scores and weights of all pairs."""
    return COPIES * 4 * shape.n_heads * shape.seq_len**2


NATTEN = Contender(
    "natten",
    "NATTEN on the processor: FlexAttention uncompiled",
    prepare,
    refuse,
    work=whole_square,
    n_bytes=n_bytes,
    package="natten",
    module="natten",
)
