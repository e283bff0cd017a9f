"""Experiments: functions that ask a real model a question and return what was measured."""

from swa_viz.experiments.influence import Change, measured_influence, omission, perturbation
from swa_viz.experiments.needle import Needle, answer_probabilities, finds, hide
from swa_viz.experiments.perplexity import (
    Reading,
    bits_per_byte,
    perplexity_against_window,
    stretches,
)

__all__ = [
    "Change",
    "Needle",
    "Reading",
    "answer_probabilities",
    "bits_per_byte",
    "finds",
    "hide",
    "measured_influence",
    "omission",
    "perplexity_against_window",
    "perturbation",
    "stretches",
]
