"""What a contender is: a named way to compute attention, the library's or another project's.

The one idea: what a model does once for all its layers (drawing a mask, building a graph, putting
the numbers into a library's own order) is prepared before the clock starts.  So only attention is
timed, and nobody is charged for our order of axes.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch

from swa_viz.cost import score_pairs
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Pattern
from swa_viz.shapes import Float, Tensor


class Shape(NamedTuple):
    """How large one layer is.  `n_kv_heads` below `n_heads` is grouped-query attention."""

    seq_len: int
    n_heads: int = 8
    n_kv_heads: int = 8
    head_dim: int = 64


class Inputs(NamedTuple):
    """Query, key and value, [1, heads, seq_len, head_dim]."""

    query: Float[Tensor, "1 n_heads seq_len head_dim"]
    key: Float[Tensor, "1 n_kv_heads seq_len head_dim"]
    value: Float[Tensor, "1 n_kv_heads seq_len head_dim"]

    @property
    def shape(self) -> Shape:
        """How large they are."""
        return Shape(self.query.shape[2], self.query.shape[1], *self.key.shape[1::2])


def unit_normal_inputs(shape: Shape, device: torch.device | None = None) -> Inputs:
    """Random numbers, the same ones every time and on every device."""
    source = torch.Generator("cpu").manual_seed(shape.seq_len)
    asked = {"generator": source, "device": "cpu", "dtype": torch.float32}
    heads = (shape.n_heads, shape.n_kv_heads, shape.n_kv_heads)
    numbers = (torch.randn(1, h, shape.seq_len, shape.head_dim, **asked) for h in heads)
    return Inputs(*(tensor.to(device or "cpu") for tensor in numbers))


class Prepared(NamedTuple):
    """`call` is what is timed; `read` puts its result into [1, n_heads, seq_len, head_dim]."""

    call: Callable[[], object]
    read: Callable[[object], Tensor] = lambda result: result


@dataclass(frozen=True)
class Contender:
    """One way to compute attention, and what must be known of it before it may start.

    `refuse` gives the reason why it cannot do what is asked, or None.  `pattern` is what it
    computes when it is asked for another: a centred window in place of a sliding one.  `work` is
    how many score pairs of one head it computes, as far as known, and `n_bytes` the memory that it
    needs beyond its inputs; both serve to leave out what would never end.  One that `trains` also
    computes all gradients.  `module` is what it imports, `package` what pip calls that, and
    `missing` tells what else is not there.
    """

    name: str
    idea: str
    prepare: Callable[[Inputs, Pattern], Prepared]
    refuse: Callable[[Request, Shape], str | None] = lambda request, shape: None
    pattern: Callable[[Pattern], Pattern] = lambda pattern: pattern
    work: Callable[[Pattern, Shape], int] = lambda pattern, shape: score_pairs(
        pattern, shape.seq_len
    )
    n_bytes: Callable[[Pattern, Shape], int] = lambda pattern, shape: 0
    trains: bool = False
    package: str = "torch"
    module: str = "torch"
    missing: Callable[[], str | None] = lambda: None

    def absent(self) -> str | None:
        """The reason why it cannot take part on this machine, or None."""
        try:
            importlib.import_module(self.module)
        except Exception as error:  # a package may be broken in any way; all of them mean absent
            return f"{self.module} does not import: {error}"
        return self.missing()


def whole_square(pattern: Pattern, shape: Shape) -> int:
    """The work of a contender that scores every key for every query."""
    return shape.seq_len**2
