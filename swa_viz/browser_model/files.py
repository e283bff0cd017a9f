"""The files that let models run in the visitor's browser, under `web/static/live/`.

    python -m swa_viz.browser_model.files        builds them; it needs `npm ci --ignore-scripts`

A file is named by a hash of what is in it, so a browser may keep it for ever and no host needs a
rule for it.  All but the worker are packed with gzip and unpacked by the worker: so they arrive
small from any host.  What models share is one file, because its content is the same: the runtime,
the vocabulary, the graphs of models of one size.  `manifest.json` says which files each model has.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from swa_viz.browser_model.modules import PACKAGE, pattern_modules

LIVE = PACKAGE / "web" / "static" / "live"
# Node looks for packages in the folders above the worker: those beside our own package.
MODULES = PACKAGE.with_name("node_modules")
WORKER = PACKAGE / "answers" / "worker.js"
RUNTIME = MODULES / "onnxruntime-web" / "dist" / "ort-wasm-simd-threaded.wasm"
WEIGHTS = PACKAGE / "models" / "weights"
VOCABULARY = WEIGHTS / "tiny-swa" / "tokenizer.json"  # of every model that came with the lab
# The small models of `experiments/fixes.py`: a page has them all together, under this name.
SMALL_MODELS = "fixes"
FIXES = PACKAGE / "experiments" / "weights" / "fixes"
PACKED = ("wasm", "weights", "forward", "influence", "step", "tokenizer")
NAMES = ("worker", *PACKED)
# The others when a page first needs them.
AT_FIRST = ("worker", "wasm", "weights", "forward", "influence", "tokenizer")
SMALL_AT_FIRST = ("worker", "wasm", "table")
HASH_DIGITS = 16
# The worker is handed its WebAssembly as bytes and looks for nothing beside itself, so it runs from
# any address, a blob's too.  The runtime still wants some address to start from: this one.
NOWHERE = "worker:/"


def sources(folder: Path) -> dict[str, Path]:
    """What is packed for the model that lies in a folder, in the order of `PACKED`."""
    graphs = (f"{name}.onnx" for name in ("forward", "influence", "step"))
    own = (folder / name for name in ("model.safetensors", *graphs))
    return dict(zip(PACKED, (RUNTIME, *own, VOCABULARY), strict=True))


def small_sources() -> dict[str, Path]:
    """What is packed for the small models: the runtime, their table, and two files for each.

    Models with the same blocks share a graph.
    """
    found = {"wasm": RUNTIME, "table": FIXES / "table.json"}
    for weights in sorted(FIXES.glob("*.safetensors")):
        own = weights.with_suffix(".onnx")
        found[f"{weights.stem}.weights"] = weights
        found[f"{weights.stem}.graph"] = own if own.is_file() else FIXES / "plain.onnx"
    return found


def needed_at_first(model: str) -> tuple[str, ...]:
    """The names of the files that a page needs before it asks anything."""
    return SMALL_AT_FIRST if model == SMALL_MODELS else AT_FIRST


# Every model that came with the lab and has graphs for the browser: found by its files, because
# these are built where there is no torch.
SOURCES = {graph.parent.name: sources(graph.parent) for graph in WEIGHTS.glob("*/forward.onnx")}
SOURCES[SMALL_MODELS] = small_sources()


def manifest() -> dict | None:
    """Which files belong to which model, or None if they were not built here, or not all of them.

    `{"worker": "worker.<hash>.js", "models": {"tiny-swa": {"wasm": "...wasm.gz", "weights",
    "forward", "influence", "step", "tokenizer"}, ...}, "sizes": {"worker.<hash>.js": {"download":
    bytes, "unpacked": bytes}, ...}}`; the sizes name every file.
    """
    try:
        found = json.loads((LIVE / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if "models" not in found:
        return None
    return found if all((LIVE / name).is_file() for name in found["sizes"]) else None


def files_of(model: str) -> dict | None:
    """What a page is told of the files of its model, or None if there are none of it here.

    `{"model": "tiny-swa", "worker": "worker.<hash>.js", "wasm", "weights", "forward", "influence",
    "step", "tokenizer", "sizes": {"wasm": {"download": bytes, "unpacked": bytes}, ...}, "kept",
    "at_first"}`: `kept` are the files of all models, which a browser that has them need not forget.
    "fixes" stands for all small models: its files are "wasm", "table", and "NAME.weights" and
    "NAME.graph" for each of them.
    """
    found = manifest()
    if found is None or model not in found["models"]:
        return None
    named = {"worker": found["worker"], **found["models"][model]}
    sizes = {name: found["sizes"][file] for name, file in named.items()}
    first = {"kept": list(found["sizes"]), "at_first": list(needed_at_first(model))}
    return {"model": model, **named, "sizes": sizes, **first}


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
    paths = sorted({path for files in SOURCES.values() for path in files.values()})
    placed = {WORKER: place(WORKER.name, bundled_worker(), packed=False)}
    placed |= {path: place(path.name, path.read_bytes(), packed=True) for path in paths}
    made = {
        "worker": placed[WORKER][0],
        "models": {
            model: {name: placed[path][0] for name, path in files.items()}
            for model, files in sorted(SOURCES.items())
        },
        "sizes": dict(placed.values()),
    }
    write_whole(LIVE / "manifest.json", json.dumps(made, indent=2).encode())
    for path in LIVE.iterdir():
        if path.name not in {"manifest.json", *made["sizes"]}:
            path.unlink()
    return made


def main() -> None:
    """Build, and say what a first visit to each model downloads."""
    try:
        made = build()
    except (OSError, RuntimeError) as error:
        sys.exit(f"The model cannot be prepared for the browser.  {error}")
    for model, files in made["models"].items():
        named = {"worker": made["worker"], **files}
        total = sum(made["sizes"][named[name]]["download"] for name in needed_at_first(model))
        print(f"static/live: {model}: a first visit downloads {total / 1e6:.1f} MB")


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    main()
