"""Which window is good enough, and what does it cost?  A sweep over models, texts and schedules.

Each point of a sweep is one model that reads one text under one schedule.  Its result is a small
file named by what went into it, so a sweep that was killed goes on where it was, and one that is
asked again costs nothing.  joblib runs the points: here, or on a Ray or Dask cluster.
"""

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from pathlib import Path

import torch
from joblib import Parallel, delayed, parallel_config

from swa_viz.cost import kv_cache_bytes, score_pairs
from swa_viz.experiments.perplexity import stretch_bits, stretches, written_bytes
from swa_viz.models import LanguageModel, load_model, offered_models
from swa_viz.patterns import Causal, Pattern, SinkWindow, SlidingWindow, whole_number

VERSION = 1  # of what a result means: another one makes old results useless
Layers = Callable[[int, int], tuple[Pattern, ...]]


def one_full_in(n: int) -> Layers:
    """Windows, and every n-th layer full."""
    return lambda n_layers, window: tuple(
        Causal() if (layer + 1) % n == 0 else SlidingWindow(window) for layer in range(n_layers)
    )


# By name: the schedule of so many layers with a window of W.  Full attention has no window.
SCHEDULES: dict[str, Layers] = {
    "windows": lambda n_layers, window: (SlidingWindow(window),) * n_layers,
    "1 sink": lambda n_layers, window: (SinkWindow(window, 1),) * n_layers,
    "4 sinks": lambda n_layers, window: (SinkWindow(window, 4),) * n_layers,
    "1:1": one_full_in(2),
    "3:1": one_full_in(4),
    "5:1": one_full_in(6),
}
FULL = "full"


@dataclass(frozen=True)
class Point:
    """One model, one text, one schedule; `window_size` is None for full attention.

    The text is read in at most `n_stretches` stretches of `n_tokens` predicted tokens each.
    """

    model: str
    text: str
    schedule: str
    window_size: int | None
    n_tokens: int
    n_stretches: int

    def __post_init__(self):
        whole_number(self.n_tokens, "n_tokens", at_least=1)
        whole_number(self.n_stretches, "n_stretches", at_least=1)
        if self.schedule not in (*SCHEDULES, FULL):
            known = ", ".join((*SCHEDULES, FULL))
            raise ValueError(f"unknown schedule {self.schedule!r}; known are {known}")
        if (self.window_size is None) != (self.schedule == FULL):
            raise ValueError("full attention has no window, and every other schedule has one")

    def layers(self, n_layers: int) -> tuple[Pattern, ...]:
        """The pattern of each layer."""
        if self.window_size is None:
            return (Causal(),) * n_layers
        return SCHEDULES[self.schedule](n_layers, self.window_size)


@dataclass(frozen=True)
class Result:
    """What was measured at a point, and what it costs.

    `bits_per_byte` has a 95 % confidence interval of `interval` to both sides, from the spread over
    the stretches; it is None where there is only one.  `n_pairs` and `kv_bytes` are those of one
    stretch, in all layers, with numbers of 4 bytes.
    """

    bits_per_byte: float
    interval: float | None
    n_stretches: int
    n_pairs: int
    kv_bytes: int
    seconds: float


def points_of(
    models: Sequence[str],
    texts: Sequence[str],
    windows: Sequence[int],
    schedules: Sequence[str] = ("windows",),
    n_tokens: int = 512,
    n_stretches: int = 8,
) -> list[Point]:
    """Every combination, and full attention once for each model and text.

    Raises ValueError for what is no window, no schedule and no number of tokens.
    """
    for window in windows:
        whole_number(window, "a window", at_least=1)
    chosen = [(FULL, None), *product(schedules, sorted(set(windows)))]
    size = {"n_tokens": n_tokens, "n_stretches": n_stretches}
    return [
        Point(model, text, schedule, window, **size)
        for model, text in product(models, texts)
        for schedule, window in dict.fromkeys(chosen)
    ]


@cache
def loaded(name: str) -> LanguageModel:
    """The model, loaded once in each process."""
    return load_model(name)


@cache
def fingerprint(name: str) -> str:
    """What tells a model's numbers from others: the hash of its config and its weights' files.

    Raises ValueError for a model that is not here.
    """
    offered = offered_models()
    if name not in offered and not Path(name).is_dir():
        raise ValueError(f"{name!r} is no model here; known are {', '.join(offered)}")
    folder = offered[name].folder if name in offered else Path(name)
    digest = hashlib.sha256()
    for file in sorted([folder / "config.json", *folder.glob("*.safetensors")]):
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


def key_of(point: Point) -> str:
    """The name of a point's result: equal for equal content, whatever the file is called."""
    content = asdict(point) | {"model": fingerprint(point.model), "version": VERSION}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def measure(point: Point) -> Result:
    """Read the text and count.  Raises ValueError for a text that is too short for one stretch."""
    model, begun = loaded(point.model), time.perf_counter()
    rows = stretches(model, [point.text], point.n_tokens)[: point.n_stretches]
    if not len(rows):
        raise ValueError(f"the text has fewer than {point.n_tokens + 1} tokens: shorten stretches")
    layers = point.layers(model.n_layers)
    bits = stretch_bits(model, rows, layers).double().sum(dim=1)
    per_byte = bits / written_bytes(model, rows).sum(dim=1)
    n_bytes = written_bytes(model, rows).sum()
    config = model.config
    return Result(
        bits_per_byte=(bits.sum() / n_bytes).item(),
        interval=half_width(per_byte),
        n_stretches=len(rows),
        n_pairs=score_pairs(layers, point.n_tokens),
        kv_bytes=kv_cache_bytes(
            layers,
            point.n_tokens,
            n_kv_heads=config.n_kv_heads,
            head_dim=config.head_dim,
            bytes_per_number=4,
        ),
        seconds=time.perf_counter() - begun,
    )


def half_width(values: torch.Tensor) -> float | None:
    """Half of a 95 % confidence interval of the mean, by the normal distribution.

    >>> round(half_width(torch.tensor([1.0, 2.0, 3.0, 4.0])), 3)
    1.265
    """
    if len(values) < 2:
        return None
    return 1.96 * values.double().std().item() / math.sqrt(len(values))


def known_result(point: Point, folder: Path) -> Result | None:
    """The result that lies in the folder; None if there is none, or only a damaged one."""
    file = folder / f"{key_of(point)}.json"
    try:
        return Result(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def measure_and_keep(place: int, point: Point, folder: Path) -> tuple[int, Result]:
    """Measure a point unless its result is known, and keep it: written whole or not at all."""
    found = known_result(point, folder)
    if found is None:
        found = measure(point)
        file = folder / f"{key_of(point)}.json"
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(asdict(found)), "utf-8")
        part.replace(file)
    return place, found


def sweep(
    points: Iterable[Point],
    folder: Path,
    jobs: int = 1,
    backend: str = "loky",
) -> Iterator[tuple[Point, Result]]:
    """Each point with its result, as soon as it is there; those that are known come first.

    `backend` is one of joblib's: "loky" for processes here, "ray" or "dask" for a cluster that all
    see the folder.  Whoever stops asking stops the sweep; what was measured stays.

    Raises ValueError for a model that is not here and a text that is too short.
    """
    folder.mkdir(parents=True, exist_ok=True)
    points, unknown = list(points), []
    for place, point in enumerate(points):
        known = known_result(point, folder)
        if known is None:
            unknown.append(place)
        else:
            yield point, known
    with parallel_config(backend=backend, n_jobs=jobs):
        for place, result in as_they_come(
            [delayed(measure_and_keep)(place, points[place], folder) for place in unknown],
            jobs,
            backend,
        ):
            yield points[place], result


def as_they_come(calls: list, jobs: int, backend: str) -> Iterator:
    """What the calls return.  A cluster's backend returns a list, so it gets a few at a time."""
    if backend == "loky":
        yield from Parallel(return_as="generator_unordered")(calls)
        return
    for first in range(0, len(calls), 2 * jobs):
        yield from Parallel()(calls[first : first + 2 * jobs])
