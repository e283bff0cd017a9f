"""The kernels: several ways to compute the same attention, all held equal to the reference.

Each one is a file with a `Kernel` entry that names what it cannot do.  A kernel that is named and
cannot do it raises; only `kernel="auto"` chooses, and it chooses among those that can.
"""

import functools

import torch

from swa_viz.attention import attention
from swa_viz.inputs import check_inputs, check_sink
from swa_viz.kernels.band_numba import BAND_NUMBA
from swa_viz.kernels.band_torch import BAND_TORCH
from swa_viz.kernels.behind_sink import BehindSink
from swa_viz.kernels.dense import DENSE
from swa_viz.kernels.flash import FLASH
from swa_viz.kernels.flex import FLEX
from swa_viz.kernels.kernel import Kernel, Request, request_for
from swa_viz.kernels.per_head import attend_by_pattern
from swa_viz.kernels.sdpa_full import SDPA_FULL
from swa_viz.kernels.sdpa_mask import SDPA_MASK
from swa_viz.kernels.sink_logit import with_sink_key
from swa_viz.patterns import Pattern, PerHead
from swa_viz.shapes import Float, Tensor

KERNELS: dict[str, Kernel] = {
    kernel.name: kernel
    for kernel in (DENSE, SDPA_FULL, SDPA_MASK, BAND_TORCH, BAND_NUMBA, FLEX, FLASH)
}

# Fastest first, by device; "auto" takes the first that does not refuse.  The order for the
# processor is measured, the one for CUDA is what the kernels' own documents promise.  A short text
# is done before machine code would be loaded or compiled, so nothing that compiles is on that list.
SHORT_TEXT = 256
RANKING_SHORT = ("sdpa_full", "sdpa_mask", "dense")
RANKING = {
    "cpu": ("band_numba", "sdpa_full", "band_torch", "sdpa_mask", "dense"),
    "cuda": ("flash", "sdpa_full", "flex", "band_torch", "sdpa_mask", "dense"),
}
RANKING_ELSEWHERE = ("sdpa_full", "band_torch", "sdpa_mask", "dense")


def choose_kernel(request: Request, kv_len: int) -> Kernel:
    """The kernel that `auto` means: the fastest for this device and length that does not refuse.

    >>> import torch
    >>> from swa_viz.patterns import SlidingWindow
    >>> choose_kernel(Request(SlidingWindow(256)), kv_len=4096).name
    'band_numba'
    >>> choose_kernel(Request(SlidingWindow(256), torch.float64), kv_len=4096).name
    'band_torch'
    """
    ranking = RANKING.get(request.device_type, RANKING_ELSEWHERE)
    if kv_len <= SHORT_TEXT:
        ranking = RANKING_SHORT
    return next(KERNELS[name] for name in ranking if KERNELS[name].reason(request) is None)


def between_compiled_parts(attend):
    """Keep torch's compiler out of `attend`, without importing it where nobody compiles."""

    @functools.wraps(attend)
    def watched(*arguments, **named):
        if torch.compiler.is_compiling():
            from swa_viz.kernels.uncompiled import uncompiled

            return uncompiled(*arguments, **named)
        return attend(*arguments, **named)

    return watched


@between_compiled_parts
def attend(
    query: Float[Tensor, "*batch n_heads q_len head_dim"],
    key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    pattern: Pattern | PerHead,
    kernel: str = "auto",
    sink_logit: Float[Tensor, " n_heads"] | None = None,
    score_cap: float | int | None = None,
) -> Float[Tensor, "*batch n_heads q_len head_dim"]:
    """Attention by the named kernel, or by the fastest one that can do it.

    One rule for all kernels: the output has the type of the inputs and is computed in it, or wider,
    whatever `torch.autocast` is around.  A key that a query may not read changes nothing for it,
    even where it is infinite or NaN, forward and on the way back; a query that reads nothing gets
    zeros.  Every kernel with gradients has second ones too.

    `PerHead` has a pattern for each head: each distinct one runs once, on the heads that have it.

    `sink_logit` is as in `attention`; every kernel can do it that can do a pattern with pinned keys
    (see `sink_logit.py`).  So is `score_cap`, but only `dense` knows it, and `auto` takes that.

    Raises ValueError for an unknown name and for tensors that do not belong together,
    NotImplementedError where the named kernel refuses.
    """
    if not isinstance(kernel, str) or kernel not in ("auto", *KERNELS):
        raise ValueError(f"unknown kernel {kernel!r}; known are auto, {', '.join(KERNELS)}")
    if isinstance(pattern, PerHead):
        check_inputs(query, key, value, pattern)
        terms = {"sink_logit": sink_logit, "score_cap": score_cap}
        return attend_by_pattern(attend, query, key, value, pattern, kernel=kernel, **terms)
    if score_cap is not None:
        if kernel not in ("auto", "dense"):
            raise NotImplementedError(f"{kernel} cannot cap scores; dense can")
        return attention(query, key, value, pattern, sink_logit, score_cap).output
    if sink_logit is not None:
        check_inputs(query, key, value, pattern)
        check_sink(sink_logit, query)
        longer = with_sink_key(query, key, value, sink_logit)
        output = attend(*longer, BehindSink(pattern), kernel)
        return output[..., : query.shape[-1]].to(query.dtype)
    if kernel != "auto":
        return KERNELS[kernel](query, key, value, pattern)
    chosen = choose_kernel(request_for(query, key, value, pattern), key.shape[-2])
    return chosen(query, key, value, pattern)
