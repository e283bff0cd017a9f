"""What a kernel is: one way to compute attention, and an honest word on what it cannot do."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from swa_viz.attention import attention
from swa_viz.inputs import check_inputs
from swa_viz.kernels.careful import Differentiable, attend_any, undisturbed
from swa_viz.kernels.threads import PROCESSOR
from swa_viz.patterns import Pattern, PerHead
from swa_viz.products import is_followed
from swa_viz.shapes import Float, Tensor

__all__ = ["PROCESSOR", "Kernel", "Request", "request_for"]


@dataclass(frozen=True)
class Request:
    """What a kernel must know before it can say yes: the pattern, and what the tensors are.

    `followed` is true where torch follows every operation by itself: in forward-mode
    differentiation, under `torch.func`, or while it writes down a graph.
    """

    pattern: Pattern
    dtype: torch.dtype = torch.float32
    device_type: str = "cpu"
    needs_grad: bool = False
    followed: bool = False
    head_dim: int = 64


def request_for(query: Tensor, key: Tensor, value: Tensor, pattern: Pattern | PerHead) -> Request:
    """Look at the tensors and say what is asked for.

    Raises ValueError where they cannot belong together, NotImplementedError for several patterns.
    """
    check_inputs(query, key, value, pattern)
    if isinstance(pattern, PerHead):
        raise NotImplementedError("a kernel does one pattern at a time: attend() does each of them")
    tensors = (query, key, value)
    return Request(
        pattern,
        query.dtype,
        query.device.type,
        needs_grad=torch.is_grad_enabled() and any(t.requires_grad for t in tensors),
        followed=is_followed(*tensors),
        head_dim=query.shape[-1],
    )


@dataclass(frozen=True)
class Kernel:
    """A named way to compute attention.

    `refuse` looks at a request and returns the reason why this kernel cannot serve it, or None;
    `compute` may rely on that, and on numbers that are finite.  `idea` is one sentence for people.
    `scored_pairs(pattern, q_len, kv_len)` is how many query-key pairs of one head it really scores,
    taken from the same plan that its loop walks; None where the library that it calls does not
    tell.  A kernel that `can_be_followed` consists of plain torch operations; one that
    `shows_poison` gives NaN in every row that infinite numbers or NaN have reached.
    """

    name: str
    idea: str
    refuse: Callable[[Request], str | None]
    compute: Callable[[Tensor, Tensor, Tensor, Pattern], Tensor]
    scored_pairs: Callable[[Pattern, int, int], int] | None = None
    can_be_followed: bool = False
    shows_poison: bool = False

    def supports(
        self,
        pattern: Pattern,
        dtype: torch.dtype = torch.float32,
        device_type: str = "cpu",
        needs_grad: bool = False,
        followed: bool = False,
        head_dim: int = 64,
    ) -> str | None:
        """The reason why this kernel cannot do it, or None if it can."""
        return self.reason(Request(pattern, dtype, device_type, needs_grad, followed, head_dim))

    def reason(self, request: Request) -> str | None:
        """Why this kernel cannot serve the request, or None if it can."""
        if request.followed and not self.can_be_followed:
            return "it cannot be followed by forward-mode differentiation, torch.func or a tracer"
        return self.refuse(request)

    def __call__(
        self,
        query: Float[Tensor, "*batch n_heads q_len head_dim"],
        key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
        value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
        pattern: Pattern | PerHead,
    ) -> Float[Tensor, "*batch n_heads q_len head_dim"]:
        """Compute attention, or raise NotImplementedError with the reason.

        Raises ValueError for tensors that do not belong together.
        """
        request = request_for(query, key, value, pattern)
        reason = self.reason(request)
        if reason:
            raise NotImplementedError(f"kernel {self.name!r} cannot do this: {reason}")
        with undisturbed(request.device_type):
            if request.followed or query.numel() == 0:  # an empty batch: torch divides by its size
                return attention(query, key, value, pattern).output
            query, key, value = (t.resolve_neg() for t in (query, key, value))
            if request.needs_grad:
                return Differentiable.apply(query, key, value, self.compute, pattern)
            return attend_any(self.compute, query, key, value, pattern, self.shows_poison)
