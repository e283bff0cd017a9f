"""Train readers to say from which of the free texts a passage is, and measure them at all windows.

    python -m training.texts --out build/texts      once: the texts
    python -m training.books                        about eight minutes; goes on where it stopped
    python -m training.books_times                  once more how long reading takes, on its own

Three seeds.  Each batch is read in a window drawn at random, so that one reader can be asked at
every size; what it learns is to answer rightly after each token.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from joblib import Parallel, delayed

from swa_viz.experiments.books import (
    PASSAGE_LEN,
    READINGS,
    SOURCES,
    WEIGHTS,
    WINDOWS,
    BookReader,
    held_out_passages,
    load_reader,
    reader_config,
    schedule_of,
    shares_right,
)
from swa_viz.experiments.stored_books import FILE, shown_passages
from swa_viz.shapes import Int, Tensor
from training.books_data import learned_texts, write_held_out
from training.books_times import timed
from training.recipes import Recipe
from training.train import new_optimisers, rate_factor, save_halves, start_small, take_step

SEEDS = (0, 1, 2)
BATCH_SIZE, N_STEPS = 16, 1500
REPORT_EVERY = 100
BUILD = Path("build/books")
DIGITS = 4


def sample(
    texts: Sequence[Int[Tensor, " n_tokens"]], random: torch.Generator
) -> tuple[Int[Tensor, "batch passage_len"], Int[Tensor, " batch"]]:
    """Passages at random places of sources drawn at random, and the sources."""
    sources = torch.randint(len(texts), (BATCH_SIZE,), generator=random)
    passages = []
    for source in sources.tolist():
        last = len(texts[source]) - PASSAGE_LEN
        start = int(torch.randint(last + 1, (), generator=random))
        passages.append(texts[source][start : start + PASSAGE_LEN])
    return torch.stack(passages), sources


def train(
    texts: Sequence[Int[Tensor, " n_tokens"]], seed: int, n_steps: int = N_STEPS
) -> BookReader:
    """A reader after all its steps, rounded to 16 bits."""
    recipe = Recipe(reader_config(), seed, BATCH_SIZE, n_steps)
    torch.manual_seed(seed)
    reader = BookReader(recipe.config)
    start_small(reader)
    optimisers = new_optimisers(reader)
    for step in range(n_steps):
        passages, sources = sample(texts, recipe.random(step))
        drawn = torch.randint(len(WINDOWS), (), generator=recipe.random(step, stream=1))
        scores = reader(passages, schedule_of(WINDOWS[int(drawn)]))
        each_token = sources[:, None].expand(-1, PASSAGE_LEN)
        loss = F.cross_entropy(scores.flatten(0, 1), each_token.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        take_step(optimisers, rate_factor(step, n_steps))
        if step % REPORT_EVERY == 0:
            print(f"seed {seed}, step {step}/{n_steps}: loss {loss.item():.2f}", file=sys.stderr)
    return reader.half().float().eval()


def run_one(seed: int) -> None:
    """Train and measure one reader, unless that has been done."""
    torch.set_num_threads(1)
    result = BUILD / f"seed-{seed}.json"
    if result.exists():
        return
    reader = train(learned_texts(), seed)
    found = [shares_right(reader, window, *held_out_passages()) for window in WINDOWS]
    right = {way: [round(shares[way], DIGITS) for shares in found] for way in READINGS}
    save_halves(reader, BUILD / f"seed-{seed}.safetensors")
    result.write_text(json.dumps(right), "utf-8")
    print(f"seed {seed}: {right}", file=sys.stderr)


def how_measured() -> dict:
    """The facts of the measurement."""
    return {
        "passage_len": PASSAGE_LEN,
        "held_out": len(held_out_passages()[0]),
        "seeds": len(SEEDS),
        "steps": N_STEPS,
        "batch_size": BATCH_SIZE,
        "n_layers": reader_config().n_layers,
        "parameters": sum(each.numel() for each in BookReader(reader_config()).parameters()),
        "torch": torch.__version__,
    }


def collect() -> None:
    """Put the results together, and keep the reader of the first seed for the lab."""
    WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS.write_bytes((BUILD / f"seed-{SEEDS[0]}.safetensors").read_bytes())
    found = [json.loads((BUILD / f"seed-{seed}.json").read_text("utf-8")) for seed in SEEDS]
    before = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    stored = {
        "how": how_measured(),
        "sources": list(SOURCES),
        "windows": list(WINDOWS),
        "right": {reading: [each[reading] for each in found] for reading in READINGS},
        "times": before.get("times") or timed(),
        "shown": shown_passages(load_reader()),
    }
    FILE.write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")


def main() -> None:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    jobs = parser.parse_args().jobs
    BUILD.mkdir(parents=True, exist_ok=True)
    write_held_out()
    Parallel(jobs)(delayed(run_one)(seed) for seed in SEEDS)
    collect()


if __name__ == "__main__":
    main()
