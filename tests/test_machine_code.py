"""Where machine code cannot be made or kept, the log says so once, and attention is still right."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import torch

from swa_viz.kernels import KERNELS, attend
from swa_viz.kernels.band_numba import MACHINE_CODE
from swa_viz.kernels.machine_code import MachineCode
from swa_viz.patterns import SlidingWindow
from tests.attention_cases import random_inputs, truth
from tests.fresh_process import ROOT, fresh_process

ASK = """
import logging, sys
logging.basicConfig(stream=sys.stdout, format="LOG %(name)s %(message)s")
{before}
import torch
from swa_viz.attention import attention
from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import SlidingWindow
inputs = torch.randn(3, 1, 2, 300, 8)
expected = attention(*inputs.double(), SlidingWindow(8)).output
for _ in range(2):
    assert (attend(*inputs, SlidingWindow(8)) - expected).abs().max() < 1e-5
print("REASON", KERNELS["band_numba"].supports(SlidingWindow(8)))
try:
    attend(*inputs, SlidingWindow(8), kernel="band_numba")
except NotImplementedError as error:
    print("RAISES", error)
"""


def ask(before="", run=fresh_process, cwd=ROOT, **variables):
    """The output of a fresh process that calls `attend` on 300 tokens."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_") and k != "HOME"}
    script = ASK.format(before=before)
    result = run(script, cwd, {**kept, "PYTHONPATH": str(cwd), **variables})
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_a_compiler_that_is_switched_off():
    output = ask(NUMBA_DISABLE_JIT="1")
    assert "REASON numba's compiler is switched off (NUMBA_DISABLE_JIT)" in output
    assert "RAISES kernel 'band_numba' cannot do this: numba's compiler is switched off" in output


@pytest.mark.parametrize("layer", ["tbb", "omp", "workqueue", "nonsense"])
def test_no_threading_layer_of_numba_is_needed(layer):
    assert "REASON None" in ask(NUMBA_THREADING_LAYER=layer)


@pytest.mark.parametrize("module", ["numba", "llvmlite", "swa_viz.kernels.vectors"])
def test_a_missing_compiler(module):
    output = ask(f"sys.modules[{module!r}] = None")
    assert "REASON its machine code could not be made here: ModuleNotFoundError" in output
    assert output.count("LOG swa_viz.kernels.machine_code") == 1


NO_FOLDER = """
from numba.core import caching
caching.CacheImpl._locator_classes = []
"""
FULL_DISK = """
from numba.core import caching
def save(*arguments):
    raise OSError(28, "No space left on device")
caching.IndexDataCacheFile.save = save
"""


# What is made for one process and cannot be kept need not be fast.
UNKEPT = {"NUMBA_OPT": "0"}


def test_a_full_disk(tmp_path):
    output = ask(FULL_DISK, NUMBA_CACHE_DIR=str(tmp_path), **UNKEPT)
    assert "REASON None" in output and "RAISES" not in output
    assert output.count("LOG") == 1 and "No space left on device" in output


def as_nobody(script, cwd, env):
    """A process of a user without rights."""
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    command = [*user, sys.executable, "-B", "-c", script]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600)


def can_be_nobody():
    """May we become that user, and may that user read this environment?"""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return False
    script = "from importlib.util import find_spec; open(find_spec('torch').origin)"
    return as_nobody(script, "/", os.environ).returncode == 0


def as_a_guest() -> str:
    """What a user without a home says in a folder that cannot be written."""
    left_out = shutil.ignore_patterns("__pycache__", "weights", "lessons", "web")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copytree(ROOT / "swa_viz", Path(folder, "swa_viz"), ignore=left_out)
        return ask(run=as_nobody, cwd=folder, HOME="/nonexistent", **UNKEPT)


def test_no_folder_for_machine_code():
    """Really none, where we may become such a user; else numba is told that there is none."""
    output = as_a_guest() if can_be_nobody() else ask(NO_FOLDER, **UNKEPT)
    assert "REASON None" in output and "RAISES" not in output
    assert output.count("LOG") == 1 and output.count("set NUMBA_CACHE_DIR") == 1


def test_others_compute_where_there_is_none(monkeypatch):
    monkeypatch.setattr(MACHINE_CODE, "asked", True)
    monkeypatch.setattr(MACHINE_CODE, "problem", "it is Sunday")
    inputs = random_inputs((), 2, 1, 300, 300, 8)
    output = attend(*inputs, SlidingWindow(8))
    torch.testing.assert_close(output.double(), truth(*inputs, SlidingWindow(8)), atol=2e-6, rtol=0)
    with pytest.raises(NotImplementedError, match="cannot do this: it is Sunday"):
        attend(*inputs, SlidingWindow(8), kernel="band_numba")
    with pytest.raises(NotImplementedError, match="it is Sunday"):
        KERNELS["band_numba"].scored_pairs(SlidingWindow(8), 9, 9)


def test_it_is_made_once():
    made = []
    code = MachineCode(lambda: made.append(1), forget_disk=lambda: None)
    assert code.missing() is None and code.missing() is None and made == [1]


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import real_code
print([name for name, _ in real_code(LESSONS["speed"])])
"""


def test_the_page_on_speed_stands_where_there_is_no_compiler():
    result = fresh_process(WITHOUT_NUMBA)
    shown = ["swa_viz.kernels.band_torch.near_keys", "swa_viz.kernels.band_torch.attend_stretch"]
    assert result.stdout.strip() == str(shown), result.stderr
