"""What a kernel is: one way to compute attention, and an honest word on what it cannot do."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import torch

from swa_viz.patterns import Pattern
from swa_viz.shapes import Float, Tensor

# Every thread that calls torch gets helpers of its own, so two visitors' runs at once would have
# twice as many threads as cores, and both would be slower than one after the other.
PROCESSOR = threading.RLock()


@dataclass(frozen=True)
class Request:
    """What a kernel must know before it can say yes: the pattern, and what the tensors are."""

    pattern: Pattern
    dtype: torch.dtype = torch.float32
    device_type: str = "cpu"
    needs_grad: bool = False


def request_for(query: Tensor, key: Tensor, value: Tensor, pattern: Pattern) -> Request:
    """Look at the tensors and say what is asked for.

    Raises ValueError where they cannot belong together.
    """
    problem = misfit(query, key, value, pattern)
    if problem:
        raise ValueError(problem)
    needs_grad = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, value))
    return Request(pattern, query.dtype, query.device.type, needs_grad)


def misfit(query: Tensor, key: Tensor, value: Tensor, pattern: Pattern) -> str | None:
    """The first thing that does not fit together, and what is allowed; None if all fits."""
    if not isinstance(pattern, Pattern):
        return f"pattern must be a Pattern such as SlidingWindow(4), but it is {pattern!r}"
    if min(query.ndim, key.ndim) < 3:
        return "query, key and value must be [*batch, n_heads, seq_len, head_dim]"
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
    if len({query.dtype, key.dtype, value.dtype}) > 1 or not query.is_floating_point():
        dtypes = f"{query.dtype}, {key.dtype} and {value.dtype}"
        return f"query, key and value must have one floating-point type, but they are {dtypes}"
    if len({query.device, key.device, value.device}) > 1:
        return "query, key and value must be on one device"
    return None


@dataclass(frozen=True)
class Kernel:
    """A named way to compute attention.

    `refuse` looks at a request and returns the reason why this kernel cannot serve it, or None;
    `compute` may rely on that.  `idea` is one sentence for people.  `scored_pairs(pattern, q_len,
    kv_len)` is how many query-key pairs of one head it really scores, taken from the same plan that
    its loop walks; None where the library that it calls does not tell.
    """

    name: str
    idea: str
    refuse: Callable[[Request], str | None]
    compute: Callable[[Tensor, Tensor, Tensor, Pattern], Tensor]
    scored_pairs: Callable[[Pattern, int, int], int] | None = None

    def supports(
        self,
        pattern: Pattern,
        dtype: torch.dtype = torch.float32,
        device_type: str = "cpu",
        needs_grad: bool = False,
    ) -> str | None:
        """The reason why this kernel cannot do it, or None if it can."""
        return self.refuse(Request(pattern, dtype, device_type, needs_grad))

    def __call__(
        self,
        query: Float[Tensor, "*batch n_heads q_len head_dim"],
        key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
        value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
        pattern: Pattern,
    ) -> Float[Tensor, "*batch n_heads q_len head_dim"]:
        """Compute attention, or raise NotImplementedError with the reason.

        Raises ValueError for tensors that do not belong together.
        """
        reason = self.refuse(request_for(query, key, value, pattern))
        if reason:
            raise NotImplementedError(f"kernel {self.name!r} cannot do this: {reason}")
        if query.numel() == 0:  # an empty batch: nothing to compute, and torch divides by its size
            return torch.empty_like(query)
        with PROCESSOR if query.device.type == "cpu" else nullcontext():
            return self.compute(query, key, value, pattern)
