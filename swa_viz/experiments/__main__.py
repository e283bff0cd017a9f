"""Sweeps from the command line.

    python -m swa_viz.experiments sweep --models tiny-swa --windows 8 32 128 --out sweep.csv

Without `--texts` the held-out texts that came with the lab are read.  The same command goes on
where it was stopped, and spreads over a cluster with `--cluster ray` or `--cluster dask`.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from swa_viz.experiments.choice import COSTS, choose, options_of, reference_of, way_of
from swa_viz.experiments.choice_words import sentences
from swa_viz.experiments.held_out import HELD_OUT, held_out_text
from swa_viz.experiments.points import FULL, QUALITIES, SCHEDULES, Point, points_of, read_row
from swa_viz.experiments.stored_needle import QUESTIONS
from swa_viz.experiments.sweep import Result, sweep
from swa_viz.models import load_model
from swa_viz.models.table import cache_folder

MEASURED = ("bits_per_byte", "interval", "n_pairs", "kv_bytes", "least_seconds")
COLUMNS = ("model", "text", "schedule", "window_size", "n_tokens", "n_stretches", *MEASURED)


@contextmanager
def cluster(name: str) -> Iterator[str]:
    """Connect joblib with a cluster for a while; gives the name of its backend.

    RAY_ADDRESS or DASK_SCHEDULER_ADDRESS names a cluster that runs; without it one is started on
    this machine.

    Raises ImportError if its package is not installed.
    """
    if name == "ray":
        from ray.util.joblib import register_ray

        register_ray()
        yield "ray"
    elif name == "dask":
        from distributed import Client

        with Client():
            yield "dask"
    else:
        yield "loky"


def read_texts(files: list[Path]) -> dict[str, str]:
    """The texts by their names; without files the held-out ones."""
    if not files:
        return {name: held_out_text(name) for name in HELD_OUT}
    return {str(file): file.read_text("utf-8") for file in files}


def row_of(point: Point, names: dict[str, str], result: Result) -> dict:
    """A line of the table: the text by its name."""
    measured = {name: getattr(result, name) for name in MEASURED}
    read = {"text": names[point.text], "n_stretches": len(result.bits)}
    return asdict(point) | read | measured


def advice(
    model: str, results: dict[Point, Result], cost: str, tolerance: float, quality: str
) -> list[str]:
    """What to take, in sentences.

    A model that was trained in windows is compared with its own window if that was swept, and with
    full attention otherwise.
    """
    own = reference_of(load_model(model).native_schedule)
    reference = own if own in map(way_of, results) else (FULL, None)
    options = options_of(results, reference)
    choice = choose(options, reference, cost, tolerance)
    return sentences(choice, options, reference, cost, tolerance, QUALITIES[quality])


def at_least_zero(words: str) -> float:
    """A tolerance that somebody typed.

    Raises argparse.ArgumentTypeError for what is no number, or one below 0.
    """
    with suppress(ValueError):
        if (number := float(words)) >= 0:
            return number
    raise argparse.ArgumentTypeError(f"a tolerance is a number from 0 on, and not {words!r}")


def typed_row(words: str) -> str:
    """A schedule of one's own that somebody typed.

    Raises argparse.ArgumentTypeError for what is no schedule.
    """
    try:
        return read_row(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def check_layers(points: list[Point]) -> None:
    """Raise ValueError, before anything is measured, for a schedule of more layers than a model."""
    n_layers = {name: load_model(name).n_layers for name in {point.model for point in points}}
    for point in points:
        point.layers(n_layers[point.model])


def run(arguments: argparse.Namespace) -> None:
    """Sweep, tell every result and what to take, and write the table."""
    texts = {name: name for name in QUESTIONS}
    if arguments.quality == "text":
        texts = read_texts(arguments.texts)
    names = {text: name for name, text in texts.items()}
    points = points_of(
        arguments.models,
        list(texts.values()),
        arguments.windows,
        [*arguments.schedules, *arguments.schedule],
        arguments.tokens,
        arguments.stretches,
        arguments.quality,
    )
    if arguments.schedule:
        check_layers(points)
    if arguments.out:  # a table that cannot be written is said now, and not after hours
        arguments.out.open("a").close()
    unit = QUALITIES[arguments.quality].unit
    done = {}
    with cluster(arguments.cluster) as backend:
        for point, result in sweep(points, arguments.folder, arguments.jobs, backend):
            done[point] = result
            window = "" if point.window_size is None else f" W = {point.window_size}"
            spread = "" if result.interval is None else f" ± {result.interval:.3f}"
            print(
                f"[{len(done)} of {len(points)}] {point.model}, {names[point.text]}, "
                f"{point.schedule}{window}: {result.bits_per_byte:.3f}{spread} {unit}",
                flush=True,
            )
    if arguments.out:
        with arguments.out.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(row_of(point, names, done[point]) for point in points)
    for model in dict.fromkeys(arguments.models):
        found = {point: done[point] for point in points if point.model == model}
        said = advice(model, found, arguments.cost, arguments.tolerance, arguments.quality)
        print(f"\n{model}:", *said, sep="\n  ")


def read_arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("sweep", help="bits per byte against W, and what it costs")
    command.add_argument("--models", nargs="+", default=["tiny-swa"])
    command.add_argument("--texts", nargs="*", type=Path, default=[])
    command.add_argument("--windows", nargs="+", type=int, default=[8, 32, 128])
    command.add_argument("--schedules", nargs="+", choices=list(SCHEDULES), default=["windows"])
    command.add_argument(
        "--schedule",
        nargs="+",
        default=[],
        type=typed_row,
        metavar="LLLLLG",
        help="schedules of your own, repeated over the layers: L a window, G full, L8 its own W",
    )
    command.add_argument(
        "--quality",
        choices=list(QUALITIES),
        default="text",
        help="text: bits per byte of each text; needle: bits for the answer to a hidden sentence",
    )
    command.add_argument("--tokens", type=int, default=512, help="predicted tokens a stretch")
    command.add_argument("--stretches", type=int, default=8, help="stretches of each text, at most")
    command.add_argument("--cost", choices=list(COSTS), default="pairs", help="what is to be low")
    command.add_argument("--tolerance", type=at_least_zero, default=0.02, help="bits per byte")
    command.add_argument("--jobs", type=int, default=1)
    command.add_argument("--cluster", choices=["here", "ray", "dask"], default="here")
    command.add_argument("--folder", type=Path, default=cache_folder() / "sweeps")
    command.add_argument("--out", type=Path, help="a CSV file")
    return parser.parse_args(words)


def main() -> int:
    """1 for what cannot be swept; what was measured before an interrupt stays."""
    arguments = read_arguments()
    try:
        run(arguments)
    except (ValueError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.  The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
