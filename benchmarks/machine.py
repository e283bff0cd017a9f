"""What the figures were taken on: without it no figure means anything."""

import os
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata

from benchmarks.contenders import CONTENDERS
from swa_viz.kernels.threads import describe_processor
from swa_viz.timing.report import installed


def describe() -> dict[str, str | int | float]:
    """The machine and what runs on it, ready for JSON."""
    processor = describe_processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    packages = {"torch": "torch", "numba": "numba", "numpy": "numpy"}
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": processor.name,
        "cores": processor.cores,
        "threads": processor.threads,
        "memory_gib": round(memory / 2**30, 1),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "load_at_start": os.getloadavg()[0],
        **{name: metadata.version(package) for name, package in packages.items()},
    }


def describe_contenders() -> list[dict[str, str | None]]:
    """Everyone in the table: who is here, in which version, and why the others are not."""
    return [
        {"name": c.name, "idea": c.idea, "package": installed(c.package), "absent": c.absent()}
        for c in CONTENDERS.values()
    ]
