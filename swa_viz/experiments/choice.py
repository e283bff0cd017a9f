"""Which window to take: the cheapest way to read that is surely good enough.

The one idea: "good enough" is a difference to one way of reading, the reference, on the same
stretches of text.  Its confidence interval decides: wholly within the tolerance, wholly beyond it,
or neither, and then the text is too short to tell.  `choice.js` says the same for the browser.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from swa_viz.cost import score_pairs
from swa_viz.experiments.points import FULL, Point
from swa_viz.experiments.spread import Amounts, half_width, per_byte
from swa_viz.experiments.sweep import Result
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.patterns.schedule import stacks
from swa_viz.patterns.schedule_text import as_typed

# What a sweep counts and measures as cost, and what is said of a share of it.
COSTS: dict[str, str] = {
    "pairs": "reads {share} of the score pairs",
    "bytes": "keeps {share} of the keys and values",
    "seconds": "takes {share} of the time",
}
# How each schedule of a sweep is called in a sentence.
NAMES: dict[str, str] = {
    FULL: "full attention",
    "windows": "W = {window} in every layer",
    "1 sink": "W = {window} with the first token kept",
    "4 sinks": "W = {window} with the first 4 tokens kept",
    "1:1": "W = {window} with every second layer full",
    "3:1": "W = {window} with every fourth layer full",
    "5:1": "W = {window} with every sixth layer full",
    "5:1 + 4 sinks": "W = {window} with every sixth layer full and the first 4 tokens kept",
}
# The same of a schedule of one's own, whose row is written as one types it.
OWN_NAMES: dict[str, str] = {
    "windowed": "W = {window} in your schedule {row}",
    "fixed": "your schedule {row}",
}
LEAST_FRONT = 3  # a knee lies between two ends
Way = tuple[str, int | None]  # a schedule and its window
Number = float | int


@dataclass(frozen=True)
class Option:
    """One way to read, what it was worth and what it costs.

    `extra` is how many bits per byte it needs more than the reference, and `margin` half of the
    95 % confidence interval of that; None where a single stretch was read.  The costs are those of
    one stretch.
    """

    schedule: str
    window: int | None
    bits: Number
    extra: Number
    margin: Number | None
    pairs: Number
    bytes: Number
    seconds: Number

    @property
    def way(self) -> Way:
        """Its schedule and its window."""
        return self.schedule, self.window

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        if self.schedule in NAMES:
            return NAMES[self.schedule].format(window=self.window)
        own = OWN_NAMES["fixed" if self.window is None else "windowed"]
        return own.format(window=self.window, row=as_typed(self.schedule))


@dataclass(frozen=True)
class Choice:
    """The option to take, and the best of what is cheaper.

    `open` is the best cheaper option that the stretches can neither accept nor refuse, `beyond`
    the best one that they refuse; None where there is no such option.
    """

    taken: Option
    open: Option | None
    beyond: Option | None


@dataclass(frozen=True)
class Measured:
    """What a sweep has measured of one model, and with which way of reading it is compared."""

    results: Mapping[Point, Result]
    reference: Way


def way_of(point: Point) -> Way:
    """How a point reads."""
    return point.schedule, point.window_size


def reference_of(native: Sequence[Pattern]) -> Way:
    """With what a model is compared: windows of one size if it was trained so, else full attention.

    >>> from swa_viz.patterns import Causal
    >>> reference_of([SlidingWindow(32)] * 6), reference_of([SlidingWindow(32), Causal()])
    (('windows', 32), ('full', None))
    """
    first, *others = set(native)
    if isinstance(first, SlidingWindow) and not others:
        return "windows", first.window_size
    return FULL, None


def options_of(results: Mapping[Point, Result], reference: Way) -> list[Option]:
    """Every way to read of one model, compared with the reference stretch by stretch.

    The stretches of all texts count alike.

    Raises KeyError without the reference, and ValueError for a way that was not measured on the
    same stretches.
    """
    ways: dict[Way, list[Result]] = {}
    for point, result in results.items():
        ways.setdefault(way_of(point), []).append(result)
    compared = all_stretches(ways[reference])
    return [compare(way, found, *compared) for way, found in ways.items()]


def all_stretches(results: Sequence[Result]) -> tuple[Amounts, Amounts]:
    """The bits and the bytes of the stretches of all texts."""
    bits = [number for result in results for number in result.bits]
    return bits, [number for result in results for number in result.n_bytes]


def compare(way: Way, results: Sequence[Result], reference: Amounts, n_bytes: Amounts) -> Option:
    """A way to read beside the reference, whose stretches cost these bits and write these bytes."""
    bits, _ = all_stretches(results)
    more = [own - other for own, other in zip(bits, reference, strict=True)]
    n_texts = len(results)
    return Option(
        *way,
        bits=per_byte(bits, n_bytes),
        extra=per_byte(more, n_bytes),
        margin=half_width(more, n_bytes),
        pairs=sum(result.n_pairs for result in results) / n_texts,
        bytes=sum(result.kv_bytes for result in results) / n_texts,
        seconds=min(result.least_seconds for result in results),
    )


def front(options: Sequence[Option], cost: str) -> list[Option]:
    """The Pareto front, the cheapest first: no other option is as cheap and as good.

    >>> cheap, worse, best = (Option("windows", w, bits, 0, 0, pairs, 0, 0)
    ...                       for w, bits, pairs in ((8, 2.0, 10), (16, 2.5, 20), (32, 1.5, 30)))
    >>> front([best, worse, cheap], "pairs") == [cheap, best]
    True
    """
    kept: list[Option] = []
    for option in sorted(options, key=lambda each: (getattr(each, cost), each.bits)):
        if not kept or option.bits < kept[-1].bits:
            kept.append(option)
    return kept


def knee(options: Sequence[Option], cost: str) -> Option | None:
    """Where the front turns: the option farthest below the straight line between its two ends.

    Costs are compared by their ratios, and both axes are stretched to the same length.  None where
    the front has no inside or does not turn.  The ends of the sweep move it: it is a hint, and no
    measure of what is good enough.

    >>> ends_and_middle = [Option("windows", w, bits, 0, 0, w, 0, 0)
    ...                    for w, bits in ((8, 3.0), (16, 1.2), (64, 1.0))]
    >>> knee(ends_and_middle, "pairs").window
    16
    """
    line = front(options, cost)
    if len(line) < LEAST_FRONT:
        return None
    first, last = line[0], line[-1]
    wide = math.log(getattr(last, cost) / getattr(first, cost))
    high = first.bits - last.bits

    def below(option: Option) -> Number:
        across = math.log(getattr(option, cost) / getattr(first, cost)) / wide
        return 1 - across - (option.bits - last.bits) / high

    lowest = max(line, key=below)
    return lowest if below(lowest) > 0 else None


def verdict(option: Option, tolerance: Number) -> str:
    """Whether an option is "within" the tolerance, "beyond" it, or "open".

    >>> far = Option("windows", 8, 1.5, 0.5, 0.1, 0, 0, 0)
    >>> [verdict(far, tolerance) for tolerance in (0.3, 0.5, 0.7)]
    ['beyond', 'open', 'within']
    """
    if option.margin is None:
        return "open"
    if option.extra + option.margin <= tolerance:
        return "within"
    return "beyond" if option.extra - option.margin > tolerance else "open"


def choose(options: Sequence[Option], reference: Way, cost: str, tolerance: Number) -> Choice:
    """The cheapest option that is surely within the tolerance: the reference, if there is no other.

    Raises KeyError if the reference is not among the options.
    """
    fallback = {each.way: each for each in options}[reference]
    sure = [each for each in options if each is fallback or verdict(each, tolerance) == "within"]
    taken = min(sure, key=lambda each: (getattr(each, cost), each.bits))
    cheaper = [each for each in options if getattr(each, cost) < getattr(taken, cost)]

    def best(what: str) -> Option | None:
        found = [each for each in cheaper if verdict(each, tolerance) == what]
        return min(found, key=lambda each: each.extra, default=None)

    return Choice(taken, best("open"), best("beyond"))


def as_plain(measured: Measured) -> dict:
    """A comparison as a lab reads it: the options, the reference, and how much was read.

    And what says the cost of another schedule for the same model: how many layers it has, and how
    many numbers of a token's key each of them keeps.  The costs of full attention tell both.
    """
    compared = all_stretches(
        [found for point, found in measured.results.items() if way_of(point) == measured.reference]
    )
    first = next(iter(measured.results))
    full = next(result for point, result in measured.results.items() if point.schedule == FULL)
    n_layers = full.n_pairs // score_pairs(Causal(), first.n_tokens)
    return {
        "options": [asdict(each) for each in options_of(measured.results, measured.reference)],
        "quality": first.quality,
        "reference": list(measured.reference),
        "n_tokens": first.n_tokens,
        "n_stretches": len(compared[0]),
        "n_texts": len({point.text for point in measured.results}),
        "n_layers": n_layers,
        "key_numbers": full.kv_bytes // (2 * 4 * n_layers * first.n_tokens),
        "stacks": stacks(n_layers),
    }
