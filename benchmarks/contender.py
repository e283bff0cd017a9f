"""What a contender is: a named way to compute attention, ours or another project's.

The one idea: what a model does once for all its layers (drawing a mask, building a graph, putting
the numbers into a library's own order) is prepared before the clock starts, so only attention is
timed, and a peer is not charged for our order of axes.
"""

import importlib
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import torch

from swa_viz.cost import score_pairs
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


def unit_normal_inputs(shape: Shape) -> Inputs:
    """Random numbers, the same ones every time."""
    source = torch.Generator().manual_seed(shape.seq_len)
    heads = (shape.n_heads, shape.n_kv_heads, shape.n_kv_heads)
    numbers = (torch.randn(1, h, shape.seq_len, shape.head_dim, generator=source) for h in heads)
    return Inputs(*numbers)


class Prepared(NamedTuple):
    """`call` is what is timed; `read` puts its result into [1, n_heads, seq_len, head_dim]."""

    call: Callable[[], object]
    read: Callable[[object], Tensor] = lambda result: result


@dataclass(frozen=True)
class Contender:
    """One entry of the table `CONTENDERS`.

    `refuse` gives the reason why it cannot do a pattern at a shape, or None.  `pattern` is what it
    computes when it is asked for another: a centred window in place of a sliding one.  `work` is
    how many score pairs of one head it computes, as far as known; `n_bytes` is the memory that it
    needs beyond its inputs.  Both only serve to leave out what would never end.  `package` is what
    must be installed for it, by pip's name, and `module` what is then imported.
    """

    name: str
    idea: str
    prepare: Callable[[Inputs, Pattern], Prepared]
    refuse: Callable[[Pattern, Shape], str | None] = lambda pattern, shape: None
    pattern: Callable[[Pattern], Pattern] = lambda pattern: pattern
    work: Callable[[Pattern, Shape], int] = lambda pattern, shape: score_pairs(
        pattern, shape.seq_len
    )
    n_bytes: Callable[[Pattern, Shape], int] = lambda pattern, shape: 0
    package: str = "torch"
    module: str = "torch"
    missing: Callable[[], str | None] = lambda: None

    @property
    def version(self) -> str:
        """Its package and version, where it is installed."""
        try:
            return f"{self.package} {metadata.version(self.package)}"
        except metadata.PackageNotFoundError:
            return self.package

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


def lower_triangle(pattern: Pattern, shape: Shape) -> int:
    """The work of a contender that leaves out the future and nothing else."""
    return math.comb(shape.seq_len + 1, 2)


def free_bytes(meminfo: Path = Path("/proc/meminfo")) -> int:
    """Memory that can be had now; elsewhere than on Linux, all that the machine has."""
    if not meminfo.is_file():
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    (line,) = (line for line in meminfo.read_text().splitlines() if "MemAvailable" in line)
    return 1024 * int(line.split()[1])
