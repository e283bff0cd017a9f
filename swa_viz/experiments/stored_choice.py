"""Windows against what they cost, computed once and kept as data: `python -m` this module does it.

One model was trained with full attention, the other in windows.  Both read the same held-out texts
under every schedule of a sweep, with windows of several sizes.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from itertools import cycle, islice
from pathlib import Path

import torch

from swa_viz.experiments.choice import Measured, reference_of
from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.perplexity import stretches
from swa_viz.experiments.points import SCHEDULES, Point, points_of
from swa_viz.experiments.sweep import Result, read, result_from, sweep
from swa_viz.models import load_model
from swa_viz.models.table import cache_folder

FILE = Path(__file__).with_suffix(".json")
N_TOKENS = 256
# How many windows, of each held-out text how many stretches, and how often to take the time: what a
# model can read in some minutes.
MODELS_READ = {
    "tiny-swa": {"windows": (4, 8, 16, 32, 64, 128), "n_stretches": 8, "n_rounds": 16},
    "smollm2-135m": {"windows": (8, 16, 32, 64, 128), "n_stretches": 8, "n_rounds": 4},
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


def timed_in_turns(name: str, points: list[Point]) -> dict[Point, tuple[float, ...]]:
    """How long each point's first stretch takes: in each round one text is read in every way.

    Ways that are timed minutes apart differ by what else the machine does, not by what they cost.
    """
    model, seconds = load_model(name), {point: () for point in points}
    texts = list(dict.fromkeys(point.text for point in points))
    for text in islice(cycle(texts), MODELS_READ[name]["n_rounds"]):
        (row,) = stretches(model, [text], N_TOKENS)[:1]
        for point in points:
            if point.text == text:
                _, took = read(model, row, point.layers(model.n_layers))
                seconds[point] += (took,)
    return seconds


def measured_here(name: str) -> Iterator[dict]:
    """The rows of a model.  What was measured before on this machine is not measured again."""
    points, done = stored_points(name), {}
    for point, result in sweep(points, cache_folder() / "sweeps"):
        done[point] = result
        sys.stderr.write(f"{name}: {len(done)} of {len(points)}\n")
    seconds = timed_in_turns(name, points)
    names = {held_out_text(text): text for text in HELD_OUT}
    for point in points:
        yield row_of(point, replace(done[point], seconds=seconds[point]), names)


def main() -> None:
    """Measure, and write all of it."""
    models = []
    for name in MODELS_READ:
        rows = ",\n".join(map(json.dumps, measured_here(name)))
        reference = json.dumps(reference_of(load_model(name).native_schedule))
        models.append(f'"{name}": {{"reference": {reference}, "rows": [\n{rows}\n]}}')
    how = json.dumps({"tokens": N_TOKENS, "torch": torch.__version__})
    body = ",\n".join(models)
    FILE.write_text(f'{{"how": {how},\n"models": {{\n{body}\n}}}}\n', "utf-8")


if __name__ == "__main__":
    main()
