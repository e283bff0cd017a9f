"""Windows against what they cost, computed once and kept as data: `python -m` this module does it.

One model was trained with full attention, the other in windows.  Both read the same held-out texts
under every schedule of a sweep, with windows of several sizes.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import torch

from swa_viz.experiments.choice import Measured, Way, reference_of, way_of
from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.perplexity import stretches
from swa_viz.experiments.points import QUALITIES, SCHEDULES, Point, points_of
from swa_viz.experiments.stored_needle import QUESTIONS
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


# The texts of each quality by their names; a hidden sentence is read at every distance.
TEXTS = {
    "text": {name: held_out_text(name) for name in HELD_OUT},
    "needle": {name: name for name in QUESTIONS},
}


def stored_points(quality: str, model: str) -> list[Point]:
    """What one of the models read."""
    size = MODELS_READ[model]
    texts = list(TEXTS[quality].values())
    windows, n_stretches = size["windows"], size["n_stretches"]
    return points_of([model], texts, windows, tuple(SCHEDULES), N_TOKENS, n_stretches, quality)


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


def stored() -> dict[str, dict[str, Measured]]:
    """What was measured: of each quality, each model."""
    qualities = json.loads(FILE.read_text("utf-8"))["qualities"]
    return {
        quality: {name: measured_from(quality, name, kept) for name, kept in models.items()}
        for quality, models in qualities.items()
    }


def measured_from(quality: str, name: str, kept: dict) -> Measured:
    """What the file says of a model, read again.

    Raises ValueError if it is of other points: then the file must be made anew.
    """
    points = stored_points(quality, name)
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


@cache
def timed_in_turns(name: str) -> dict[Way, tuple[float, ...]]:
    """How long each way to read takes a stretch: in each round one text is read in every way.

    Ways that are timed minutes apart differ by what else the machine does, not by what they cost.
    A prompt with a hidden sentence is as long as a stretch, so its times are the same.
    """
    model, points = load_model(name), stored_points("text", name)
    seconds: dict[Way, tuple[float, ...]] = {way_of(point): () for point in points}
    texts = list(dict.fromkeys(point.text for point in points))
    for text in islice(cycle(texts), MODELS_READ[name]["n_rounds"]):
        (row,) = stretches(model, [text], N_TOKENS)[:1]
        for point in points:
            if point.text == text:
                _, took = read(model, row, point.layers(model.n_layers))
                seconds[way_of(point)] += (took,)
    return seconds


def measured_here(quality: str, name: str) -> Iterator[dict]:
    """The rows of a model.  What was measured before on this machine is not measured again."""
    points, done = stored_points(quality, name), {}
    for point, result in sweep(points, cache_folder() / "sweeps"):
        done[point] = result
        sys.stderr.write(f"{quality}, {name}: {len(done)} of {len(points)}\n")
    names = {text: name for name, text in TEXTS[quality].items()}
    for point in points:
        result = replace(done[point], seconds=timed_in_turns(name)[way_of(point)])
        yield row_of(point, result, names)


def model_text(quality: str, name: str) -> str:
    """What the file says of a model: a line for each point."""
    rows = ",\n".join(map(json.dumps, measured_here(quality, name)))
    reference = json.dumps(reference_of(load_model(name).native_schedule))
    return f'"{name}": {{"reference": {reference}, "rows": [\n{rows}\n]}}'


def main() -> None:
    """Measure, and write all of it."""
    qualities = []
    for quality in QUALITIES:
        models = ",\n".join(model_text(quality, name) for name in MODELS_READ)
        qualities.append(f'"{quality}": {{\n{models}\n}}')
    how = json.dumps({"tokens": N_TOKENS, "torch": torch.__version__})
    body = ",\n".join(qualities)
    FILE.write_text(f'{{"how": {how},\n"qualities": {{\n{body}\n}}}}\n', "utf-8")


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    main()
