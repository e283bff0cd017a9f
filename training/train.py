"""Train one of the small models by its recipe: tiny-swa, or a member of the window family.

    python -m training.train --texts build/texts --tokenizer build/tokenizer.json --out build/run

A window is there from the first step to the last: no layer ever reads more.  Interrupt it when you
like; the same command goes on from the last checkpoint.  The loss curve is kept in `loss.csv`.
Matrices learn by Muon (Jordan et al. 2024), the rest by AdamW; the learning rate is flat for the
first half and then falls linearly to zero.
"""

import argparse
import csv
import json
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from swa_viz.experiments import bits_per_byte, stretches
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.tokenizer import Tokenizer
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Pattern
from swa_viz.shapes import Float, Int, Tensor
from training.recipes import RECIPES, Recipe

MATRIX_RATE, OTHER_RATE, MATRIX_DECAY = 0.02, 3e-3, 0.1
CHECKPOINT_EVERY, REPORT_EVERY = 100, 20
# Everyday words first, prose at the end: WordNet's glosses teach words that the other texts hardly
# know, and leave most of the last quarter to the four texts that are read as sentences.
SHARES = {"speeches": 0.36, "moby_dick": 0.10, "bible": 0.20, "jargon": 0.12, "wordnet": 0.22}
LATE_SHARES = {"speeches": 0.38, "moby_dick": 0.14, "bible": 0.24, "jargon": 0.16, "wordnet": 0.08}
LATE = 0.75


def encode(pieces: list[str], tokenizer: Tokenizer) -> Int[Tensor, " n_tokens"]:
    """All pieces in a row, with a blank line between them."""
    encoded = tokenizer.vocabulary.encode_batch([piece + "\n\n" for piece in pieces])
    return torch.tensor([token for entry in encoded for token in entry.ids])


def new_model(recipe: Recipe) -> Transformer:
    """Small random weights; what a block adds to the stream starts at zero."""
    torch.manual_seed(recipe.seed)
    model = Transformer(recipe.config)
    start_small(model)
    return model


def start_small(model: torch.nn.Module) -> None:
    """Small random numbers in every matrix, and zeros in those that add to the stream."""
    for name, weight in model.named_parameters():
        if name.endswith(("output.weight", "down.weight")):
            torch.nn.init.zeros_(weight)
        elif weight.ndim == 2:
            torch.nn.init.normal_(weight, std=0.02)


def new_optimisers(model: Transformer) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside blocks, AdamW for embeddings and norms."""
    matrices = [w for w in model.blocks.parameters() if w.ndim == 2]
    in_blocks = {id(w) for w in matrices}
    others = [w for w in model.parameters() if id(w) not in in_blocks]
    return [
        torch.optim.Muon(matrices, lr=MATRIX_RATE, weight_decay=MATRIX_DECAY),
        torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def rate_factor(step: int, n_steps: int) -> float:
    """1 for the first half of training, then linearly down to 0.

    >>> [rate_factor(step, 100) for step in (0, 50, 75, 100)]
    [1.0, 1.0, 0.5, 0.0]
    """
    return min(1.0, 2 * (1 - step / n_steps))


def take_step(
    optimisers: Sequence[torch.optim.Optimizer],
    factor: float,
    rates: Sequence[float] = (MATRIX_RATE, OTHER_RATE),
) -> None:
    """Let each optimiser move the model down its gradients, at its rate times a factor."""
    for optimiser, rate in zip(optimisers, rates, strict=True):
        optimiser.param_groups[0]["lr"] = rate * factor
        optimiser.step()
        optimiser.zero_grad()


def save_halves(model: torch.nn.Module, path: Path) -> None:
    """Write the parameters of a model, rounded to 16 bits."""
    save_file({name: w.half().contiguous() for name, w in model.state_dict().items()}, path)


def sample_batch(
    texts: dict[str, Int[Tensor, " n_tokens"]], recipe: Recipe, step: int
) -> Int[Tensor, "batch length"]:
    """Windows of text at random places; the same ones for the same step, whoever asks."""
    random, length = recipe.random(step), recipe.config.trained_len
    shares = SHARES if step < LATE * recipe.n_steps else LATE_SHARES
    names = list(shares)
    chosen = torch.multinomial(
        torch.tensor([shares[name] for name in names]),
        recipe.batch_size,
        replacement=True,
        generator=random,
    )
    rows = []
    for index in chosen.tolist():
        tokens = texts[names[index]]
        start = int(torch.randint(len(tokens) - length - 1, (), generator=random))
        rows.append(tokens[start : start + length + 1])
    return torch.stack(rows)


def loss_of(
    model: Transformer, batch: Int[Tensor, "batch length"], layer_schedule: Sequence[Pattern]
) -> Float[Tensor, ""]:
    """Mean nats per predicted token."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(batch[:, :-1], layer_schedule)
    return F.cross_entropy(logits.float().flatten(0, 1), batch[:, 1:].flatten())


def held_out_bits(model: Transformer, pieces: list[str], tokenizer: Tokenizer) -> float:
    """Held-out bits per byte of one text, on a copy: measuring leaves the model as it is."""
    now = LanguageModel("now", deepcopy(model), tokenizer)
    rows = stretches(now, pieces, now.config.trained_len)
    return bits_per_byte(now, rows, now.native_schedule)


class Run:
    """One training run: its model, optimisers and step, and the folder that remembers them."""

    def __init__(self, recipe: Recipe, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.checkpoint = folder, folder / "checkpoint.pt"
        self.recipe, self.model, self.step = recipe, new_model(recipe), 0
        self.optimisers = new_optimisers(self.model)
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint)
            self.model.load_state_dict(state["model"])
            self.step = state["step"]
            for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(saved)

    def save(self) -> None:
        """Write a new checkpoint beside the old one, then take its place."""
        state = {
            "model": self.model.state_dict(),
            "step": self.step,
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        torch.save(state, self.checkpoint.with_suffix(".new"))
        self.checkpoint.with_suffix(".new").replace(self.checkpoint)

    def log(self, *row: object) -> None:
        """Add a line to the loss curve: step, what was measured, value."""
        with (self.folder / "loss.csv").open("a", newline="") as file:
            csv.writer(file).writerow(row)

    def learn(self, batch: Int[Tensor, "batch length"]) -> float:
        """One step of both optimisers; returns the loss in nats per token."""
        loss = loss_of(self.model, batch, self.recipe.schedule(self.step))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        take_step(self.optimisers, rate_factor(self.step, self.recipe.n_steps))
        self.step += 1
        return loss.item()


def train(run: Run, texts: dict, held_out: dict, tokenizer: Tokenizer) -> None:
    """Learn to the last step, with a line of progress, checkpoints and measurements on the way."""
    recipe, recent, since = run.recipe, [], time.monotonic()
    tokens_per_step, n_steps = recipe.batch_size * recipe.config.trained_len, recipe.n_steps
    while run.step < n_steps:
        recent.append(run.learn(sample_batch(texts, recipe, run.step)))
        if run.step % REPORT_EVERY == 0:
            speed = len(recent) * tokens_per_step / (time.monotonic() - since)
            loss = sum(recent) / len(recent)
            print(f"step {run.step}/{n_steps}  loss {loss:.3f}  {speed:,.0f} tokens/s", flush=True)
            run.log(run.step, "train nats per token", round(loss, 4))
            recent, since = [], time.monotonic()
        if run.step % CHECKPOINT_EVERY == 0 or run.step == n_steps:
            run.save()
        if recipe.measure_every and (run.step % recipe.measure_every == 0 or run.step == n_steps):
            for name, pieces in held_out.items():
                bits = held_out_bits(run.model, pieces, tokenizer)
                print(f"    {name}: {bits:.3f} held-out bits per byte", flush=True)
                run.log(run.step, f"{name} held-out bits per byte", round(bits, 4))
            since = time.monotonic()


def main() -> None:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="tiny-swa", choices=RECIPES)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, help="instead of the steps of the recipe")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = RECIPES[arguments.recipe]
    recipe = replace(recipe, n_steps=arguments.steps or recipe.n_steps)
    tokenizer = Tokenizer.from_file(arguments.tokenizer)
    pieces = {name: json.loads((arguments.texts / f"{name}.json").read_text()) for name in SHARES}
    texts = {name: encode(entry["train"], tokenizer) for name, entry in pieces.items()}
    held_out = {name: entry["held_out"] for name, entry in pieces.items()}
    train(Run(recipe, arguments.out), texts, held_out, tokenizer)


if __name__ == "__main__":
    main()
