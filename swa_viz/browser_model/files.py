"""The files that let the model run in the visitor's browser, under `web/static/live/`.

    python -m swa_viz.browser_model.files        builds them; it needs `npm ci --ignore-scripts`

A file is named by a hash of what is in it, so a browser may keep it for ever and no host needs a
rule for it.  All but the worker are packed with gzip and unpacked by the worker: so they arrive
small from any host.  `manifest.json` says which files belong together.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from swa_viz.browser_model.modules import PACKAGE, pattern_modules

LIVE = PACKAGE / "web" / "static" / "live"
# Node looks for packages in the folders above the worker: those beside our own package.
MODULES = PACKAGE.with_name("node_modules")
WORKER = PACKAGE / "answers" / "worker.js"
MODEL = "tiny-swa"
WEIGHTS = PACKAGE / "models" / "weights" / MODEL
PACKED = {
    "wasm": MODULES / "onnxruntime-web" / "dist" / "ort-wasm-simd-threaded.wasm",
    "weights": WEIGHTS / "model.safetensors",
    "forward": WEIGHTS / "forward.onnx",
    "influence": WEIGHTS / "influence.onnx",
    "tokenizer": WEIGHTS / "tokenizer.json",
}
NAMES = ("worker", *PACKED)
HASH_DIGITS = 16
# The worker is handed its WebAssembly as bytes and looks for nothing beside itself, so it runs from
# any address, a blob's too.  The runtime still wants some address to start from: this one.
NOWHERE = "worker:/"


def manifest() -> dict | None:
    """Which files belong together, or None if they were not built here, or not all of them.

    `{"model": "tiny-swa", "worker": "worker.<hash>.js", "wasm": "...wasm.gz", "weights", "forward",
    "influence", "tokenizer", "sizes": {"wasm": {"download": bytes, "unpacked": bytes}, ...}}`
    """
    try:
        found = json.loads((LIVE / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    complete = all(name in found and (LIVE / found[name]).is_file() for name in NAMES)
    return found if complete and "model" in found else None


def hashed_name(name: str, content: bytes) -> str:
    """The name of a file with a hash of its content.

    >>> hashed_name("model.safetensors", b"weights")
    'model.9a129038d9a00aed.safetensors'
    """
    stem, suffix = name.rsplit(".", 1)
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_DIGITS]}.{suffix}"


def bundled_worker() -> bytes:
    """The worker and all that it imports, as one script: a folder's pages may start no modules.

    Raises RuntimeError with what esbuild has to say if it cannot.
    """
    parts = [*pattern_modules(), WORKER.relative_to(PACKAGE).as_posix()]
    entry = "".join(f'import "./{part}";\n' for part in parts)
    command = [MODULES / ".bin" / "esbuild", "--bundle", "--format=iife", "--minify"]
    command += ["--target=es2022", "--charset=utf8", "--legal-comments=eof", "--log-level=warning"]
    command += [f"--define:import.meta.url={json.dumps(NOWHERE)}"]
    result = subprocess.run(command, cwd=PACKAGE, input=entry.encode(), capture_output=True)
    if result.returncode != 0:
        raise RuntimeError(f"esbuild: {result.stderr.decode()}")
    return result.stdout


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def place(name: str, content: bytes, packed: bool) -> tuple[str, dict[str, int]]:
    """Write a file unless it is there already; its name and its sizes."""
    target = LIVE / (hashed_name(name, content) + (".gz" if packed else ""))
    if not target.exists():
        write_whole(target, gzip.compress(content, mtime=0) if packed else content)
    return target.name, {"download": target.stat().st_size, "unpacked": len(content)}


def build() -> dict:
    """Bring `static/live/` up to date, and delete what is out of date; the manifest."""
    LIVE.mkdir(parents=True, exist_ok=True)
    placed = {"worker": place(WORKER.name, bundled_worker(), packed=False)}
    placed |= {name: place(path.name, path.read_bytes(), True) for name, path in PACKED.items()}
    made: dict = {"model": MODEL} | {name: file for name, (file, _) in placed.items()}
    made["sizes"] = {name: sizes for name, (_, sizes) in placed.items()}
    write_whole(LIVE / "manifest.json", json.dumps(made, indent=2).encode())
    kept = {"manifest.json", *(made[name] for name in NAMES)}
    for path in LIVE.iterdir():
        if path.name not in kept:
            path.unlink()
    return made


def main() -> None:
    """Build, and say what a first visit downloads."""
    try:
        made = build()
    except (OSError, RuntimeError) as error:
        sys.exit(f"The model cannot be prepared for the browser.  {error}")
    total = sum(sizes["download"] for sizes in made["sizes"].values())
    print(f"static/live: a first visit downloads {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
