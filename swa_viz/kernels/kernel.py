"""What a kernel is: one way to compute attention, and an honest word on what it cannot do."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from swa_viz.patterns import Pattern
from swa_viz.shapes import Float, Tensor


@dataclass(frozen=True)
class Request:
    """What a kernel must know before it can say yes: the pattern, and what the tensors are."""

    pattern: Pattern
    dtype: torch.dtype = torch.float32
    device_type: str = "cpu"
    needs_grad: bool = False


@dataclass(frozen=True)
class Kernel:
    """A named way to compute attention.

    `refuse` looks at a request and returns the reason why this kernel cannot serve it, or None;
    `compute` may rely on that.  `idea` is one sentence for people.
    """

    name: str
    idea: str
    refuse: Callable[[Request], str | None]
    compute: Callable[[Tensor, Tensor, Tensor, Pattern], Tensor]

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
        """Compute attention, or raise NotImplementedError with the reason."""
        needs_grad = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, value))
        reason = self.supports(pattern, query.dtype, query.device.type, needs_grad)
        if reason:
            raise NotImplementedError(f"kernel {self.name!r} cannot do this: {reason}")
        return self.compute(query, key, value, pattern)
