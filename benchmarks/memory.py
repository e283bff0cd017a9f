"""How much memory a call of our kernel takes beyond its inputs, measured in a process of its own.

    python -m benchmarks.memory 131072 4096

Linux remembers the most memory that a process ever held, and lets it be forgotten: forget, call,
and read.  The output itself is part of the sum, so 1 times the output is the least there can be.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.check import relative_error
from benchmarks.contender import Inputs, Shape, unit_normal_inputs
from benchmarks.contenders import CONTENDERS, OURS
from swa_viz.patterns import SlidingWindow

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FORGET_PEAK = "5"
WAKING = Shape(256)


class Memory(NamedTuple):
    """`times_output` is the memory of the call in units of its output."""

    times_output: float
    extra_mib: float
    error: float


def held_kib(name: str) -> int:
    """VmRSS, what the process holds now, or VmHWM, the most that it held, in KiB."""
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


def measure(contender: str, shape: Shape, window_size: int) -> Memory:
    """Call once, and see how far the memory rose."""
    prepare, pattern = CONTENDERS[contender].prepare, SlidingWindow(window_size)
    prepare(unit_normal_inputs(WAKING), pattern).call()
    inputs: Inputs = unit_normal_inputs(shape)
    FORGET.write_text(FORGET_PEAK)
    before = held_kib("VmRSS")
    output = prepare(inputs, pattern).call()
    extra = 1024 * (held_kib("VmHWM") - before)
    return Memory(extra / output.nbytes, extra / 2**20, relative_error(output, inputs, pattern))


def measured_in_a_child(contender: str, seq_len: int, window_size: int) -> Memory | str:
    """The same in a fresh process, or the reason why not."""
    command = [sys.executable, "-m", "benchmarks.memory", str(seq_len), str(window_size)]
    done = subprocess.run(
        [*command, "--contender", contender],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    if done.returncode:
        return (done.stderr.strip() or f"ended with {done.returncode}").splitlines()[-1]
    return Memory(*json.loads(done.stdout))


def main() -> None:
    """Print one measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seq_len", type=int)
    parser.add_argument("window_size", type=int)
    parser.add_argument("--contender", default=OURS[0].name)
    given = parser.parse_args()
    print(json.dumps(measure(given.contender, Shape(given.seq_len), given.window_size)))


if __name__ == "__main__":
    main()
