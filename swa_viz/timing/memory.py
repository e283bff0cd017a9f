"""How much memory there is, and how much a call takes beyond its inputs.

    python -m swa_viz.timing.memory band_numba 131072 4096

Linux remembers the most memory that a process ever held, and lets it be forgotten: forget, call,
and read.  So a call is measured in a process of its own.  The output is part of the sum.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

from swa_viz.patterns import SlidingWindow
from swa_viz.timing.check import get_ready
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.contenders import FORWARD, TRAINING
from swa_viz.timing.yardstick import CPU

MEMINFO = Path("/proc/meminfo")
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FORGET_PEAK = "5"
WAKING = Shape(256)


class Memory(NamedTuple):
    """What one call takes beyond its inputs, how large its output is, and whether it was right."""

    n_bytes: int
    output_bytes: int
    right: bool


def kib(lines: Path, name: str) -> int:
    """One entry of a file of Linux's that lists memory in KiB."""
    (line,) = (line for line in lines.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


def free_bytes(device: torch.device = CPU, meminfo: Path = MEMINFO) -> int:
    """Memory that can be had now; elsewhere than on Linux, all that the machine has."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    if not meminfo.is_file():
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 1024 * kib(meminfo, "MemAvailable")


def extra_bytes(call: Callable[[], object], device: torch.device = CPU) -> int:
    """How far the memory rises during a call: of the GPU, or of this whole process on Linux."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        call()
        return torch.cuda.max_memory_allocated(device) - before
    FORGET.write_text(FORGET_PEAK)
    before = kib(STATUS, "VmRSS")
    call()
    return 1024 * (kib(STATUS, "VmHWM") - before)


def measure(name: str, seq_len: int, window_size: int, trains: bool) -> Memory:
    """One contender of the library, after a small call that lets it compile."""
    contender = (TRAINING if trains else FORWARD)[name]
    pattern = contender.pattern(SlidingWindow(window_size))
    get_ready(contender, unit_normal_inputs(WAKING), pattern).call()
    inputs = unit_normal_inputs(Shape(seq_len))
    n_bytes = extra_bytes(lambda: get_ready(contender, inputs, pattern).call())
    check = get_ready(contender, inputs, pattern).check()
    return Memory(n_bytes, inputs.query.nbytes, check.right)


def measured_in_a_child(
    name: str, seq_len: int, window_size: int, trains: bool = False
) -> Memory | str:
    """The same in a fresh process, or the reason why not."""
    command = [sys.executable, "-m", "swa_viz.timing.memory", name, str(seq_len), str(window_size)]
    done = subprocess.run(
        command + ["--training"] * trains,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if done.returncode:
        return (done.stderr.strip() or f"ended with {done.returncode}").splitlines()[-1]
    return Memory(*json.loads(done.stdout))


def main() -> None:
    """Print one measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=FORWARD)
    parser.add_argument("seq_len", type=int)
    parser.add_argument("window_size", type=int)
    parser.add_argument("--training", action="store_true", help="forward and backward")
    given = parser.parse_args()
    try:
        found = measure(given.name, given.seq_len, given.window_size, given.training)
    except (ValueError, NotImplementedError, RuntimeError) as error:
        sys.exit(str(error))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
