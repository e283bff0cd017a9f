"""Windows against what they cost, computed once and kept as data: `python -m` this module does it.

One model was trained with full attention, the other in windows.  Both read the same held-out texts
under every schedule of a sweep, with windows of several sizes.
"""

import json
import sys
from dataclasses import asdict, fields
from pathlib import Path

import torch

from swa_viz.experiments.choice import Measured, reference_of
from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.points import SCHEDULES, Point, points_of
from swa_viz.experiments.sweep import Result, result_from, sweep
from swa_viz.models import load_model
from swa_viz.models.table import cache_folder

FILE = Path(__file__).with_suffix(".json")
N_TOKENS = 256
# How many windows, and of each held-out text how many stretches, a model can read in some minutes.
MODELS_READ = {
    "tiny-swa": {"windows": (4, 8, 16, 32, 64, 128), "n_stretches": 8},
    "smollm2-135m": {"windows": (8, 16, 32, 64, 128), "n_stretches": 3},
}
DIGITS = 6
KEPT = [field.name for field in fields(Result)]
OTHER_POINTS = f"{FILE.name} is of other points: python -m {__name__} makes it anew"


def stored_points(model: str) -> list[Point]:
    """What one of the models read."""
    size = MODELS_READ[model]
    texts = [held_out_text(name) for name in HELD_OUT]
    windows, n_stretches = size["windows"], size["n_stretches"]
    return points_of([model], texts, windows, tuple(SCHEDULES), N_TOKENS, n_stretches)


def rounded(number: float) -> float:
    """The number with as many digits as a page could ever show."""
    return float(f"{number:.{DIGITS}g}")


def row_of(point: Point, result: Result, names: dict[str, str]) -> dict:
    """A point with its result as plain data; the text by its name."""
    kept = asdict(result)
    for name in ("bits", "seconds"):
        kept[name] = [rounded(number) for number in kept[name]]
    where = {"schedule": point.schedule, "window_size": point.window_size}
    return {"text": names[point.text], **where, **kept}


def stored() -> dict[str, Measured]:
    """What was measured, by the names of the models."""
    models = json.loads(FILE.read_text("utf-8"))["models"]
    return {name: measured_from(name, kept) for name, kept in models.items()}


def measured_from(name: str, kept: dict) -> Measured:
    """What the file says of a model, read again.

    Raises ValueError if it is of other points: then the file must be made anew.
    """
    points = stored_points(name)
    results = dict(map(point_and_result, points, kept["rows"]))
    if len(results) != len(kept["rows"]) or len(results) != len(points):
        raise ValueError(OTHER_POINTS)
    return Measured(results, tuple(kept["reference"]))


def point_and_result(point: Point, row: dict) -> tuple[Point, Result]:
    """A row of the file for its point."""
    _, schedule, window_size, *_ = row.values()
    if (point.schedule, point.window_size) != (schedule, window_size):
        raise ValueError(OTHER_POINTS)
    return point, result_from({name: row[name] for name in KEPT})


def main() -> None:
    """Measure what was not measured yet on this machine, and write all of it."""
    names = {held_out_text(name): name for name in HELD_OUT}
    models = []
    for name in MODELS_READ:
        points, done = stored_points(name), {}
        for point, result in sweep(points, cache_folder() / "sweeps"):
            done[point] = result
            sys.stderr.write(f"{name}: {len(done)} of {len(points)}\n")
        rows = ",\n".join(json.dumps(row_of(point, done[point], names)) for point in points)
        reference = json.dumps(reference_of(load_model(name).native_schedule))
        models.append(f'"{name}": {{"reference": {reference}, "rows": [\n{rows}\n]}}')
    how = json.dumps({"tokens": N_TOKENS, "torch": torch.__version__})
    body = ",\n".join(models)
    FILE.write_text(f'{{"how": {how},\n"models": {{\n{body}\n}}}}\n', "utf-8")


if __name__ == "__main__":
    main()
