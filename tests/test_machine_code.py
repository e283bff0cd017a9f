"""Where machine code cannot be made or kept, the log says so once, and attention is still right."""

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from swa_viz.kernels import KERNELS, attend
from swa_viz.kernels.band_numba import MACHINE_CODE
from swa_viz.kernels.machine_code import MachineCode
from swa_viz.patterns import SlidingWindow
from tests.attention_cases import random_inputs, truth
from tests.fresh_process import ROOT, fresh_process

# Without a look for garbage: a compiler makes a million small things, and keeps them.
ASK = """
import gc, logging, sys
gc.disable()
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
{after}
"""


def ask(before="", after="", cwd=ROOT, **variables):
    """The output of a fresh process that calls `attend` on 300 tokens."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_") and k != "HOME"}
    script = ASK.format(before=before, after=after)
    result = fresh_process(script, cwd, {**kept, "PYTHONPATH": str(cwd), **variables})
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
WRITES_NO_MORE = """
from numba.core.caching import NullCache
from swa_viz.kernels.band_numba_loop import attend_jobs
print("WRITES NO MORE", isinstance(attend_jobs._cache, NullCache))
"""


# What cannot be kept is made anew for seconds: so it is made for another kind of processor.
OTHER_PROCESSORS = {
    8: {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+sse4.2,+avx,+avx2,+fma"},
    4: {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": "+sse2"},
}
RIGHT_ON_IT = """
from swa_viz.kernels.vectors import LANES
from swa_viz.patterns import Causal, CentredWindow, DilatedWindow, SinkWindow
torch.manual_seed(0)
for pattern in (Causal(), SinkWindow(8, 3), DilatedWindow(5, 3), CentredWindow(5)):
    query, key, value = torch.randn(3, 2, 70, 12)
    truth = attention(query.double(), key.double(), value.double(), pattern).output
    error = (attend(query, key, value, pattern, kernel="band_numba") - truth).abs().max()
    assert error < 2e-6, (pattern, error)
print("RIGHT WITH VECTORS OF", LANES)
"""


def test_a_full_disk_and_vectors_of_eight(tmp_path):
    folder = {"NUMBA_CACHE_DIR": str(tmp_path)}
    output = ask(FULL_DISK, RIGHT_ON_IT + WRITES_NO_MORE, **folder, **OTHER_PROCESSORS[8])
    assert "REASON None" in output and "RAISES" not in output
    assert output.count("LOG") == 1 and "No space left on device" in output
    assert "RIGHT WITH VECTORS OF 8" in output and "WRITES NO MORE True" in output


# A user without rights.
AS_NOBODY = """
import os
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
"""


def can_be_nobody():
    """May we become that user, and may that user read Python and numba?"""
    read = [os.__file__, find_spec("numba").origin]
    return fresh_process(f"{AS_NOBODY}for file in {read}: open(file)").returncode == 0


def as_a_guest(**asked: str) -> str:
    """What a user without a home says in a folder that cannot be written."""
    left_out = shutil.ignore_patterns("__pycache__", "weights", "lessons", "web")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copytree(ROOT / "swa_viz", Path(folder, "swa_viz"), ignore=left_out)
        return ask(AS_NOBODY, cwd=folder, HOME="/nonexistent", **asked)


def test_no_folder_for_machine_code_and_vectors_of_four():
    """Really none, where we may become such a user; else numba is told that there is none."""
    asked = {"after": RIGHT_ON_IT, **OTHER_PROCESSORS[4]}
    output = as_a_guest(**asked) if can_be_nobody() else ask(NO_FOLDER, **asked)
    assert "REASON None" in output and "RAISES" not in output
    assert output.count("LOG") == 1 and output.count("set NUMBA_CACHE_DIR") == 1
    assert "RIGHT WITH VECTORS OF 4" in output


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
