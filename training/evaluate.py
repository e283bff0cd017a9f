"""Measure a model: how many bits it needs for each byte of text that it never saw.

    python -m training.evaluate --texts build/texts --out build/run/measured.json

Measured on the weights as they are bundled, in float32, under three conditions: in windows, as long
as the training texts were; in windows over a longer stretch, because a windowed model may read on
for ever and its first tokens, which know little, then weigh less; and, for information, with full
attention.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from swa_viz.experiments import bits_per_byte, stretches
from swa_viz.models import LanguageModel, load_model
from swa_viz.patterns import Causal, Pattern

LONG_STRETCH = 2048
TEXTS = ("speeches", "moby_dick", "bible", "jargon", "wordnet")
IN_MEAN = TEXTS[:4]


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
