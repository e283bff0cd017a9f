"""Is a smaller cache also a faster one?  One more token after texts of many lengths, in three ways.

The one idea: what counts is the time of the processor, on one thread.  So it hardly matters what
else a machine does meanwhile.  `python -m swa_viz.timing.decoding` times all ways anew.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles

import torch

from swa_viz.models import LanguageModel, load_model
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.timing.report import machine

FILE = Path(__file__).with_suffix(".json")
MODEL, WINDOW = "tiny-swa", 32
LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096, 8192)
LONGEST_ANEW = 1024  # without a cache all tokens are read for each new one
ROUNDS = 30
DIGITS = 3


def cached(
    model: LanguageModel, schedule: Sequence[Pattern], n_tokens: int
) -> tuple[Callable[[], object], int]:
    """What reads one more token after a text, always the same one; and the bytes of the cache.

    The cache is filled with random numbers: how long a token takes does not depend on them.
    """
    cache, config = model.new_cache(schedule), model.config
    random = torch.Generator().manual_seed(0)
    key, value = torch.randn(2, config.n_kv_heads, n_tokens, config.head_dim, generator=random)
    for layer in cache.layers:
        layer.write(key, value, torch.arange(n_tokens))
    held = [(layer.key, layer.value, layer.positions) for layer in cache.layers]

    def read() -> None:
        cache.length = n_tokens
        for layer, before in zip(cache.layers, held, strict=True):
            layer.key, layer.value, layer.positions = before
        model.extend([1], cache)

    return read, cache.n_bytes


def ways_after(
    model: LanguageModel, n_tokens: int, window: int
) -> dict[str, tuple[Callable[[], object], int]]:
    """What one more token takes in each way: a call that reads it, and the bytes of the cache."""
    windows, full = ([pattern] * model.n_layers for pattern in (SlidingWindow(window), Causal()))
    ways = {"window": cached(model, windows, n_tokens), "full": cached(model, full, n_tokens)}
    if n_tokens <= LONGEST_ANEW:
        text = [token % model.config.vocab_size for token in range(n_tokens + 1)]
        ways["anew"] = (lambda: model.logits(text, windows)), 0
    return ways


def decode_after(
    model: LanguageModel,
    n_tokens: int,
    window: int,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.thread_time,
) -> list[dict]:
    """The milliseconds of one more token in each way, which take turns.

    Each is {"way", "n_tokens", "ms", "low", "high", "n_bytes"}: the median of the rounds, and
    between `low` and `high` lies the middle half of them.
    """
    ways = ways_after(model, n_tokens, window)
    times: dict[str, list[float]] = {way: [] for way in ways}
    for call, _ in ways.values():  # a kernel may have to be prepared
        call()
    for _ in range(rounds):
        for way, (call, _) in ways.items():
            start = clock()
            call()
            times[way].append(1000 * (clock() - start))
    return [
        {"way": way, "n_tokens": n_tokens, "n_bytes": n_bytes} | spread(times[way])
        for way, (_, n_bytes) in ways.items()
    ]


def spread(times: Sequence[float]) -> dict[str, float]:
    """The quartiles of some times.

    >>> spread([3.0, 1.0, 2.0, 5.0, 4.0])
    {'low': 2.0, 'ms': 3.0, 'high': 4.0}
    """
    found = quantiles(times, n=4, method="inclusive")
    return {name: round(ms, DIGITS) for name, ms in zip(("low", "ms", "high"), found, strict=True)}


def record() -> None:
    """Time everything and write the file."""
    how = {"machine": machine(), "model": MODEL, "window": WINDOW}
    torch.set_num_threads(1)
    model = load_model(MODEL)
    points = [point for length in LENGTHS for point in decode_after(model, length, WINDOW)]
    lines = ",\n".join(json.dumps(point) for point in points)
    FILE.write_text(f'{json.dumps(how)[:-1]}, "points": [\n{lines}\n]}}\n', encoding="utf-8")


def stored_decoding() -> dict:
    """What was timed: {"machine", "model", "window", "points"}."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    record()
