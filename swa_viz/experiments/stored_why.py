"""Why stacked windows work: the part of depth and of rotary positions, computed once and kept.

Depth: the model predicts a token from the last n tokens alone.  More than W of them can help only
through layers, and more than the reach cannot help at all.  Positions: the model reads on from a
far position, and without any.  `python -m` this module computes it.
"""

from argparse import ArgumentParser
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from swa_viz.experiments.held_out import HELD_OUT
from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.perplexity import cost_bits, written_bytes
from swa_viz.experiments.stored_limits import passages, rounded
from swa_viz.models import LanguageModel, load_model
from swa_viz.models.transformer import Transformer
from swa_viz.reach import reach
from swa_viz.shapes import Float, Int, Tensor

FILE = Path(__file__).with_suffix(".json")
MODELS_READ = ("tiny-swa", "family-w8")
LONGEST = 256
# Of each passage every so many tokens are predicted, after the first LONGEST.
PASSAGES, PREDICTED, EVERY = 2, 512, 4
STARTS = (0, 1_000, 10_000, 100_000)
TOKENS_AT_ONCE = 8192


def contexts(model: LanguageModel) -> list[int]:
    """How many tokens the model is shown: powers of two, its window and its reach."""
    known = model.config.window_size, reach(model.native_schedule)
    return sorted({n for n in (*(2**i for i in range(9)), *known) if n <= LONGEST})


def bits_with(
    model: LanguageModel, rows: Int[Tensor, "n_rows length"], n_tokens: int, every: int = EVERY
) -> float:
    """Bits per byte of the same tokens, each predicted from the last `n_tokens` before it."""
    cut = rows[:, LONGEST - n_tokens :].unfold(1, n_tokens + 1, every).flatten(0, 1)
    bits = [
        cost_bits(model.transformer(batch[:, :-1], n_last=1)[:, 0], batch[:, -1]).double()
        for batch in cut.split(max(1, TOKENS_AT_ONCE // n_tokens))
    ]
    n_bytes = written_bytes(model, cut)[:, -1]
    return rounded((torch.cat(bits).sum() / n_bytes.sum()).item())


def without_positions(transformer: Transformer) -> Transformer:
    """The same parameters in layers that do not turn queries and keys."""
    config = replace(transformer.config, layer_ropes=(None,) * transformer.config.n_layers)
    unturned = Transformer(config)
    unturned.load_state_dict(transformer.state_dict())
    return unturned


def logits_from(
    transformer: Transformer, rows: Int[Tensor, "n_rows length"], start: int
) -> Float[Tensor, "n_rows length vocab_size"]:
    """The logits, if the first token of each row stands at the position `start`."""
    attends = transformer.attends(None, {})
    return transformer.unembed(
        transformer.residual_states(transformer.embed(rows), attends, start)[-1]
    )


def position_bits(
    model: LanguageModel, rows: Int[Tensor, "n_rows length"], start: int, turned: bool = True
) -> float:
    """Bits per byte of rows that begin at a position, or that have no positions at all."""
    transformer = model.transformer if turned else without_positions(model.transformer)
    logits = logits_from(transformer, rows[:, :-1], start)
    bits = cost_bits(logits, rows[:, 1:]).double().sum()
    return rounded((bits / written_bytes(model, rows).sum()).item())


@torch.inference_mode()
def measured(part: str, model: LanguageModel, rows: Int[Tensor, "n_rows length"]) -> object:
    """One part of what is stored."""
    short = rows[:, : LONGEST + 1]
    if part == "bits":
        return [bits_with(model, rows, n) for n in contexts(model)]
    if part == "from":
        return [position_bits(model, short, start) for start in STARTS]
    return position_bits(model, short, 0, turned=False)


def measurements(name: str) -> Measurements:
    """What is measured on one model, by the names under which it is stored."""
    model = load_model(name)
    rows = passages(model, PASSAGES, PREDICTED)
    return {
        "n_layers": lambda: model.n_layers,
        "window": lambda: model.config.window_size,
        "reach": lambda: reach(model.native_schedule),
        "contexts": lambda: contexts(model),
        **{part: partial(measured, part, model, rows) for part in ("bits", "from", "unturned")},
    }


def how_computed() -> dict:
    """The facts of the measurement."""
    return {
        "texts": list(HELD_OUT.values()),
        "tokens": len(HELD_OUT) * PASSAGES * len(range(LONGEST, PREDICTED + 1, EVERY)),
        "longest": LONGEST,
        "starts": list(STARTS),
        "torch": torch.__version__,
    }


def stored_why() -> dict:
    """What was computed: {"how", "models"}."""
    return kept(FILE)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    facts = {"how": how_computed()}
    measure_missing(FILE, facts, {name: partial(measurements, name) for name in MODELS_READ})
