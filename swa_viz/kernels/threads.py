"""The one place where threads are counted and set.

torch, numba and the BLAS inside torch share the same cores; two of them at once, or one inside the
other, are slower than either.  torch's number rules: its BLAS obeys it, and `band_numba` reads it
before every run.  `PROCESSOR` in kernel.py lets one run of a kernel or a model through at a time.
"""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch

from swa_viz.patterns import whole_number

CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Processor:
    """What a timing ran on: `threads` in use, of `cores` that this process may use."""

    name: str
    cores: int
    threads: int


def usable_cores() -> int:
    """Cores that this process may use, which a container may have made fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_threads(n: int | None) -> int:
    """Let the kernels use `n` threads, or every core for None; returns the number now set.

    Raises ValueError if n is not a whole number of at least 1.
    """
    n = usable_cores() if n is None else whole_number(n, "the number of threads", at_least=1)
    torch.set_num_threads(n)
    return torch.get_num_threads()


def processor_name() -> str:
    """The processor's own name where the system tells it (Linux), else its architecture."""
    lines = CPUINFO.read_text().splitlines() if CPUINFO.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def describe_processor() -> Processor:
    """The processor and the threads in use, as plain data to print beside every timing."""
    return Processor(processor_name(), usable_cores(), torch.get_num_threads())
