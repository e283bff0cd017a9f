"""What every report of a timing needs: on what it was measured, and a table in Markdown."""

from collections.abc import Collection, Sequence
from importlib.metadata import PackageNotFoundError, version

import torch

from swa_viz.kernels.threads import describe_processor
from swa_viz.timing.yardstick import CPU

Cell = str | int | float | None


def installed(package: str) -> str:
    """A package and its version."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"


def machine(device: torch.device = CPU) -> str:
    """What a timing ran on, in one line: the GPU, or processor, threads, cores; and libraries."""
    libraries = ", ".join(installed(package) for package in ("torch", "numba"))
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}; {libraries}"
    here = describe_processor()
    return f"{here.name}, {here.threads} threads on {here.cores} cores; {libraries}"


def rounded(number: float | None, digits: int = 2) -> float | None:
    """A number that is short enough for a table; nothing stays nothing."""
    return None if number is None else round(number, digits)


def cell(entry: Cell) -> str:
    """One entry between two bars; a bar in it would end it."""
    if entry is None:
        return ""
    if isinstance(entry, float):
        return f"{entry:,.7g}"
    return f"{entry:,}" if isinstance(entry, int) else entry.replace("|", r"\|")


def markdown_table(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], words: Collection[str] = ()
) -> str:
    r"""A table in Markdown, numbers to the right and `words` to the left; nothing without rows.

    >>> print(markdown_table(["who", "ms"], [["a | b", 1.5], ["c", None]], words=["who"]))
    | who | ms |
    | :-- | --: |
    | a \| b | 1.5 |
    | c |  |
    <BLANKLINE>
    """
    if not rows:
        return ""
    sides = [":--" if column in words else "--:" for column in columns]
    lines = [columns, sides, *([cell(entry) for entry in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
