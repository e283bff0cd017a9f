"""How long a reader of the free texts takes for a passage, at every window, on one thread.

    python -m training.books_times      seconds; best when little else runs

The whole reader is timed, from the tokens to the answers, with the fastest kernel for each window.
What counts is the time of the processor, so that it hardly matters what else a machine does.
The result takes the place of the former one in `stored_books.json`.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import partial

import torch

from swa_viz.experiments.books import WINDOWS, load_reader, reader_config, schedule_of
from swa_viz.experiments.stored_books import FILE
from swa_viz.kernels import choose_kernel
from swa_viz.kernels.kernel import Request
from swa_viz.timing.decoding import spread
from swa_viz.timing.report import machine
from swa_viz.timing.turns import in_turn
from swa_viz.timing.yardstick import Instruments

LENGTHS = (128, 512, 2048)
ROUNDS = 15


def kernel_of(window: int | None, seq_len: int) -> str:
    """The kernel that computes attention in that window."""
    pattern = schedule_of(window)[0]
    return choose_kernel(Request(pattern, head_dim=reader_config().head_dim), seq_len).name


@torch.inference_mode()
def milliseconds(seq_len: int, rounds: int) -> list[list[float]]:
    """The times of all rounds for each window, which take turns.

    Which tokens they are makes no difference, so they are drawn at random.
    """
    reader, random = load_reader(), torch.Generator().manual_seed(0)
    tokens = torch.randint(reader.config.vocab_size, (1, seq_len), generator=random)
    calls = [partial(reader, tokens, schedule_of(window)) for window in WINDOWS]
    return in_turn(calls, rounds, Instruments(clock=time.thread_time))


def timed(lengths: Sequence[int] = LENGTHS, rounds: int = ROUNDS) -> dict:
    """The medians and the quartiles of the rounds, for each length and window."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        found = [milliseconds(length, rounds) for length in lengths]
    finally:
        torch.set_num_threads(threads)
    spreads = [[spread(times) for times in windows] for windows in found]
    return {
        "machine": machine(),
        "threads": 1,
        "rounds": rounds,
        "lengths": list(lengths),
        "kernels": [[kernel_of(window, length) for window in WINDOWS] for length in lengths],
    } | {
        name: [[each[name] for each in windows] for windows in spreads]
        for name in ("ms", "low", "high")
    }


def main() -> None:
    """Put new times in the place of the former ones."""
    stored = json.loads(FILE.read_text("utf-8"))
    stored["times"] = timed()
    FILE.write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    main()
