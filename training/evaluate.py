"""Measure a model: how many bits it needs for each byte of text that it never saw.

    python -m training.evaluate --texts build/texts --out build/run/measured.json

Measured on the weights as they are bundled, in float32, under three conditions: in windows, as long
as the training texts were; in windows over a longer stretch, because a windowed model may read on
for ever and its first tokens, which know little, then weigh less; and, for information, with full
attention.
"""

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F

from swa_viz.models import LanguageModel, load_model
from swa_viz.patterns import Causal, Pattern
from swa_viz.shapes import Int, Tensor

LONG_STRETCH = 2048
TOKENS_AT_ONCE = 4096
TEXTS = ("speeches", "moby_dick", "bible", "jargon", "wordnet")
IN_MEAN = TEXTS[:4]


def stretches(
    model: LanguageModel, pieces: list[str], n_predicted: int
) -> Int[Tensor, "n_stretches length"]:
    """All pieces in a row, a blank line between them, cut into stretches of equal length.

    Each has one token more than that, because the first one is read but not predicted.
    """
    token_ids = [token for piece in pieces for token in model.tokenizer.encode(piece + "\n\n")]
    length = n_predicted + 1
    n_stretches = len(token_ids) // length
    return torch.tensor(token_ids[: n_stretches * length]).view(n_stretches, length)


@torch.inference_mode()
def bits_per_byte(
    model: LanguageModel,
    rows: Int[Tensor, "n_stretches length"],
    layer_schedule: Sequence[Pattern],
) -> float:
    """The cross-entropy of the predicted tokens in bits, divided by the bytes that they write."""
    nats = 0.0
    for batch in rows.to(model.device).split(max(1, TOKENS_AT_ONCE // rows.shape[1])):
        logits = model.transformer(batch[:, :-1], layer_schedule)
        nats += F.cross_entropy(
            logits.flatten(0, 1), batch[:, 1:].flatten(), reduction="sum"
        ).item()
    predicted = rows[:, 1:].flatten().tolist()
    return nats / math.log(2) / sum(len(model.tokenizer.token_bytes(token)) for token in predicted)


def conditions(model: LanguageModel) -> dict[str, tuple[Sequence[Pattern], int]]:
    """What is measured: the layer schedule, and how many tokens are predicted at a stretch."""
    trained_len, windows = model.config.trained_len, model.native_schedule
    return {
        "windows": (windows, trained_len),
        "windows, long": (windows, LONG_STRETCH),
        "full attention": ((Causal(),) * model.n_layers, trained_len),
    }


def measure(model: LanguageModel, texts: Path) -> dict[str, dict[str, float]]:
    """Held-out bits per byte of every text under every condition, and the mean of the four."""
    pieces = {name: json.loads((texts / f"{name}.json").read_text())["held_out"] for name in TEXTS}
    measured: dict[str, dict[str, float]] = {}
    for condition, (schedule, n_predicted) in conditions(model).items():
        row = {}
        for name in TEXTS:
            rows = stretches(model, pieces[name], n_predicted)
            row[name] = round(bits_per_byte(model, rows, schedule), 4)
            print(f"{condition}, {name}: {row[name]} bits per byte", flush=True)
        row["mean of four"] = round(sum(row[name] for name in IN_MEAN) / len(IN_MEAN), 4)
        measured[condition] = row
    return measured


def main() -> None:
    """Measure a model of the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="tiny-swa")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    measured = measure(load_model(arguments.model), arguments.texts)
    arguments.out.write_text(json.dumps(measured, indent=2) + "\n")
    print(f"mean of four in windows: {measured['windows']['mean of four']} bits per byte")


if __name__ == "__main__":
    main()
