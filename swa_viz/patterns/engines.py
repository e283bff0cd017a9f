"""The line of code with which another program reads exactly the keys of a pattern of ours.

`conventions.py` goes the other way, from their number to our pattern.  `engines.json` holds the
lines, for Python and JavaScript alike, with braces where a number of the pattern belongs.
"""

import json
from pathlib import Path
from typing import NamedTuple

from swa_viz.patterns.pattern import Pattern

ENGINES: list[dict] = json.loads(Path(__file__).with_name("engines.json").read_text("utf-8"))


class EngineLine(NamedTuple):
    """A program, and its line; "" where it has none for this pattern.

    `tried` says whether the tests run the line and compare its mask with the pattern's.
    """

    name: str
    label: str
    url: str
    tried: bool
    line: str


def numbers_of(pattern: Pattern) -> dict[str, int]:
    """The numbers that a line may need: those of the pattern, and what follows from them.

    >>> from swa_viz.patterns import SlidingWindow
    >>> numbers_of(SlidingWindow(4))
    {'keys': 4, 'before': 3}
    """
    plain = pattern.to_plain()
    found = {}
    if "window_size" in plain:
        found |= {"keys": plain["window_size"], "before": plain["window_size"] - 1}
    if "radius" in plain:
        found |= {"radius": plain["radius"], "both": 2 * plain["radius"]}
    if "dilation" in plain:
        step = plain["dilation"]
        found |= {"step": step, "span": (plain["window_size"] - 1) * step + 1}
    renamed = {"chunk": "chunk_size", "sinks": "n_sink_tokens"}
    return found | {ours: plain[name] for ours, name in renamed.items() if name in plain}


def engine_lines(pattern: Pattern) -> list[EngineLine]:
    """Every program's line for this pattern.

    >>> from swa_viz.patterns import SlidingWindow
    >>> engine_lines(SlidingWindow(4))[1].line
    'flash_attn_func(q, k, v, causal=True, window_size=(3, 0))'
    """
    numbers = numbers_of(pattern)
    found = []
    for engine in ENGINES:
        line = engine["lines"].get(pattern.kind, "")
        for name, number in numbers.items():
            line = line.replace(f"{{{name}}}", str(number))
        found.append(EngineLine(*(engine[key] for key in ("name", "label", "url", "tried")), line))
    return found
