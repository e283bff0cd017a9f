"""Does a square window save time on a picture?  Grids of many sizes, every kernel that can.

    python -m swa_viz.timing.grids      about four minutes

The one idea: what counts is the time of the processor, on one thread, so that it hardly matters
what else a machine does meanwhile.  Everyone's result is checked before it is timed, by the race.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

from swa_viz.cost import score_pairs
from swa_viz.kernels import KERNELS
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import CentredWindow, Chunked2D, Pattern, Window2D
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape
from swa_viz.timing.contenders import BAND_NUMBA, SDPA_MASK, one_output
from swa_viz.timing.findings import disturbed
from swa_viz.timing.forecast import Effort, Entry
from swa_viz.timing.race import race
from swa_viz.timing.report import machine
from swa_viz.timing.timing import Timing
from swa_viz.timing.yardstick import Instruments, read_yardstick

FILE = Path(__file__).with_suffix(".json")
SIDES = (32, 64, 96, 128)
N_HEADS, HEAD_DIM = 4, 64
# A mask of the largest grid would need more memory.
EFFORT = Effort(rounds=7, longest_total_s=6.0, most_bytes=1.5 * 2**30)
DIGITS = 3


def patterns(side: int) -> dict[str, Pattern]:
    """What is compared on a square grid: windows, Swin's chunks, and reading everything."""
    windows = {f"window-{size}": Window2D(side, side, size) for size in (3, 7, 13)}
    return windows | {"chunks-8": Chunked2D(side, side, 8), "all": CentredWindow(side**2)}


def refuse_windows(request: Request, shape: Shape) -> str | None:
    """Whoever has no mask reads everything."""
    reads_all = request.pattern == CentredWindow(shape.seq_len)
    return None if reads_all else "without a mask it reads everything"


def prepare_whole(inputs: Inputs, pattern: Pattern) -> Prepared:
    """Torch's fused attention as it is."""
    return Prepared(lambda: F.scaled_dot_product_attention(*inputs))


SDPA_WHOLE = Contender(
    "sdpa",
    "torch's fused attention of everything, without a mask",
    prepare_whole,
    refuse_windows,
    n_bytes=one_output,
)
# `band_torch` is left out: its blocks hold all rows from the first of a square to the last, and it
# took four times as long as `band_numba` on 32 x 32 places, for each pattern.
CONTENDERS = (BAND_NUMBA, SDPA_MASK, SDPA_WHOLE)


def on_one_thread() -> Instruments:
    """A clock that only the work of this process moves."""
    torch.set_num_threads(1)
    clock = time.process_time
    return Instruments(clock=clock, read=partial(read_yardstick, clock=clock))


def timings_of(
    side: int, past: Sequence[Timing] = (), effort: Effort = EFFORT, **instruments: Instruments
) -> tuple[Timing, ...]:
    """Everyone who can, on one grid."""
    entries = [Entry(each, pattern) for pattern in patterns(side).values() for each in CONTENDERS]
    shape = Shape(side**2, N_HEADS, N_HEADS, HEAD_DIM)
    *_, last = race(shape, entries, effort, past, **instruments)
    return last.timings


def plain(name: str, side: int, timings: Iterable[Timing], odd: Sequence[Timing]) -> dict:
    """What is stored of one pattern on one grid.

    `times` has of each contender the fastest, the median and the slowest of its milliseconds, and
    `notes` why others have none.  `scored` is how many pairs `band_numba` computes for the `pairs`.
    """
    (pattern,) = {timing.pattern for timing in timings}
    n_places = side**2
    return {
        "name": name,
        "side": side,
        "pattern": pattern.to_plain(),
        "pairs": score_pairs(pattern, n_places),
        "scored": KERNELS["band_numba"].scored_pairs(pattern, n_places, n_places),
        "times": {
            timing.contender: [
                round(ms, DIGITS)
                for ms in (min(timing.times_ms), timing.median_ms, max(timing.times_ms))
            ]
            for timing in timings
            if timing.times_ms
        },
        "notes": {timing.contender: timing.note for timing in timings if timing.note},
        "disturbed": [timing.contender for timing in timings if timing in odd],
    }


def measured(
    sides: Sequence[int] = SIDES, effort: Effort = EFFORT, **instruments: Instruments
) -> Iterator[list[dict]]:
    """All grids, the smallest first; after each of them everything so far."""
    found: dict[int, tuple[Timing, ...]] = {}
    for side in sides:
        past = [timing for timings in found.values() for timing in timings]
        found[side] = timings_of(side, past, effort, **instruments)
        odd = disturbed([*past, *found[side]])
        yield [
            plain(name, side, [timing for timing in timings if timing.asked == pattern], odd)
            for side, timings in found.items()
            for name, pattern in patterns(side).items()
        ]


def record() -> None:
    """Time everything and write the file, a line for each pattern and grid, after each grid."""
    instruments = on_one_thread()
    how = {
        "machine": machine(),
        "n_heads": N_HEADS,
        "head_dim": HEAD_DIM,
        "rounds": EFFORT.rounds,
        "refusals": {
            name: reason
            for name, kernel in KERNELS.items()
            if (reason := kernel.supports(patterns(SIDES[0])["window-7"], head_dim=HEAD_DIM))
        },
    }
    for rows in measured(instruments=instruments):
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        FILE.write_text(f'{json.dumps(how)[:-1]}, "grids": [\n{lines}\n]}}\n', encoding="utf-8")
        print(f"{rows[-1]['side']} x {rows[-1]['side']} places are timed", flush=True)


def stored_grids() -> dict:
    """What was timed: {"machine", "n_heads", "head_dim", "rounds", "refusals", "grids"}."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    record()
