"""Train the probes that name the first token of a text, and measure from where on they cannot.

    python -m training.first_token      some minutes

What the probes are asked, and what they can know, says `swa_viz/experiments/first_token.py`.  The
probes of seed 0 come with the lab.
"""

import json
from argparse import ArgumentParser
from dataclasses import asdict

import torch
import torch.nn.functional as F

from swa_viz.experiments.first_token import (
    FILE,
    ProbeResult,
    accuracy_by_distance,
    probe_config,
    probe_file,
    sample_texts,
)
from swa_viz.models.transformer import Transformer
from training.recipes import Recipe
from training.train import new_model, new_optimisers, rate_factor, save_halves, take_step

PAIRS = ((2, 4), (2, 8), (3, 6), (4, 4), (4, 8))
SEEDS = (0, 1, 2)
BATCH_SIZE, N_STEPS = 64, 300
DIGITS = 4


def train_probe(recipe: Recipe) -> Transformer:
    """A probe after all its steps, rounded to 16 bits.

    It was asked at every position, also at those that are too far from the name.
    """
    model = new_model(recipe)
    optimisers = new_optimisers(model)
    for step in range(recipe.n_steps):
        texts = sample_texts(recipe.batch_size, recipe.config.trained_len, recipe.random(step))
        names = texts[:, :1].expand_as(texts)
        F.cross_entropy(model(texts).flatten(0, 1), names.flatten()).backward()
        take_step(optimisers, rate_factor(step, recipe.n_steps))
    return model.half().float().eval()


def result_of(n_layers: int, window_size: int, seed: int) -> ProbeResult:
    """Train a probe, keep it if its seed is 0, and measure it."""
    recipe = Recipe(probe_config(n_layers, window_size), seed, BATCH_SIZE, N_STEPS)
    probe = train_probe(recipe)
    if seed == 0:
        path = probe_file(n_layers, window_size)
        path.parent.mkdir(exist_ok=True)
        save_halves(probe, path)
        path.chmod(0o644)  # safetensors writes it for its owner alone
    accuracy = tuple(round(share, DIGITS) for share in accuracy_by_distance(probe))
    return ProbeResult(n_layers, window_size, seed, accuracy)


def main() -> None:
    """Train and measure all of them."""
    torch.set_num_threads(1)
    results = []
    for n_layers, window_size in PAIRS:
        for seed in SEEDS:
            result = result_of(n_layers, window_size, seed)
            right, guessed = result.accuracy[result.ceiling], result.accuracy[result.ceiling + 1]
            print(f"L = {n_layers}, W = {window_size}, seed {seed}: {right:.0%} right at distance "
                  f"{result.ceiling}, {guessed:.0%} one token further", flush=True)  # fmt: skip
            results.append(result)
    FILE.write_text("[\n" + ",\n".join(json.dumps(asdict(r)) for r in results) + "\n]\n")


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    main()
