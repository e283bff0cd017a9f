"""Does a larger window delay the layers that look far?  A small family, watched while it learns.

Three windowed layers and a full one, "LLLG", with windows of three sizes, and once more without
positions in the full layer.  All learn to recall and to copy (`far_tasks`), near and far.  The
claim is that a large window answers so much that the full layer learns late to look back
(arXiv 2606.15378).  Watched are answers that stand further back than the largest window reaches:
how often they are right, and how much of the full layer's attention lies on the deciding word.

`stored_delay.json` holds what was measured; `training/delay.py` trains and measures anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from swa_viz.attention import attention
from swa_viz.experiments.far_tasks import TASKS, WORDS, texts_at
from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.rope import Rope

FILE = Path(__file__).with_name("stored_delay.json")
TEXT_LEN = 192
WINDOWS = (8, 32, 128)
N_WINDOWED = 3
# Further back than one window of 128 reaches.
FAR = 160
N_WATCHED = 32


@dataclass(frozen=True)
class Condition:
    """A window, and whether the full layer has positions."""

    window_size: int
    positions: bool = True

    @property
    def config(self) -> TransformerConfig:
        """The sizes of the model."""
        rope = Rope(10_000.0)
        return TransformerConfig(
            vocab_size=len(WORDS),
            d_model=48,
            n_layers=N_WINDOWED + 1,
            n_heads=4,
            n_kv_heads=4,
            d_ff=96,
            window_size=None,
            trained_len=TEXT_LEN,
            layer_windows=(self.window_size,) * N_WINDOWED + (None,),
            layer_ropes=(rope,) * N_WINDOWED + (rope if self.positions else None,),
        )


CONDITIONS: Mapping[str, Condition] = {
    **{f"w{w}": Condition(w) for w in WINDOWS},
    **{f"w{w}-nope": Condition(w, positions=False) for w in WINDOWS},
}


@torch.inference_mode()
def retrieval(model: Transformer, n_texts: int = N_WATCHED) -> tuple[float, float]:
    """How often a far colour is recalled, and the largest mean weight of a head on its place.

    The weights are those of the full layer, in the row of the name that is asked for.
    """
    puzzles = texts_at(TASKS["recall"], FAR, n_texts, TEXT_LEN)
    query, source, seen = TEXT_LEN - 2, TEXT_LEN - 2 - FAR, []

    def watch(query, key, value, pattern, **terms):
        steps = attention(query, key, value, pattern, **terms)
        seen.append(steps.weights)
        return steps.output

    attends = model.attends(None, {N_WINDOWED: watch})
    logits = model.unembed(model.residual_states(model.embed(puzzles.texts), attends)[-1])
    right = logits[:, query].argmax(-1) == puzzles.texts[:, query + 1]
    on_source = seen[0][:, :, query, source].mean(0).max()
    return round(right.double().mean().item(), 4), round(on_source.item(), 4)


def stored_delay() -> dict:
    """What was measured: how, and for each condition and seed both numbers at each step."""
    return json.loads(FILE.read_text("utf-8"))
