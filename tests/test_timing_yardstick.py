"""The yardstick says whether the machine was ours, and every device has its own clock."""

from contextlib import contextmanager

import pytest
import torch

from swa_viz.timing.memory import extra_bytes, free_bytes
from swa_viz.timing.report import machine
from swa_viz.timing.yardstick import (
    CPU,
    Instruments,
    Reading,
    is_busy,
    read_yardstick,
    seconds_of,
    share,
)

GPU = torch.device("cuda", 1)


def test_the_yardstick_tells_which_part_of_the_threads_ran():
    clock, processor = iter([0.0, 0.010]), iter([0.0, 0.005])
    reading = read_yardstick(CPU, lambda: next(clock), lambda: next(processor))
    assert reading.ms == pytest.approx(10.0)
    assert 0 < reading.share <= 0.5
    assert read_yardstick().ms > 0


def test_on_a_gpu_the_time_is_that_between_two_marks_in_its_own_queue(monkeypatch):
    queue = []

    class Event:
        def __init__(self, enable_timing):
            assert enable_timing

        def record(self):
            queue.append(self)

        def synchronize(self):
            queue.append("waited")

        def elapsed_time(self, other):
            assert queue == [GPU, self, "work", other, "waited"]
            return 250.0

    @contextmanager
    def on(device):
        queue.append(device)
        yield

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "device", on)
    assert Instruments(GPU).seconds_of(lambda: queue.append("work")) == 0.25


def test_apples_gpu_is_waited_for_before_and_after(monkeypatch):
    done, clock = [], iter([1.0, 3.0])
    monkeypatch.setattr(torch.mps, "synchronize", lambda: done.append("waited"))
    call = lambda: done.append("work")  # noqa: E731
    assert seconds_of(call, torch.device("mps"), lambda: next(clock)) == 2.0
    assert done == ["waited", "work", "waited"]


def test_on_the_processor_it_is_the_clocks():
    clock = iter([1.0, 3.5])
    assert seconds_of(lambda: None, CPU, lambda: next(clock)) == 2.5


def test_memory_on_a_gpu_is_the_highest_that_torch_held(monkeypatch):
    held, done = iter([100, 350]), []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", done.append)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: next(held))
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda device: next(held))
    assert extra_bytes(lambda: done.append("call"), GPU) == 250
    assert done == [GPU, "call"]


def test_a_gpu_is_named_and_asked_for_its_own_memory(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"a card at {device}")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (7, 9))
    assert machine(GPU).startswith("a card at cuda:1; torch 2")
    assert free_bytes(GPU) == 7


def test_slow_or_waiting_is_busy():
    assert not is_busy([Reading(12.0)], best=10.0)
    assert is_busy([Reading(13.0)], best=10.0)
    assert is_busy([Reading(10.0, share=0.5)], best=10.0)
    assert not is_busy([], best=10.0) and share([]) == 1.0
