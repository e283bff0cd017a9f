"""The one place where threads are counted and set.

torch, numba and the BLAS inside torch share the same cores; two of them at once, or one inside the
other, are slower than either.  torch's number rules: its BLAS obeys it, and `band_numba` reads it
before every run.  `PROCESSOR` lets one run of a kernel or a model through at a time.

A process that is forked gets a copy of the memory, and only one of the threads.  So the child
starts with a free processor and helpers of its own, and lets torch compute on one thread: torch
would wait for its other threads for ever.
"""

import os
import platform
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch

from swa_viz.patterns import whole_number

CPUINFO = Path("/proc/cpuinfo")

# Every thread that calls torch gets helpers of its own, so two visitors' runs at once would have
# twice as many threads as cores, and both would be slower than one after the other.
PROCESSOR = threading.RLock()
HELPERS: dict[int, ThreadPoolExecutor] = {}


def run_on_threads(work: Callable[[], None], n_threads: int) -> None:
    """Call `work` on this thread, and at the same time on n_threads - 1 helpers.

    `work` takes jobs until none is left, so a helper that comes late, or not at all because the
    system gives no more threads, only makes it slower.  It must let go of the interpreter.
    """
    if n_threads > 1 and n_threads not in HELPERS:
        HELPERS[n_threads] = ThreadPoolExecutor(n_threads - 1, thread_name_prefix="attend")
    called = []
    try:
        for _ in range(n_threads - 1):
            called.append(HELPERS[n_threads].submit(work))
    except RuntimeError:  # no more threads, or the interpreter is about to end
        pass
    work()
    for helper in called:
        if not helper.cancel():
            helper.result()


def begin_as_child() -> None:
    """What a forked process must do before it computes."""
    HELPERS.clear()
    if not PROCESSOR._is_owned():  # another thread may have held it, which the child does not have
        PROCESSOR._at_fork_reinit()
    torch.set_num_threads(1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=begin_as_child)


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
