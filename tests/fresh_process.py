"""Fresh processes for half the price: torch is imported once, and each process is a fork of that.

    fresh_process("import torch; print(torch.ones(2))").stdout

The parent computes nothing and knows nothing of swa_viz or numba.  So a script finds what it would
find in a new interpreter, but for torch, which read its variables when the first one began.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 600


@cache
def parent() -> subprocess.Popen:
    """The process with torch in it: it ends when this one does, which closes its input."""
    command = [sys.executable, "-B", __file__]
    # Large pages (tests/__main__.py) would be megabytes too much where memory is measured.
    env = {name: word for name, word in os.environ.items() if name != "GLIBC_TUNABLES"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, env=env, text=True, **pipes)


def fresh_process(
    script: str, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    """Run a script, as `python -c` runs it in this folder, and wait for its end."""
    asked = {"script": script, "cwd": str(cwd), "env": dict(env or os.environ)}
    print(json.dumps(asked), file=parent().stdin, flush=True)
    return subprocess.CompletedProcess(script, *json.loads(parent().stdout.readline()))


def as_a_module(module: str, words: list[str]) -> str:
    """The script that does what `python -m module word ...` does."""
    return f"""
import runpy, sys
sys.argv[1:] = {words!r}
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""


def run_module(command: list[str], env: dict[str, str], **_) -> subprocess.CompletedProcess:
    """What `subprocess.run` does with `python -m module word ...`, both streams read as text."""
    _, _, module, *words = command
    return fresh_process(as_a_module(module, words), env=env)


def run(script: str, cwd: str, env: dict[str, str]) -> None:
    """Be the fresh process."""
    signal.alarm(SECONDS)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[0] = cwd
    exec(compile(script, "<script>", "exec"), {"__name__": "__main__"})


def exit_code(ended: SystemExit) -> int:
    """The code with which Python ends: a sentence is an error, and is written."""
    if isinstance(ended.code, str):
        print(ended.code, file=sys.stderr)
    return ended.code if isinstance(ended.code, int) else int(ended.code is not None)


def forked(case: dict) -> tuple[int, str, str]:
    """How a case ended, its output and its errors."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        if not (child := os.fork()):
            code = 1
            try:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                run(**case)
                code = 0
            except SystemExit as ended:
                code = exit_code(ended)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        errors.seek(0)
        return code, output.read(), errors.read()


if __name__ == "__main__":
    gc.disable()
    import torch  # noqa: F401  (what all this is for)

    gc.freeze()  # no child looks through all of torch for garbage
    gc.enable()

    for line in sys.stdin:
        print(json.dumps(forked(json.loads(line))), flush=True)
