"""band_numba: machine code that walks exactly the keys that a pattern names.

A pattern states the keys of each query as a few ranges.  The plan below turns them into arrays and
cuts the queries into tiles; the loops in `band_numba_loop` walk the ranges and nothing else, so
one kernel serves every pattern, each exactly, and its work grows as n * W.

numba is imported on first use, because that takes long; the machine code is kept on disk.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F

from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.kernels.machine_code import MachineCode
from swa_viz.kernels.memory import Memory, is_value
from swa_viz.kernels.threads import PROCESSOR, run_on_threads
from swa_viz.patterns import Pattern, SlidingWindow
from swa_viz.shapes import Float, Tensor

SMALLEST_JOB = 4  # tiles


@dataclass(frozen=True)
class Plan:
    """Which keys each query walks, and which queries share a tile.

    Range r of query i is starts[r, i], starts[r, i] + steps[r], ... below stops[r, i].  Tile t
    holds the queries order[borders[t] : borders[t + 1]].  Queries that read nothing are `idle`.
    """

    starts: np.ndarray
    stops: np.ndarray
    steps: np.ndarray
    order: np.ndarray
    borders: np.ndarray
    idle: np.ndarray

    @property
    def n_bytes(self) -> int:
        """Its memory: up to 41 MB for a long text with many ranges."""
        return sum(array.nbytes for array in vars(self).values())


PLANS = Memory(n_bytes=lambda kept: kept.n_bytes)


def plan(pattern: Pattern, q_len: int, kv_len: int, tile: int) -> Plan:
    """The plan of a pattern, made once."""

    def make() -> Plan:
        return make_plan(pattern, q_len, kv_len, tile)

    return PLANS.get((pattern, q_len, kv_len, tile), make) if is_value(pattern) else make()


def make_plan(pattern: Pattern, q_len: int, kv_len: int, tile: int) -> Plan:
    """Put the ranges of all queries into arrays, and queries that can share key loads into tiles.

    Neighbours share nearly all keys.  With a step of d only every d-th query meets the same keys,
    so queries are first sorted by where their ranges fall on the grid of that step.

    >>> from swa_viz.patterns import DilatedWindow
    >>> dilated = make_plan(DilatedWindow(2, dilation=2), q_len=5, kv_len=5, tile=2)
    >>> dilated.order, dilated.borders
    (array([0, 2, 4, 1, 3]), array([0, 2, 3, 5]))
    """
    query_pos = np.arange(kv_len - q_len, kv_len)
    ranges = pattern.key_ranges(query_pos, kv_len)
    starts = np.stack([np.broadcast_to(r.start, q_len) for r in ranges]).astype(np.int64)
    stops = np.stack([np.broadcast_to(r.stop, q_len) for r in ranges]).astype(np.int64)
    steps = np.array([r.step for r in ranges], dtype=np.int64)

    grid = starts % steps[:, None]
    order = np.lexsort(grid)
    new_grid = np.any(np.diff(grid[:, order], axis=1) != 0, axis=0)
    groups = np.split(np.arange(q_len), np.flatnonzero(new_grid) + 1)
    borders = [first for group in groups for first in group[::tile]] + [q_len]
    idle = np.flatnonzero(np.all(stops <= starts, axis=0))
    return Plan(starts, stops, steps, order, np.array(borders), idle)


@lru_cache(maxsize=64)
def cut_jobs(n_tiles: int, n_threads: int) -> np.ndarray:
    """Where each job begins, and the end: large ones first, small ones last.

    A large job stays in one part of memory; small ones at last let all threads end together, even
    if one of them is slower (guided self-scheduling, Polychronopoulos & Kuck 1987).

    >>> cut_jobs(100, n_threads=4)
    array([  0,  12,  23,  32,  40,  47,  53,  58,  63,  67,  71,  75,  79,
            83,  87,  91,  95,  99, 100])
    """
    borders = [0]
    while left := n_tiles - borders[-1]:
        borders.append(borders[-1] + min(left, max(SMALLEST_JOB, left // (2 * n_threads))))
    return np.array(borders)


def run(
    query: Float[Tensor, "n_heads q_len head_dim"],
    key: Float[Tensor, "n_kv_heads kv_len head_dim"],
    value: Float[Tensor, "n_kv_heads kv_len head_dim"],
    pattern: Pattern,
) -> tuple[Float[Tensor, "n_heads q_len head_dim"], int]:
    """The output, and how many score pairs the loop computed for it, by its own count."""
    from swa_viz.kernels import band_numba_loop as loop

    head_dim = query.shape[-1]
    scale = np.float32(math.log2(math.e) / math.sqrt(head_dim))  # e^x = 2^(x log2 e)
    if missing := -head_dim % loop.STRIP:  # padding by nothing would still copy
        query, key, value = (F.pad(t, (0, missing)) for t in (query, key, value))
    walk = plan(pattern, query.shape[1], key.shape[1], loop.QUERY_TILE)
    # numpy asks for large pages, torch does not: a long text's fresh output costs half the time.
    output = np.empty(query.shape, dtype=np.float32)
    scored = np.zeros((len(query), len(walk.borders) - 1), dtype=np.int64)
    arrays = [t.contiguous().numpy() for t in (query, key, value)]
    n_threads, tickets = torch.get_num_threads(), np.zeros(1, dtype=np.int64)
    jobs = cut_jobs(scored.size, n_threads)

    def work() -> None:
        loop.attend_jobs(
            *arrays, walk.starts, walk.stops, walk.steps, walk.order, walk.borders,
            jobs, tickets, scale, output, scored,
        )  # fmt: skip

    with PROCESSOR:
        run_on_threads(work, min(n_threads, len(jobs) - 1))
    if walk.idle.size:
        output[:, walk.idle] = 0
    return torch.from_numpy(output)[..., :head_dim], int(scored.sum())


def compute(query, key, value, pattern):
    """Batch and heads are one axis of independent jobs; neighbouring heads share a key head.

    Numbers of 16 bits are widened before and rounded after: only the last rounding is an error.
    """
    wide = (t.detach().float() for t in (query, key, value))
    flat = (t.reshape(math.prod(t.shape[:-2]), *t.shape[-2:]) for t in wide)
    output, _ = run(*flat, pattern)
    return output.reshape(query.shape).to(query.dtype)


def count_pairs(pattern: Pattern, q_len: int, kv_len: int) -> int:
    """Counted by the loop itself, on one head of zeros with four features."""
    query, key = (torch.zeros(1, n, 4, dtype=torch.float32, device="cpu") for n in (q_len, kv_len))
    return run(query, key, key, pattern)[1]


def forget_disk() -> None:
    """Compile without keeping the result."""
    from numba.core.caching import NullCache

    from swa_viz.kernels.band_numba_loop import attend_jobs

    attend_jobs._cache = NullCache()


MACHINE_CODE = MachineCode(lambda: count_pairs(SlidingWindow(1), 1, 1), forget_disk)


def warm_up() -> None:
    """Compile the machine code, or read it from the disk: some seconds, once per machine."""
    MACHINE_CODE.missing()


def scored_pairs(pattern: Pattern, q_len: int, kv_len: int) -> int:
    """How many pairs the loop computes.

    Raises NotImplementedError where there is no machine code.
    """
    if reason := MACHINE_CODE.missing():
        raise NotImplementedError(reason)
    return count_pairs(pattern, q_len, kv_len)


def refuse(request: Request) -> str | None:
    """float32 and what is narrower, on the processor, without gradients."""
    if not request.pattern.states("key_ranges"):
        return f"it walks ranges of keys, and {request.pattern.label!r} states none"
    if request.device_type != "cpu":
        return f"it runs on the processor (cpu), and the tensors are on {request.device_type}"
    if request.dtype == torch.float64:
        return f"it computes in float32, and the tensors are {request.dtype}"
    if request.needs_grad:
        return "it has no gradients"
    return MACHINE_CODE.missing()


BAND_NUMBA = Kernel(
    name="band_numba",
    idea="compiled loops that walk exactly the keys each query reads",
    refuse=refuse,
    compute=compute,
    scored_pairs=scored_pairs,
    shows_poison=True,
)
