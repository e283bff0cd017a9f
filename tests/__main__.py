"""All tests, in two parts: side by side, and then alone whatever measures time.

`python -m pytest` runs the same tests one after the other.
"""

import os
import subprocess
import sys
from pathlib import Path

# A worker has a server and a browser of its own, and takes tests in the order of the files, so that
# what a file prepares is mostly prepared once.  Each waits for its browser now and then, so there
# is one more than there are cores: on two cores three were the fastest.
N_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WORKERS = ["-n", str(min(N_CORES, 3) + 1), "--dist", "worksteal"]
# The second part reads only the files in which something is timed: to read all takes longer than
# some of its tests.
TIMED = [
    str(file)
    for file in sorted(Path(__file__).parent.glob("test_*.py"))
    if "pytest.mark.timing" in file.read_text(encoding="utf-8")
]
PARTS = {
    "side by side": ["-m", "not timing", *WORKERS],
    "one at a time": ["-m", "timing", *TIMED],
}
# Dozens of processes import the same modules: they compile them once, whatever the shell says.
ENVIRONMENT = {name: word for name, word in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
# Weights and logits are large: where the C library can, it asks for large pages, which are filled
# faster (56 to 51 s of processor for the tests that compute most).
ENVIRONMENT.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")


def run(words: list[str]) -> tuple[int, str]:
    """Run pytest with its output on the screen; how it ended, and its last line."""
    command = [sys.executable, "-m", "pytest", "--quiet", *words]
    command += ["--color=yes"] if sys.stdout.isatty() else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT) as pytest:
        text = b""
        while piece := os.read(pytest.stdout.fileno(), 4096):
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            text = (text + piece)[-1000:]
    return pytest.returncode, text.decode(errors="replace").strip().rpartition("\n")[2]


def main() -> int:
    """Run both parts, even if the first one fails, and sum up."""
    ends = {name: run(words) for name, words in PARTS.items()}
    failed = [name for name, (code, _) in ends.items() if code]
    print()
    for name, (_, last_line) in ends.items():
        print(f"{name + ':':15}{last_line}")
    print(f"make test: {'FAILED ' + ' and '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
