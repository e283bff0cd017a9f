"""Does time grow like N at a fixed window, forward and in a training step; and how much memory?

The one idea: a straight line through times and lengths on two logarithmic axes has the exponent as
its slope, 1 for a window and 2 for full attention.
"""

from collections.abc import Sequence

from benchmarks.contenders import FULL, OURS
from benchmarks.findings import Result, results
from benchmarks.races import Run, curves, label, left_out, name_of, quietness, raw
from benchmarks.section import Curve, Section, Table
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.contender import Shape
from swa_viz.timing.contenders import BAND_TORCH, TRAINING
from swa_viz.timing.findings import exponent
from swa_viz.timing.forecast import Entry
from swa_viz.timing.memory import Memory, measured_in_a_child
from swa_viz.timing.report import rounded

WINDOW = SlidingWindow(256)
LENGTHS = (4096, 8192, 16384, 32768, 65536, 131072)
QUICK_LENGTHS = LENGTHS[:3]
STEP_LENGTHS = (1024, 2048, 4096, 8192, 16384)
QUICK_STEP_LENGTHS = STEP_LENGTHS[:3]
EXPONENT = (0.95, 1.05)
LONGEST, QUICK_LONGEST = (131072, 4096), (16384, 1024)  # N, W
TIMES_OUTPUT = 2.0


def linear(run: Run) -> Section:
    """Our kernels at one window, the text doubled again and again; then the longest text."""
    ours = [c for c in OURS if c in run.contenders]
    found = over_lengths(run, [Entry(c, WINDOW) for c in ours], QUICK_LENGTHS, LENGTHS)
    longest = QUICK_LONGEST if run.quick else LONGEST
    told = [memory_sentence(c.name, *longest) for c in ours]
    return growing("linear", f"Linear in N: W = {WINDOW.window_size}", found, told)


def training(run: Run) -> Section:
    """Forward and backward of what has gradients, windowed and full."""
    steps = [Entry(TRAINING[BAND_TORCH.name], WINDOW), Entry(TRAINING[FULL.name], Causal())]
    found = over_lengths(run, steps, QUICK_STEP_LENGTHS, STEP_LENGTHS)
    return growing("training", "A training step, forward and backward", found)


def over_lengths(
    run: Run, entries: Sequence[Entry], quick: Sequence[int], all_lengths: Sequence[int]
) -> list[Result]:
    """The same race at every length."""
    lengths = quick if run.quick else all_lengths
    return results([timing for n in lengths for timing in run.race(Shape(n), entries)])


def growing(name: str, title: str, found: Sequence[Result], told: Sequence[str] = ()) -> Section:
    """Times over N: a row per length, a column per contender, the exponents below."""
    lines = curves(found)
    windowed = {name_of(r.timing) for r in found if not isinstance(r.timing.pattern, Causal)}
    sentences = (quietness(found), *(judged(c) for c in lines if c.name in windowed), *told)
    times = [dict(zip(c.lengths, c.times_ms, strict=True)) for c in lines]
    every_length = sorted({n for c in lines for n in c.lengths})
    rows = [(f"{n:,}", *(rounded(t.get(n), 3) for t in times)) for n in every_length]
    rows.append(("exponent", *(exponent(c.lengths, c.times_ms) for c in lines)))
    tables = (Table(("N (ms)", *(c.name for c in lines)), tuple(rows)), left_out(found))
    return Section(name, title, sentences, tables, lines, tuple(map(raw, found)))


def judged(curve: Curve) -> str:
    """An exponent and whether it is in range."""
    found, (low, high) = exponent(curve.lengths, curve.times_ms), EXPONENT
    if found is None:
        return f"{curve.name}: too few lengths for an exponent."
    verdict = "as it should be" if low <= found <= high else "NOT"
    return f"{curve.name}: time grows like N^{found}, {verdict} within {low} .. {high}."


def memory_sentence(name: str, seq_len: int, window_size: int) -> str:
    """The longest text in a process of its own: did it end, was it right, what did it need?"""
    case = f"{name}, {label(Shape(seq_len), SlidingWindow(window_size))}"
    memory = measured_in_a_child(name, seq_len, window_size)
    if not isinstance(memory, Memory):
        return f"{case}: no memory measured ({memory})."
    times_output = memory.n_bytes / memory.output_bytes
    enough = "within" if times_output <= TIMES_OUTPUT else "NOT within"
    right = "right" if memory.right else "WRONG"
    return (
        f"{case}: {right}, and it takes {times_output:.2f} times its output "
        f"({memory.n_bytes / 2**20:,.0f} MiB, the output included), {enough} {TIMES_OUTPUT:g}."
    )
