"""Does a sink logit let a small window match full attention?  One small model for each combination.

Every sixth layer is full, as in the model of which it is said that a window of 128 with a learned
sink matches full attention, and without one does not (arXiv 2601.02780).  Here windows are as much
smaller as the texts are.

`stored_sink_question.json` holds what was measured; `training/sink_question.py` trains anew.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import torch.nn.functional as F

from swa_viz.experiments.far_tasks import TEXT_LEN, Task, texts_at
from swa_viz.experiments.fixes import (
    DISTANCES,
    N_ASKED,
    Fix,
    answered,
    asked_in,
    every_nth_full,
)
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Causal

FILE = Path(__file__).with_name("stored_sink_question.json")
WINDOWS = (4, 8)


def windows_and_full(window_size: int, sink_logits: bool) -> Fix:
    """Five layers of so small a window and a full one."""
    return Fix("", lambda _: every_nth_full(6, window_size), sink_logits=sink_logits)


COMBINATIONS: Mapping[str, Fix] = {
    "full": Fix("", lambda _: (Causal(),)),
    **{f"w{w}": windows_and_full(w, sink_logits=False) for w in WINDOWS},
    **{f"w{w}-sink": windows_and_full(w, sink_logits=True) for w in WINDOWS},
}


def mean_nats(model: Transformer, fix: Fix, task: Task) -> float:
    """The mean loss of the last answers of a task over all its distances; 0 is certainty."""
    losses = []
    for distance in DISTANCES:
        if task.nearest <= distance <= task.furthest(TEXT_LEN):
            asked = asked_in(fix, texts_at(task, distance, N_ASKED))
            logits = answered(model, fix, asked)
            losses.append(F.cross_entropy(logits, asked.answers).item())
    return round(sum(losses) / len(losses), 4)


def stored_sink_question() -> dict:
    """What was measured: how, and for each combination accuracies and losses of all seeds."""
    return json.loads(FILE.read_text("utf-8"))
