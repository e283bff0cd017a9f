"""What attention may be given: the one place that says whether three tensors belong together."""

import math
from numbers import Real

import torch

from swa_viz.patterns import Pattern, PerHead
from swa_viz.shapes import Tensor

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
NAMES = ("query", "key", "value")


def check_inputs(query: Tensor, key: Tensor, value: Tensor, pattern: Pattern | PerHead) -> None:
    """Raise ValueError, with what is allowed, where these inputs do not belong together."""
    tensors = (query, key, value)
    problem = next(
        filter(None, map(not_numbers, NAMES, tensors)), None
    ) or misfit(query, key, value, pattern)  # fmt: skip
    if problem:
        raise ValueError(problem)


def check_softmax(sink_logit: Tensor | None, score_cap: float | int | None, query: Tensor) -> None:
    """Raise ValueError where what changes the softmax is nothing that it can be."""
    if sink_logit is not None:
        check_sink(sink_logit, query)
    if score_cap is not None and not (isinstance(score_cap, Real) and 0 < score_cap < math.inf):
        raise ValueError(f"score_cap must be a number above 0, but it is {score_cap!r}")


def check_sink(sink_logit: Tensor, query: Tensor) -> None:
    """Raise ValueError where these are not the sink logits of the query's heads, one for each."""
    n_heads = query.shape[-3]
    if not isinstance(sink_logit, Tensor) or sink_logit.dtype not in FLOATS:
        raise ValueError(f"sink_logit must be a floating-point tensor, but it is {sink_logit!r}")
    if sink_logit.shape != (n_heads,):
        shape = tuple(sink_logit.shape)
        raise ValueError(f"sink_logit must hold one number for each of {n_heads} heads: {shape}")
    if sink_logit.device != query.device:
        devices = f"{sink_logit.device} and {query.device}"
        raise ValueError(f"sink_logit and query must be on one device, but they are on {devices}")


def not_numbers(name: str, tensor: Tensor) -> str | None:
    """Why this is not a tensor of numbers in rows and columns; None if it is."""
    if not isinstance(tensor, Tensor):
        return f"{name} must be a torch.Tensor, but it is {type(tensor).__name__}"
    if tensor.is_nested:
        return f"{name} must have rows of one length, but it is nested: pad it, or go one by one"
    if tensor.layout != torch.strided:
        return f"{name} must hold all its numbers, but it is sparse: call its to_dense()"
    if tensor.is_meta:
        return f"{name} must hold numbers, but it is on the device 'meta', which keeps none"
    if tensor.ndim < 3:
        shape = tuple(tensor.shape)
        return f"{name} must be [*batch, n_heads, seq_len, head_dim], but its shape is {shape}"
    if tensor.dtype not in FLOATS:
        allowed = ", ".join(str(dtype) for dtype in FLOATS)
        return f"{name} must have a floating-point type ({allowed}), but it is {tensor.dtype}"
    return None


def not_a_pattern(pattern: object, n_heads: int) -> str | None:
    """Why this says nothing about so many heads; None if it does."""
    if isinstance(pattern, PerHead):
        found = len(pattern.patterns)
        fits = found == n_heads
        return None if fits else f"PerHead has {found} patterns, but there are {n_heads} heads"
    if isinstance(pattern, Pattern):
        return None
    return f"pattern must be a Pattern such as SlidingWindow(4), but it is {pattern!r}"


def misfit(query: Tensor, key: Tensor, value: Tensor, pattern: Pattern | PerHead) -> str | None:
    """The first thing that does not fit together, and what is allowed; None if all fits."""
    if why := not_a_pattern(pattern, query.shape[-3]):
        return why
    if key.shape != value.shape:
        return f"key and value must have one shape: {tuple(key.shape)} and {tuple(value.shape)}"
    if query.shape[:-3] != key.shape[:-3]:
        batches = f"{tuple(query.shape[:-3])} and {tuple(key.shape[:-3])}"
        return f"query and key must have the same batch axes, but they have {batches}"
    n_heads, q_len, head_dim = query.shape[-3:]
    n_kv_heads, kv_len, key_dim = key.shape[-3:]
    if head_dim != key_dim or head_dim < 1:
        return f"query and key must have the same head_dim, but they have {head_dim} and {key_dim}"
    if n_kv_heads == 0 or n_heads == 0 or n_heads % n_kv_heads:
        return f"n_heads must be a multiple of n_kv_heads, but they are {n_heads} and {n_kv_heads}"
    if not 1 <= q_len <= kv_len:
        return f"q_len must be from 1 to kv_len, but q_len is {q_len} and kv_len {kv_len}"
    if len({query.dtype, key.dtype, value.dtype}) > 1:
        dtypes = f"{query.dtype}, {key.dtype} and {value.dtype}"
        return f"query, key and value must have one floating-point type, but they are {dtypes}"
    if len({query.device, key.device, value.device}) > 1:
        devices = f"{query.device}, {key.device} and {value.device}"
        return f"query, key and value must be on one device, but they are on {devices}"
    return None
