"""Experiments: functions that ask a real model a question and return what was measured."""

from swa_viz.experiments.influence import Change, measured_influence, omission, perturbation

__all__ = ["Change", "measured_influence", "omission", "perturbation"]
