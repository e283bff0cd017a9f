"""The same ways to read further, laid on models that are trained already.

No model is trained here, so it says what happens to one that never saw the change: `tiny-swa` was
trained in windows of 32, SmolLM2 with full attention.  Hidden sentences stand two and eight windows
before their question (`stored_needle.py`), and held-out passages are read as well.  Computed once:
`python -m` this module does it.
"""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import fmean

import torch

from swa_viz.experiments.fixes import FIXES
from swa_viz.experiments.held_out import HELD_OUT
from swa_viz.experiments.keeping import Measurements, kept, measure_missing
from swa_viz.experiments.needle import answer_probabilities
from swa_viz.experiments.perplexity import bits_per_byte
from swa_viz.experiments.stored_limits import passages, rounded
from swa_viz.experiments.stored_needle import QUESTIONS, Question, hidden_at
from swa_viz.models import LanguageModel, load_model
from swa_viz.models.blocks import Block
from swa_viz.patterns import Pattern, PerHead

FILE = Path(__file__).with_suffix(".json")
MODELS_READ = ("tiny-swa", "smollm2-135m")
WINDOW = 32
FAR = (2 * WINDOW, 8 * WINDOW)
N_TOKENS = 10 * WINDOW
# What a trained model can be given: another schedule, with as many layers, and nothing to learn.
APPLIED = tuple(
    name
    for name, fix in FIXES.items()
    if fix.block is Block and not fix.sink_logits and name not in ("deeper", "mixed")
)


def schedule_for(name: str, n_layers: int) -> tuple[Pattern | PerHead, ...]:
    """The layers of that way, over as many layers as the model has.

    >>> schedule_for("five_to_one", 12)[4:7]
    (SlidingWindow(window_size=32), Causal(), SlidingWindow(window_size=32))
    """
    return replace(FIXES[name], n_layers=n_layers).layers(WINDOW)


def pyramid_over(n_layers: int) -> tuple[Pattern | PerHead, ...]:
    """The pyramid stretched over all layers, small windows below and large ones above.

    >>> [p.window_size for p in pyramid_over(12)]
    [32, 32, 32, 32, 64, 64, 64, 64, 128, 128, 256, 256]
    """
    steps = FIXES["pyramid"].layers(WINDOW)
    return tuple(steps[layer * len(steps) // n_layers] for layer in range(n_layers))


def layers_of(name: str, n_layers: int) -> tuple[Pattern | PerHead, ...]:
    """What each layer of a trained model reads."""
    return pyramid_over(n_layers) if name == "pyramid" else schedule_for(name, n_layers)


def right_share(
    model: LanguageModel, question: Question, far: int, schedule: Sequence[Pattern | PerHead]
) -> float:
    """How much of the probability of all answers the right one has, each being right in turn."""
    shares = []
    for right in question.answers:
        prompt = hidden_at(model, question, right, N_TOKENS, far).token_ids
        found = answer_probabilities(model, prompt, question.answers, schedule)
        shares.append(found[right] / sum(found.values()))
    return fmean(shares)


def measure(model: LanguageModel, name: str) -> dict:
    """The share of the right answer at both distances, and the bits per byte of held-out text."""
    schedule = layers_of(name, model.n_layers)
    shares = {
        kind: [rounded(right_share(model, question, far, schedule)) for far in FAR]
        for kind, question in QUESTIONS.items()
    }
    rows = passages(model, 1, N_TOKENS)
    return {"shares": shares, "bits_per_byte": rounded(bits_per_byte(model, rows, schedule))}


def measurements(name: str) -> Measurements:
    """What is measured on one model, by the names of the ways."""
    model = load_model(name)
    facts = {"n_layers": lambda: model.n_layers, "trained_window": lambda: model.config.window_size}
    return facts | {way: partial(measure, model, way) for way in APPLIED}


def how_computed() -> dict:
    """The facts of the measurement."""
    return {
        "window": WINDOW,
        "far": list(FAR),
        "n_tokens": N_TOKENS,
        "texts": list(HELD_OUT.values()),
        "n_answers": len(QUESTIONS["name"].answers),
        "torch": torch.__version__,
    }


def stored_pretrained() -> Mapping:
    """What was computed: {"how", "models"}."""
    return kept(FILE)


if __name__ == "__main__":
    ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    measure_missing(
        FILE, {"how": how_computed()}, {name: partial(measurements, name) for name in MODELS_READ}
    )
