"""Does one new token cost the same early and late in a text?  With W slots it must."""

from collections.abc import Callable
from statistics import median

import torch

from benchmarks.races import Run
from benchmarks.section import Section, Table
from swa_viz.attention import attention
from swa_viz.models.cache import LayerCache
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.check import relative, tolerance
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.findings import readings
from swa_viz.timing.report import rounded
from swa_viz.timing.turns import in_turn, look
from swa_viz.timing.yardstick import Instruments, best_ms, is_busy

WINDOWS = (256, 1000)
POSITIONS = (1_000, 1_000_000)
STEPS, QUICK_STEPS = 60, 10
SAME_COST = 1.1


def filled_cache(window_size: int, position: int, shape: Shape) -> LayerCache:
    """A cache that has read everything before `position`, as far as it still matters."""
    empty = torch.empty(shape.n_kv_heads, 0, shape.head_dim)
    cache = LayerCache(SlidingWindow(window_size), empty)
    past = unit_normal_inputs(shape._replace(seq_len=window_size))
    cache.attend(*(t[0] for t in past), torch.arange(position - window_size, position))
    return cache


def decoding(window_size: int, position: int, shape: Shape) -> Callable[[], torch.Tensor]:
    """One new token after another, each at the next position."""
    cache = filled_cache(window_size, position, shape)
    token = [t[0] for t in unit_normal_inputs(shape._replace(seq_len=1))]
    next_position = torch.tensor([position - 1])

    def step() -> torch.Tensor:
        next_position.add_(1)
        return cache.attend(*token, next_position.clone())

    return step


def decode_error(window_size: int, position: int, shape: Shape) -> float:
    """The first new token against the reference on the last W keys."""
    past = unit_normal_inputs(shape._replace(seq_len=window_size))
    token = unit_normal_inputs(shape._replace(seq_len=1))
    pairs = zip(past[1:], token[1:], strict=True)
    key, value = (torch.cat(pair, 2)[:, :, 1:].double() for pair in pairs)
    truth = attention(token.query.double(), key, value, Causal()).output[0]
    return relative(decoding(window_size, position, shape)(), truth)


def decode(run: Run) -> Section:
    """The cost of one token early and late in a text."""
    shape, steps, rows, raw = Shape(1), QUICK_STEPS if run.quick else STEPS, [], []
    sentences, instruments = [], Instruments()
    for window_size in WINDOWS:
        run.say(f"decoding with {window_size:,} slots")
        error = max(decode_error(window_size, position, shape) for position in POSITIONS)
        calls = [decoding(window_size, position, shape) for position in POSITIONS]
        before = look(instruments)
        times_ms = in_turn(calls, steps, instruments)
        busy = is_busy([before, look(instruments)], best_ms([before, *readings(run.past)]))
        early, late = map(median, times_ms)
        same = "the same" if 1 / SAME_COST <= late / early <= SAME_COST else "NOT the same"
        right = "right" if error <= tolerance(torch.float32) else "WRONG"
        said = "the machine was BUSY" if busy else f"{same} cost ({late / early:.2f} times)"
        sentences.append(f"W = {window_size:,}: {right}, {said}.")
        rows.append((window_size, rounded(early, 4), rounded(late, 4), rounded(late / early)))
        raw.append({"W": window_size, "times_ms": dict(zip(POSITIONS, times_ms, strict=True))})
    columns = ("W", *(f"ms at position {p:,}" for p in POSITIONS), "ratio")
    table = Table(columns, tuple(rows))
    return Section("decode", "One new token", tuple(sentences), (table,), raw=tuple(raw))
