"""The memory that is told beforehand is what a process of its own really takes."""

import json
from pathlib import Path

import pytest

from swa_viz.patterns import SlidingWindow
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.contenders import FORWARD, TRAINING
from swa_viz.timing.memory import FORGET, Memory, free_bytes, measured_in_a_child
from tests.fresh_process import fresh_process, run_module

WINDOW, LENGTH = SlidingWindow(512), 4096
# Where much is held, half the length is enough to tell it from what Python itself takes.
LENGTHS = {("sdpa_mask", False): 2048} | {(name, True): 2048 for name in TRAINING}
ON_THE_PROCESSOR = [
    (name, trains, LENGTHS.get((name, trains), LENGTH))
    for trains, library in ((False, FORWARD), (True, TRAINING))
    for name in library
    if name != "flex"
]


# A process that has computed nothing yet becomes a fresh one for each case, without a new start.
MEASURE = f"""
import json, os
import torch.fx.experimental.symbolic_shapes  # a gradient's first need, for a second
from swa_viz.timing.memory import measure
for name, trains, length in {ON_THE_PROCESSOR}:
    if not (child := os.fork()):
        memory = measure(name, length, {WINDOW.window_size}, trains)
        print(json.dumps(memory), flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, name
"""


@pytest.mark.skipif(not FORGET.exists(), reason="only Linux tells its peak")
def test_the_memory_that_is_told_is_what_a_process_of_its_own_takes():
    run = fresh_process(MEASURE)
    assert run.returncode == 0, run.stderr
    cases = zip(ON_THE_PROCESSOR, run.stdout.splitlines(), strict=True)
    for (name, trains, length), line in cases:
        contender = (TRAINING if trains else FORWARD)[name]
        told = contender.n_bytes(contender.pattern(WINDOW), Shape(length))
        memory = Memory(*json.loads(line))
        assert memory.right, (name, trains)
        assert 0.7 < memory.n_bytes / told < 1.3, (name, trains)


@pytest.mark.skipif(not FORGET.exists(), reason="only Linux tells its peak")
def test_a_child_tells_what_it_measured():
    memory = measured_in_a_child("band_torch", 64, 8, trains=True)
    assert memory.right and memory.output_bytes == unit_normal_inputs(Shape(64)).query.nbytes


def test_a_child_that_fails_says_why(monkeypatch):
    monkeypatch.setattr("swa_viz.timing.memory.subprocess.run", run_module)
    assert "invalid choice" in measured_in_a_child("no such kernel", 64, 8)
    assert measured_in_a_child("band_torch", 64, 0).startswith("window_size must be")


def test_free_memory_is_what_linux_can_give(tmp_path):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9 kB\nMemFree: 1 kB\nMemAvailable:   2048 kB\n")
    assert free_bytes(meminfo=meminfo) == 2 * 2**20
    assert free_bytes(meminfo=Path("/no/such/file")) > 2**20
