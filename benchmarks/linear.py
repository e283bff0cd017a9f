"""Is time linear in n at a fixed window, and does Mistral's whole reach fit into memory?

The one idea: a straight line through times and lengths on two logarithmic axes has the exponent as
its slope, 1 for a window and 2 for full attention.
"""

from benchmarks.check import TOLERANCE
from benchmarks.contender import Shape
from benchmarks.contenders import OURS
from benchmarks.memory import Memory, measured_in_a_child
from benchmarks.race import Entry, race
from benchmarks.races import Run, quietness
from benchmarks.section import Curve, Section, curve_section
from swa_viz.patterns import SlidingWindow
from swa_viz.timing.findings import exponent

WINDOW = SlidingWindow(256)
LENGTHS = (4096, 8192, 16384, 32768, 65536, 131072)
QUICK_LENGTHS = LENGTHS[:3]
EXPONENT = (0.95, 1.05)
LONGEST, QUICK_LONGEST = (131072, 4096), (16384, 1024)  # n, W
TIMES_OUTPUT = 2.0


def linear(run: Run) -> Section:
    """Our kernels at one window, the text doubled again and again; then the longest text."""
    lengths = QUICK_LENGTHS if run.quick else LENGTHS
    ours = [c for c in OURS if c in run.contenders]
    outcomes = []
    for n in lengths:
        entries = [Entry(c, WINDOW) for c in ours]
        outcomes.append(race(Shape(n), entries, run.effort, run.pace, say=run.say))
    timings = [timing for outcome in outcomes for timing in outcome.timings]
    curves, raw = [], []
    for name in (c.name for c in ours):
        here = [t for t in timings if t.contender == name and t.times_s]
        times_ms = tuple(1000 * t.median_s for t in here)
        curves.append(Curve(name, tuple(t.shape.seq_len for t in here), times_ms))
        raw += [{"contender": name, "seq_len": t.shape.seq_len, "times_s": t.times_s} for t in here]
    sentences = [quietness(outcomes)]
    sentences += [judged(c.name, exponent(c.lengths, c.times_ms), EXPONENT) for c in curves]
    sentences += [memory_sentence(c.name, *(QUICK_LONGEST if run.quick else LONGEST)) for c in ours]
    title = f"Linear in n: W = {WINDOW.window_size}"
    return curve_section("linear", title, sentences, curves, raw)


def judged(name: str, found: float | None, allowed: tuple[float, float]) -> str:
    """An exponent and whether it is in range."""
    if found is None:
        return f"{name}: too few lengths for an exponent."
    low, high = allowed
    verdict = "as it should be" if low <= found <= high else "NOT"
    return f"{name}: time grows like n^{found}, {verdict} within {low} .. {high}."


def memory_sentence(name: str, seq_len: int, window_size: int) -> str:
    """The longest text in a process of its own: did it end, was it right, what did it need?"""
    case = f"{name}, n = {seq_len:,}, W = {window_size:,}"
    memory = measured_in_a_child(name, seq_len, window_size)
    if not isinstance(memory, Memory):
        return f"{case}: no memory measured ({memory})."
    enough = "within" if memory.times_output <= TIMES_OUTPUT else "NOT within"
    right = "right" if memory.error <= TOLERANCE else "WRONG"
    return (
        f"{case}: {right}, and it takes {memory.times_output:.2f} times its output "
        f"({memory.extra_mib:,.0f} MiB, the output included), {enough} {TIMES_OUTPUT:g}."
    )
