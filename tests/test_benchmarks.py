"""A benchmark counts a time only after its result, and says why a time is missing."""

import doctest
import importlib
import json
import re
from pathlib import Path

import pytest
import torch

from benchmarks import decode, growth, kernels, machine, suites
from benchmarks.contenders import BAND_NUMBA, CONTENDERS, FULL, PEERS
from benchmarks.findings import results, standings
from benchmarks.peers.flex import FLEX
from benchmarks.peers.llama_cpp import LLAMA_CPP
from benchmarks.races import Run, everyone, quietness, summary
from benchmarks.report import markdown
from benchmarks.suites import SUITES, Target
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Causal, CentredWindow, SlidingWindow
from swa_viz.timing import turns, yardstick
from swa_viz.timing.check import check_output, get_ready
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.forecast import Effort, Entry
from swa_viz.timing.memory import measured_in_a_child
from swa_viz.timing.timing import Timing
from swa_viz.timing.yardstick import Reading
from tests.fresh_process import run_module
from tests.timed import made_up

ROOT = Path(__file__).resolve().parent.parent
TINY, GROUPED = Shape(64), Shape(64, n_kv_heads=2)
CASES = [(TINY, SlidingWindow(8)), (GROUPED, SlidingWindow(8)), (TINY, CentredWindow(4))]
# Torch believes the processor about its vectors, instead of compiling a probe for each kind, and
# neither compiles headers in advance nor starts processes, for a single compilation.
COMPILED_ONCE = {
    "cpp.vec_isa_ok": True,
    "cpp_cache_precompile_headers": False,
    "compile_threads": 1,
}
LITTLE = Effort(rounds=2, longest_call_s=5.0, longest_total_s=1.0)
WINDOW = SlidingWindow(8)


@pytest.fixture(autouse=True)
def quick_and_alone(monkeypatch):
    """Tiny tensors gain nothing from threads, nobody waits for their sleep, and a yard is short."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setattr(turns, "PAUSE_S", 0.0)
    monkeypatch.setattr(turns, "BLINK_S", 0.0)
    monkeypatch.setattr(yardstick, "RUNS", 1)
    yield
    torch.set_num_threads(n_threads)


@pytest.fixture
def believing(monkeypatch):
    """These tests may run beside others, and so tiny times are believed however busy it is."""
    monkeypatch.setattr("swa_viz.timing.yardstick.MOST_DRIFT", float("inf"))
    monkeypatch.setattr("swa_viz.timing.yardstick.LEAST_SHARE", 0.0)
    monkeypatch.setattr("swa_viz.timing.findings.MOST_SCATTER", float("inf"))


def run_of(*contenders):
    return Run(contenders, LITTLE, True, lambda line: None)


def timed(contender, pattern, *times_ms, shape=TINY, share=1.0):
    return Timing(contender, shape, pattern, pattern, times_ms, readings=(Reading(10.0, share),))


def cases():
    """Everyone on all that it can do; FlexAttention on one thing, for it compiles seconds long."""
    for contender in CONTENDERS.values():
        for shape, pattern in CASES[:1] if contender is FLEX else CASES:
            pattern = contender.pattern(pattern)
            if contender.refuse(Request(pattern), shape) is None:
                name = f"{contender.name}-{pattern.label}-{shape.n_kv_heads}"
                yield pytest.param(contender, shape, pattern, id=name)


@pytest.fixture
def compiled_once(monkeypatch):
    """One compilation, and no probes for numbers of 16 and 8 bits, which nobody has here."""
    import torch._inductor.config  # a second long, for one test

    for kind in ("avx512_bf16", "vnni"):
        monkeypatch.setattr(f"torch.cpu._is_{kind}_supported", lambda: False)
    with torch._inductor.config.patch(COMPILED_ONCE):
        yield


@pytest.mark.parametrize(("contender", "shape", "pattern"), list(cases()))
def test_everyone_present_is_right(contender, shape, pattern, request):
    if reason := contender.absent():
        pytest.skip(reason)
    if contender is FLEX:
        request.getfixturevalue("compiled_once")
    check = get_ready(contender, unit_normal_inputs(shape), pattern).check()
    assert check.right, check


def test_llama_cpp_needs_no_more_memory_from_call_to_call():
    if reason := LLAMA_CPP.absent():
        pytest.skip(reason)
    inputs = unit_normal_inputs(TINY)
    prepared = LLAMA_CPP.prepare(inputs, WINDOW)
    for _ in range(5000):
        last = prepared.call()
    assert check_output(prepared.read(last), inputs, WINDOW).right


def test_the_absent_are_reported_with_the_reason(monkeypatch):
    gone = made_up("gone", package="no-such-package", module="no_such_package")
    (timing,) = run_of(gone).race(TINY, [Entry(gone, WINDOW)])
    assert timing.note.startswith("absent") and "no_such_package" in timing.note
    monkeypatch.setitem(machine.CONTENDERS, "gone", gone)
    report = markdown(machine.describe(), machine.describe_contenders(), [])
    (line,) = (line for line in report.splitlines() if line.startswith("| gone"))
    assert "absent: no_such_package does not import" in line
    (line,) = (line for line in report.splitlines() if line.startswith("| sdpa_full"))
    assert line.endswith("| yes |")


def test_efficiency_is_time_saved_over_pairs_saved():
    shape, window = Shape(4), SlidingWindow(1)  # 10 pairs against 4
    full, own_full, ours, theirs = results(
        [
            timed(FULL.name, Causal(), 5.0, shape=shape),
            timed(BAND_NUMBA.name, Causal(), 4.0, shape=shape),
            timed(BAND_NUMBA.name, window, 2.2, 1.9, 2.0, shape=shape),
            timed("other", window, 3.0, shape=shape),
        ]
    )
    assert (ours.pairs_ratio, ours.times_faster, ours.efficiency) == (2.5, 2.5, 1.0)
    assert ours.like_for_like == pytest.approx(0.8)
    assert theirs.like_for_like is None
    (line,) = standings([full, own_full, ours, theirs])
    assert (line.ours, line.next_best, line.ahead) == (ours, theirs, 1.5)


def test_full_attention_is_one_of_the_others():
    full, ours = results([timed(FULL.name, Causal(), 1.0), timed(BAND_NUMBA.name, WINDOW, 2.0)])
    (line,) = standings([full, ours])
    assert line.next_best is full and line.ahead == 0.5


def test_nothing_is_concluded_from_disturbed_times():
    full, busy = timed(FULL.name, Causal(), 3.0), timed(BAND_NUMBA.name, WINDOW, 1.0, share=0.5)
    other = timed("other", WINDOW, 2.0)
    found = results([full, busy, other])
    assert [r.counts for r in found] == [True, False, True]
    assert found[1].efficiency is None and found[2].times_faster == 1.5
    lines = standings(found)
    assert (lines[0].ours, lines[0].next_best, lines[0].ahead) == (None, found[2], None)
    assert "1 (disturbed)" in everyone(lines).rows[0] and summary(lines).rows[0][2] is None
    assert quietness(found).startswith("The machine was BUSY")
    assert quietness(results([full, other])).startswith("Quiet enough: 0 of 2")


def test_disturbed_full_attention_gives_nobody_an_e():
    full = timed(FULL.name, Causal(), 3.0, share=0.5)
    (_, ours) = results([full, timed(BAND_NUMBA.name, WINDOW, 1.0)])
    assert ours.counts and ours.efficiency is None and ours.times_faster is None


def test_the_past_is_remembered_from_race_to_race():
    run = run_of()
    first = run.race(TINY, [Entry(BAND_NUMBA, WINDOW)])
    second = run.race(TINY, [Entry(FULL, Causal())])
    assert run.past == [*first, *second]
    told = []
    Run((), LITTLE, True, told.append).race(TINY, [Entry(FULL, Causal())])
    assert told[:2] == ["N = 64: checking sdpa_full", "N = 64: timing sdpa_full, round 1"]


def test_the_report_is_written(monkeypatch, tmp_path, capsys, believing):
    monkeypatch.setattr(suites, "TARGETS", (Target(32, 8, 0.001), Target(64, 8, 1000.0)))
    monkeypatch.setattr(kernels, "QUICK_EFFORT", LITTLE)
    chosen = ["sdpa_full", "band_numba", "sdpa_mask"]
    command = ["--quick", "--only", "targets", "--threads", "1", "--out", str(tmp_path)]
    kernels.main([*command, "--contenders", *chosen])
    assert len(capsys.readouterr().out.splitlines()) == 3
    report = (tmp_path / "kernels.md").read_text()
    assert re.search(r"\| 32, W 8 \| 0\.001 \| [\d.]+ \| yes \|", report)
    assert re.search(r"\| 64, W 8 \| 1,000 \| [\d.]+ \| NO \|", report)
    data = json.loads((tmp_path / "kernels.json").read_text())
    assert data["machine"]["threads"] == 1 and data["machine"]["date"]
    (suite,) = data["suites"]
    found = {(r["contender"], r["seq_len"], r["asked"]): r["times_ms"] for r in suite["raw"]}
    assert len(found) == 8 and all(len(times) == LITTLE.rounds for times in found.values())
    page = (tmp_path / "kernels.html").read_text()
    assert "band_numba, W 8" in page and "sdpa_full, full causal" in page
    assert not re.search(r"<script[^>]+src=", page)


def test_every_suite_hands_back_its_findings(monkeypatch, believing):
    monkeypatch.setattr(suites, "TARGETS", (Target(64, 8, 0.5),))
    monkeypatch.setattr(suites, "GRID_LENGTHS", (64, 128))
    monkeypatch.setattr(suites, "GRID_WINDOWS", (8, 64))
    monkeypatch.setattr(suites, "SHAPES", (TINY, GROUPED))
    monkeypatch.setattr(suites, "PATTERNS_LENGTH", 64)
    monkeypatch.setattr(growth, "QUICK_LENGTHS", (64, 128, 256))
    monkeypatch.setattr(growth, "QUICK_LONGEST", (512, 16))
    monkeypatch.setattr(growth, "measured_in_a_child", lambda *case: "not in this test")
    monkeypatch.setattr(growth, "QUICK_STEP_LENGTHS", (64, 128, 256))
    monkeypatch.setattr(decode, "QUICK_STEPS", 2)
    sections = {name: suite(run_of(FULL, BAND_NUMBA)) for name, suite in SUITES.items()}
    assert all(section.raw and section.tables for section in sections.values())
    grid = sections["grid"].tables[0]
    assert [row[0] for row in grid.rows] == ["64, W 8", "128, W 8", "128, W 64"]
    assert grid.rows[0][2] == BAND_NUMBA.name
    assert re.search(r"fastest in \d of the 3", sections["grid"].sentences[0])
    assert len(sections["patterns"].tables[0].rows) == len(suites.PATTERNS)
    assert [curve.name for curve in sections["training"].curves] == [
        "band_torch_step, W 256",
        "sdpa_full_step, full causal",
    ]
    assert all("right" in sentence for sentence in sections["decode"].sentences)
    markdown(machine.describe(), [], list(sections.values()))


def test_the_longest_text_is_measured_in_a_process_of_its_own(monkeypatch):
    monkeypatch.setattr("swa_viz.timing.memory.subprocess.run", run_module)
    memory = measured_in_a_child(BAND_NUMBA.name, 16_384, 32)
    assert memory.right
    assert 0.5 < memory.n_bytes / memory.output_bytes < 3
    monkeypatch.setattr(growth, "measured_in_a_child", lambda *case: memory)
    assert ": right, and it takes" in growth.memory_sentence(BAND_NUMBA.name, 16_384, 32)


def test_every_peer_has_its_own_pinned_requirements():
    files = {path.stem: path.read_text() for path in ROOT.glob("benchmarks/requirements/*.txt")}
    lines = [line for text in files.values() for line in text.splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in lines)
    installed = {peer.package for peer in PEERS} - {"torch"}
    assert installed <= {line.split("==")[0] for line in lines}
    assert len(files) == len(installed)


@pytest.mark.parametrize("name", ["findings", "races"])
def test_the_examples_in_the_docstrings(name):
    tested = doctest.testmod(importlib.import_module(f"benchmarks.{name}"))
    assert tested.attempted and not tested.failed
