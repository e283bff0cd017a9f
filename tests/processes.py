"""How a test ends a process that it has started."""

import subprocess

PATIENCE_S = 10


def end(child: subprocess.Popen) -> None:
    """Ask it to end, and end it where it does not."""
    child.terminate()
    try:
        child.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
