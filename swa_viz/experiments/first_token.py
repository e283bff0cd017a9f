"""The probe that was trained to name the first token of a text: the reach as a cliff.

A text is one of `N_NAMES` names and then filler that says nothing.  At every position the probe is
asked for the name.  In a window of W tokens and with L layers no path leads further back than
L(W - 1) tokens: up to there it can learn to be right, and beyond it can only guess.
`first_token.json` holds how often probes were right, for several L, W and seeds;
`training/first_token.py` trains and measures them anew.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file

from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import SlidingWindow
from swa_viz.reach import reach
from swa_viz.shapes import Int, Tensor

FILE = Path(__file__).with_name("first_token.json")
WEIGHTS = Path(__file__).with_name("weights")
N_NAMES = 16
BEYOND = 12
N_ASKED, SEED = 1024, 1_000_000_007


def probe_config(n_layers: int, window_size: int) -> TransformerConfig:
    """The sizes of a probe; its texts go on for 12 tokens beyond what it can reach.

    >>> probe_config(n_layers=4, window_size=8).trained_len
    41
    """
    return TransformerConfig(
        vocab_size=2 * N_NAMES,
        d_model=32,
        n_layers=n_layers,
        n_heads=2,
        n_kv_heads=2,
        d_ff=64,
        window_size=window_size,
        trained_len=reach((SlidingWindow(window_size),) * n_layers) + BEYOND,
    )


def probe_file(n_layers: int, window_size: int) -> Path:
    """Where the numbers of the probe of seed 0 lie.

    >>> probe_file(n_layers=4, window_size=8).name
    'first-token-l4-w8.safetensors'
    """
    return WEIGHTS / f"first-token-l{n_layers}-w{window_size}.safetensors"


def load_probe(n_layers: int, window_size: int) -> Transformer:
    """The bundled probe, computing in float32.

    Raises FileNotFoundError if there is none of these sizes.
    """
    weights = load_file(probe_file(n_layers, window_size))
    probe = Transformer(probe_config(n_layers, window_size))
    probe.load_state_dict({name: weight.float() for name, weight in weights.items()})
    return probe.eval().requires_grad_(False)


def sample_texts(
    n_texts: int, length: int, random: torch.Generator
) -> Int[Tensor, "n_texts length"]:
    """A name, 0 to 15, and then filler, 16 to 31, which is never a name.

    >>> sample_texts(2, 5, torch.Generator().manual_seed(0))
    tensor([[12, 21, 16, 19, 27],
            [15, 19, 23, 25, 19]])
    """
    names = torch.randint(N_NAMES, (n_texts, 1), generator=random)
    filler = torch.randint(N_NAMES, 2 * N_NAMES, (n_texts, length - 1), generator=random)
    return torch.cat([names, filler], dim=1)


@torch.inference_mode()
def accuracy_by_distance(probe: Transformer) -> list[float]:
    """How often the probe names the first token, asked 0, 1, 2 ... tokens after it.

    The texts are always the same 1,024, and no training draws them.
    """
    random = torch.Generator().manual_seed(SEED)
    texts = sample_texts(N_ASKED, probe.config.trained_len, random)
    named = probe(texts).argmax(dim=-1)
    return (named == texts[:, :1]).double().mean(dim=0).tolist()


@dataclass(frozen=True)
class ProbeResult:
    """How often a probe of L layers in windows of W was right: `accuracy[distance]`."""

    n_layers: int
    window_size: int
    seed: int
    accuracy: tuple[float, ...]

    @property
    def ceiling(self) -> int:
        """The furthest distance that any path can cover: L(W - 1).

        >>> ProbeResult(n_layers=4, window_size=8, seed=0, accuracy=()).ceiling
        28
        """
        return reach((SlidingWindow(self.window_size),) * self.n_layers) - 1


@cache
def first_token_results() -> tuple[ProbeResult, ...]:
    """What was measured, as it comes with the lab."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(ProbeResult(**{**plain, "accuracy": tuple(plain["accuracy"])}) for plain in stored)
