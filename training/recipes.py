"""What is trained, as data: a model's sizes, its windows, its seed and how long it learns.

Two members of the family that have the same seed start from the same numbers and read the same
texts in the same order.  They differ in the window alone.

    python -m training.recipes      the names of the family's members, seed by seed
"""

from argparse import ArgumentParser
from dataclasses import dataclass, replace

import torch

from swa_viz.models.config import TransformerConfig
from swa_viz.patterns import Causal, Pattern, SlidingWindow

STREAM = 2**31  # torch looks at 32 bits of a seed


@dataclass(frozen=True)
class Recipe:
    """One training run.

    `drawn_windows` has the windows of which each batch takes one at random, None for full
    attention; if it is empty, every batch is read in the window of the config.  Held-out texts are
    measured every `measure_every` steps, and never if that is None.
    """

    config: TransformerConfig
    seed: int
    batch_size: int
    n_steps: int
    measure_every: int | None = None
    drawn_windows: tuple[int | None, ...] = ()

    def random(self, step: int, stream: int = 0) -> torch.Generator:
        """What is drawn for a step comes from here: the same for the same seed and step.

        Each stream is drawn apart, so that a window does not depend on the text that it is for.
        """
        return torch.Generator().manual_seed(stream * STREAM + self.seed * 1_000_003 + step)

    def schedule(self, step: int) -> tuple[Pattern, ...]:
        """The pattern of every layer at this step of the training.

        >>> RECIPES["family-w8"].schedule(step=5)[0]
        SlidingWindow(window_size=8)
        >>> [RECIPES["family-random"].schedule(step)[0] for step in (1, 2)]
        [SlidingWindow(window_size=32), SlidingWindow(window_size=8)]
        """
        window_size = self.config.window_size
        if self.drawn_windows:
            random = self.random(step, stream=1)
            drawn = torch.randint(len(self.drawn_windows), (), generator=random)
            window_size = self.drawn_windows[int(drawn)]
        pattern = Causal() if window_size is None else SlidingWindow(window_size)
        return (pattern,) * self.config.n_layers


TINY_SWA = Recipe(
    config=TransformerConfig(
        vocab_size=4096,
        d_model=256,
        n_layers=6,
        n_heads=8,
        n_kv_heads=4,
        d_ff=704,
        window_size=32,
        trained_len=256,
    ),
    seed=2026,
    batch_size=16,
    n_steps=6600,
    measure_every=1000,
)

# The family: small enough to train fifteen of them on a laptop.
MEMBER = Recipe(
    config=replace(
        TINY_SWA.config,
        d_model=128,
        n_layers=4,
        n_heads=4,
        n_kv_heads=2,
        d_ff=352,
        window_size=None,
    ),
    seed=0,
    batch_size=8,
    n_steps=1000,
    measure_every=None,
)
FAMILY_WINDOWS: dict[str, int | None] = {"w8": 8, "w32": 32, "w128": 128, "full": None}
DRAWN_WINDOWS = (1, 2, 4, 8, 16, 32, 64, 128, None)
KINDS = (*FAMILY_WINDOWS, "random")
FAMILY_SEEDS = (0, 1, 2)


def member_name(kind: str, seed: int) -> str:
    """The member's name; that of seed 0 is short, because it is the one that people look at.

    >>> member_name("w8", seed=0), member_name("w8", seed=2)
    ('family-w8', 'family-w8-seed2')
    """
    return f"family-{kind}" + (f"-seed{seed}" if seed else "")


def family(seed: int) -> dict[str, Recipe]:
    """The five members of one seed."""
    members = {
        kind: replace(MEMBER, seed=seed, config=replace(MEMBER.config, window_size=window_size))
        for kind, window_size in FAMILY_WINDOWS.items()
    }
    members["random"] = replace(MEMBER, seed=seed, drawn_windows=DRAWN_WINDOWS)
    return {member_name(kind, seed): recipe for kind, recipe in members.items()}


RECIPES: dict[str, Recipe] = {"tiny-swa": TINY_SWA}
for family_seed in FAMILY_SEEDS:
    RECIPES |= family(family_seed)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    print(*(name for name in RECIPES if name.startswith("family-")), sep="\n")
