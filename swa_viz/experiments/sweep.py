"""Which window is good enough, and what does it cost?  A sweep over models, texts and schedules.

Each point of a sweep is one model that reads one text under one schedule.  Its result is a small
file named by what went into it, so a sweep that was killed goes on where it was, and one that is
asked again costs nothing.  joblib runs the points: here, or on a Ray or Dask cluster.
"""

import hashlib
import json
import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

from joblib import Parallel, delayed, parallel_config

from swa_viz.cost import kv_cache_bytes, score_pairs
from swa_viz.experiments.needle import answer_probabilities
from swa_viz.experiments.perplexity import stretch_bits, stretches, written_bytes
from swa_viz.experiments.points import Point
from swa_viz.experiments.spread import half_width, per_byte
from swa_viz.experiments.stored_needle import QUESTIONS, Question, hidden_at
from swa_viz.models import LanguageModel, load_model, offered_models
from swa_viz.patterns import Pattern
from swa_viz.shapes import Int, Tensor

# How far a hidden sentence lies before the end of its prompt, as shares of the prompt.
FAR = (1 / 2, 7 / 8, 1 / 4)
# What stretches cost in bits, how many bytes they write, and the seconds of each.
Readings = tuple[tuple[float, ...], tuple[int, ...], tuple[float, ...]]
VERSION = 3  # of what a result means: another one makes old results useless


@dataclass(frozen=True)
class Result:
    """What was measured at a point, stretch by stretch, and what it costs.

    `bits` is what a stretch cost, `n_bytes` how many bytes it writes, and `seconds` how long the
    model took to read it alone.  Where a hidden sentence is asked for, a stretch is the prompts
    with one distance, `bits` is what the right answer cost, and `n_bytes` is 1: an answer.
    `n_pairs` and `kv_bytes` are those of one stretch, in all layers, with numbers of 4 bytes.
    """

    bits: tuple[float, ...]
    n_bytes: tuple[int, ...]
    seconds: tuple[float, ...]
    n_pairs: int
    kv_bytes: int

    @property
    def bits_per_byte(self) -> float:
        """The bits of all stretches, divided by the bytes that they write; or bits per answer."""
        return per_byte(self.bits, self.n_bytes)

    @property
    def interval(self) -> float | None:
        """Its 95 % confidence interval, to both sides; None where there is only one stretch."""
        return half_width(self.bits, self.n_bytes)

    @property
    def least_seconds(self) -> float:
        """How long the quickest stretch took: what other programs took meanwhile adds to a time."""
        return min(self.seconds)


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


def measure(point: Point, model: LanguageModel) -> Result:
    """Read and count.

    Raises ValueError for a text that is too short for one stretch, and what is no hidden sentence.
    """
    layers, config = point.layers(model.n_layers), model.config
    bits, n_bytes, seconds = MEASURED[point.quality](point, model, layers)
    return Result(
        bits=bits,
        n_bytes=n_bytes,
        seconds=seconds,
        n_pairs=score_pairs(layers, point.n_tokens),
        kv_bytes=kv_cache_bytes(
            layers,
            point.n_tokens,
            n_kv_heads=config.n_kv_heads,
            head_dim=config.head_dim,
            bytes_per_element=4,
        ),
    )


def read_stretches(point: Point, model: LanguageModel, layers: Sequence[Pattern]) -> Readings:
    """What each stretch of a text costs, in bits, its bytes, and how long it took."""
    rows = stretches(model, [point.text], point.n_tokens)[: point.n_stretches]
    if not len(rows):
        raise ValueError(f"the text has fewer than {point.n_tokens + 1} tokens: shorten stretches")
    bits, seconds = zip(*(read(model, row, layers) for row in rows), strict=True)
    return bits, tuple(written_bytes(model, rows).sum(dim=1).tolist()), seconds


def read_prompts(point: Point, model: LanguageModel, layers: Sequence[Pattern]) -> Readings:
    """What the right answer costs at each distance; each of its answers is right in turn."""
    if point.text not in QUESTIONS:
        raise ValueError(f"no sentence {point.text!r} is hidden; known are {', '.join(QUESTIONS)}")
    distances = [round(share * point.n_tokens) for share in FAR[: point.n_stretches]]
    asked = model, QUESTIONS[point.text], point.n_tokens
    found = [answer_bits(*asked, far, layers) for far in distances]
    bits, seconds = zip(*found, strict=True)
    return bits, (1,) * len(bits), seconds


def answer_bits(
    model: LanguageModel,
    question: Question,
    n_tokens: int,
    far: int,
    layers: Sequence[Pattern],
) -> tuple[float, float]:
    """The bits of the right answer among all answers, and the seconds of a prompt."""
    begun, bits = time.perf_counter(), []
    for right in question.answers:
        prompt = hidden_at(model, question, right, n_tokens, far).token_ids
        found = answer_probabilities(model, prompt, question.answers, layers)
        bits.append(math.log2(sum(found.values()) / found[right]))
    return fmean(bits), (time.perf_counter() - begun) / len(bits)


MEASURED: dict[str, Callable[[Point, LanguageModel, Sequence[Pattern]], Readings]] = {
    "text": read_stretches,
    "needle": read_prompts,
}


def read(
    model: LanguageModel, row: Int[Tensor, " length"], layers: Sequence[Pattern]
) -> tuple[float, float]:
    """What a stretch costs, in bits, and how many seconds it took."""
    begun = time.perf_counter()
    bits = stretch_bits(model, row[None], layers).double().sum().item()
    return bits, time.perf_counter() - begun


def result_from(kept: dict) -> Result:
    """A result that was kept as plain data.  Raises TypeError for anything else."""
    if not isinstance(kept, dict):
        raise TypeError(f"a result is an object, not {kept!r}")
    return Result(**{n: tuple(v) if isinstance(v, list) else v for n, v in kept.items()})


def known_result(point: Point, folder: Path) -> Result | None:
    """The result that lies in the folder; None if there is none, or only a damaged one."""
    file = folder / f"{key_of(point)}.json"
    try:
        return result_from(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def measure_and_keep(point: Point, model: LanguageModel, folder: Path) -> Result:
    """Measure a point, and keep its result: written whole or not at all."""
    result, file = measure(point, model), folder / f"{key_of(point)}.json"
    part = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
    part.write_text(json.dumps(asdict(result)), "utf-8")
    part.replace(file)
    return result


def result_at(place: int, point: Point, folder: Path) -> tuple[int, Result]:
    """The result of a point, measured in this process unless it is known by now."""
    found = known_result(point, folder)
    return place, found or measure_and_keep(point, loaded(point.model), folder)


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
            [delayed(result_at)(place, points[place], folder) for place in unknown],
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
