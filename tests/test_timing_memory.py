"""The memory that is told beforehand is what a process of its own really takes."""

from pathlib import Path

import pytest

from swa_viz.patterns import SlidingWindow
from swa_viz.timing.contender import Shape
from swa_viz.timing.contenders import FORWARD, TRAINING
from swa_viz.timing.memory import FORGET, free_bytes, measured_in_a_child

WINDOW, LENGTH = SlidingWindow(512), 4096
ON_THE_PROCESSOR = [
    (name, trains)
    for trains, library in enumerate((FORWARD, TRAINING))
    for name in library
    if name != "flex"
]


@pytest.mark.skipif(not FORGET.exists(), reason="only Linux tells its peak")
@pytest.mark.parametrize(("name", "trains"), ON_THE_PROCESSOR)
def test_the_memory_that_is_told_is_what_a_process_of_its_own_takes(name, trains):
    contender = (TRAINING if trains else FORWARD)[name]
    told = contender.n_bytes(contender.pattern(WINDOW), Shape(LENGTH))
    memory = measured_in_a_child(name, LENGTH, WINDOW.window_size, bool(trains))
    assert memory.right
    assert 0.7 < memory.n_bytes / told < 1.3


def test_a_child_that_fails_says_why():
    assert "invalid choice" in measured_in_a_child("no such kernel", 64, 8)


def test_free_memory_is_what_linux_can_give(tmp_path):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9 kB\nMemFree: 1 kB\nMemAvailable:   2048 kB\n")
    assert free_bytes(meminfo=meminfo) == 2 * 2**20
    assert free_bytes(meminfo=Path("/no/such/file")) > 2**20
